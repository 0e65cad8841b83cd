from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model

from csp.core.models.clocked import Clocked


@register()
def clocks_keep_their_constraints(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """A Meta that forgets to inherit `Clocked.Meta` would lose the clock's constraints without a word."""
    return [
        Error(
            f"{model.__name__} has lost the constraints of its clock",
            hint="Write class Meta(Clocked.Meta) with constraints = [*Clocked.Meta.constraints, …]",
            obj=model,
            id="core.E001",
        )
        for model in apps.get_models()
        if issubclass(model, Clocked) and not _clock_constraints(model) <= _constraints(model)
    ]


def _clock_constraints(model: type[Model]) -> set[str]:
    words = {"app_label": model._meta.app_label, "class": model._meta.model_name}
    return {constraint.name % words for constraint in Clocked.Meta.constraints}


def _constraints(model: type[Model]) -> set[str]:
    return {constraint.name for constraint in model._meta.constraints}
