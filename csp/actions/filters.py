import datetime as dt
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.db.models import Q, QuerySet

from csp.actions.forms import partners_now
from csp.actions.models import Action
from csp.agencies.enums import CASEWORK_ROLES
from csp.agencies.models import Partner
from csp.core.forms import GDSForm

AGENCY, ME, ASKED = "agency", "me", "asked"
WHOSE = [(AGENCY, "For my agency"), (ME, "For me"), (ASKED, "Asked by my agency of others")]


class ActionFilter(GDSForm):
    """The filters beside the list. What cannot be read is left out, not refused."""

    method = "get"
    submit_text = ""

    whose = forms.ChoiceField(label="Show", choices=WHOSE, required=False, widget=forms.RadioSelect)
    partner = forms.ModelChoiceField(
        Partner.objects.none(), label="Other agency", required=False, empty_label="Any agency"
    )
    words = forms.CharField(label="Words or reference", required=False, max_length=100)

    def __init__(self, request: Any) -> None:
        data = request.GET.copy()
        data.setdefault("whose", AGENCY)
        super().__init__(data)
        self.request = request
        partnership = getattr(request, "partnership", None)
        self.fields["partner"].queryset = partners_now(partnership.pk if partnership else 0)  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def whose_chosen(self) -> str:
        return self.cleaned_data.get("whose") or AGENCY

    def apply(self, actions: QuerySet[Action]) -> QuerySet[Action]:
        """Cut to the partners for whom the user does casework in the partnership they work in."""
        ours = {seat.partner_id for seat in self.request.user.seats if self._is_ours(seat)}
        other = self.cleaned_data.get("partner")
        if self.whose_chosen == ASKED:
            actions = actions.asked_by_partners(ours)  # type: ignore[attr-defined]
            found = actions.filter(owner=other) if other else actions
        else:
            actions = actions.owned_by(ours)  # type: ignore[attr-defined]
            actions = actions.filter(person=self.request.user) if self.whose_chosen == ME else actions
            found = actions.filter(lead=other) if other else actions
        if words := self.cleaned_data.get("words"):
            found = found.filter(Q(text__icontains=words) | Q(reference__iexact=words))
        return found

    def _is_ours(self, seat: Any) -> bool:
        partnership = getattr(self.request, "partnership", None)
        return seat.role in CASEWORK_ROLES and seat.partner.partnership_id == (partnership and partnership.pk)

    def chips(self) -> list[dict[str, str]]:
        """Each filter that is set, and the list without it."""
        shown = [("whose", dict(WHOSE)[self.whose_chosen], self.whose_chosen != AGENCY)]
        shown += [
            (name, str(self.cleaned_data.get(name)), bool(self.cleaned_data.get(name)))
            for name in ("partner", "words")
        ]
        return [{"label": label, "url": self.url(**{name: ""})} for name, label, is_set in shown if is_set]

    def url(self, **changes: str) -> str:
        """The list from its first page, with these parameters instead."""
        query = self.request.GET.copy()
        for name in ("after", "before", *changes):
            query.pop(name, None)
        query.update({name: value for name, value in changes.items() if value})
        return f"?{query.urlencode()}"


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    empty: str
    order: tuple[str, ...] = ("due_on", "pk")

    def apply(self, actions: Any, today: dt.date) -> QuerySet[Action]:
        sunday = today + dt.timedelta(days=6 - today.weekday())
        match self.name:
            case "late":
                return actions.late(today)
            case "week":
                return actions.due_by(sunday).filter(due_on__gte=today)
            case "done":
                return actions.ended()
            case _:
                return actions.outstanding()

    @classmethod
    def chosen(cls, name: str | None) -> Self:
        return next((tab for tab in TABS if tab.name == name), TABS[0])  # type: ignore[return-value]


TABS = [
    Tab("open", "All open", "No open actions"),
    Tab("late", "Late", "No late actions"),
    Tab("week", "Due this week", "No actions are due this week"),
    Tab("done", "Done", "No actions are done yet", ("-ended_at", "-pk")),
]
