"""The one gate: who may see a record, and how much of it."""

from typing import Any, TypeVar

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.shortcuts import get_object_or_404

from csp.agencies.enums import ShareLevel
from csp.agencies.models import User

M = TypeVar("M", bound=Model)

LEVEL_VERBS = {
    ShareLevel.EXISTENCE: "know",
    ShareLevel.SUMMARY: "view",
    ShareLevel.FULL: "read",
    ShareLevel.CONTRIBUTE: "contribute",
}
"""Each level is one permission on the record: know_report, view_report, read_report, contribute_report."""


def codename(model: type[Model], level: ShareLevel) -> str:
    return f"{LEVEL_VERBS[level]}_{model._meta.model_name}"


def level_permissions(model_name: str) -> list[tuple[str, str]]:
    """For `Meta.permissions` of a shareable model. Django itself adds view_…"""
    return [
        (f"{verb}_{model_name}", f"Can {verb} {model_name}")
        for level, verb in LEVEL_VERBS.items()
        if level != ShareLevel.SUMMARY
    ]


def held_by(user: User, permission_rows: type[Model], model: type[Model], level: ShareLevel) -> Exists:
    """A permission row that opens the outer record to one of the user's groups, at `level` or above."""
    permission = Permission.objects.filter(
        codename=codename(model, level), content_type__app_label=model._meta.app_label
    ).values("pk")[:1]
    return Exists(
        permission_rows._default_manager.filter(
            content_object=OuterRef("pk"), group__in=user.partner_groups, permission=permission
        )
    )


def get_permitted(records: QuerySet[M], user: User, perm: str, **lookup: Any) -> M:
    """Return one record: 404 if `user` may not see it, 403 if they may not do `perm` to it."""
    record = get_object_or_404(records.visible_to(user), **lookup)  # type: ignore[attr-defined]
    if not user.has_perm(perm, record):
        raise PermissionDenied
    return record
