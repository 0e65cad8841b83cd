from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from cases.enums.timeline import TimelineKind
from csp.agencies.models import Partner
from csp.core.forms import GDSForm

NEWEST, OLDEST = "newest", "oldest"


class TimelineFilter(GDSForm):
    """Narrows the timeline. Whatever makes no sense narrows nothing."""

    method = "get"
    submit_text = ""

    kind = forms.MultipleChoiceField(
        label="What", choices=TimelineKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    agency = forms.ChoiceField(label="Agency", required=False)
    order = forms.ChoiceField(
        label="Order",
        choices=[(NEWEST, "Newest first"), (OLDEST, "Oldest first")],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: QueryDict) -> None:
        shown = data.copy()
        shown.setdefault("order", NEWEST)
        super().__init__(shown)
        self.query = data
        self.agencies: dict[str, Partner] = {}

    def offer(self, partners: Iterable[Partner]) -> None:
        """The agencies that did something in this case, as far as the reader sees."""
        found = {str(partner.pk): partner for partner in sorted(partners, key=str)}
        self.agencies = found
        choices = [(key, str(partner)) for key, partner in found.items()]
        self.fields["agency"].choices = [("", "Any"), *choices]  # type: ignore[attr-defined]

    @property
    def kinds(self) -> list[str]:
        return [kind for kind in self.query.getlist("kind") if kind in TimelineKind]

    @property
    def partner(self) -> Partner | None:
        return self.agencies.get(self.query.get("agency", ""))

    @property
    def oldest_first(self) -> bool:
        return self.query.get("order") == OLDEST

    def chips(self) -> list[dict[str, str]]:
        """What is filtered by, each with the address of the timeline without it."""
        chips = [
            {"label": str(TimelineKind(kind).label), "url": self._without("kind", kind)}
            for kind in self.kinds
        ]
        if self.partner:
            chips.append({"label": str(self.partner), "url": self._without("agency", str(self.partner.pk))})
        return chips

    def words(self) -> str:
        """For paper: what was left out."""
        return ", ".join(chip["label"] for chip in self.chips())

    def _without(self, name: str, value: str) -> str:
        query: Any = self.query.copy()
        query.setlist(name, [each for each in query.getlist(name) if each != value])
        return f"?{query.urlencode()}"
