from typing import Any, ClassVar

from csp.agencies.models import Partnership, Term
from csp.agencies.rulebook import RuleBook
from csp.core.forms import GDSModelForm


class TermForm(GDSModelForm):
    class Meta:
        model = Term
        fields: ClassVar[list[str]] = ["key", "label"]
        labels: ClassVar[dict[str, str]] = {"key": "What is it?", "label": "What do you call it?"}

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


TERMS = RuleBook(
    slug="names",
    title="Names of things",
    explanation="What your partnership calls a thing, on pages, in letters and in reports.",
    model=Term,
    form_class=TermForm,
    columns=(("Thing", "key"), ("Your name for it", "label")),
    same=("key",),
    position=900,
)
