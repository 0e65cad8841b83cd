from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from csp.agencies.models import Partner, User
from csp.core.forms import GDSForm

STATES = {
    "": "All",
    "open": "Can sign in",
    "invited": "Invited, not signed in yet",
    "disabled": "Disabled",
    "without_second_step": "Without a second step",
}


class PeopleFilter(GDSForm):
    """Narrows the list of people. Whatever makes no sense narrows nothing."""

    method = "get"
    submit_text = ""

    text = forms.CharField(label="Name or email", required=False, max_length=100)
    partner = forms.ModelChoiceField(
        label="Partner", queryset=Partner.objects.none(), required=False, empty_label="All"
    )
    state = forms.ChoiceField(label="Account", choices=list(STATES.items()), required=False)

    def __init__(self, data: QueryDict, *, partners: QuerySet[Partner]) -> None:
        super().__init__(data)
        self.query = data
        self.fields["partner"].queryset = partners.order_by("name")  # type: ignore[attr-defined]
        if len(partners) < 2:  # nothing to choose from
            del self.fields["partner"]

    @property
    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, people: Any) -> QuerySet[User]:
        wanted = self.wanted
        if text := wanted.get("text"):
            people = people.filter(Q(name__icontains=text) | Q(email__icontains=text))
        if partner := wanted.get("partner"):
            people = people.at([partner])
        return in_state(people, wanted.get("state", ""))

    def chips(self) -> list[dict[str, str]]:
        """What is filtered by, each with the address of the list without it."""
        labels = {name: str(value) for name, value in self.wanted.items()}
        if "state" in labels:
            labels["state"] = STATES[labels["state"]]
        return [{"label": label, "url": self.without(name)} for name, label in labels.items()]

    def without(self, name: str) -> str:
        query = self.query.copy()
        query.pop(name, None)
        query.pop("page", None)
        return f"?{query.urlencode()}"


def in_state(people: Any, state: str) -> QuerySet[User]:
    match state:
        case "open":
            return people.filter(is_active=True)
        case "disabled":
            return people.filter(is_active=False)
        case "invited":
            return people.invited()
        case "without_second_step":
            return people.filter(is_active=True, has_second_step=False)
        case _:
            return people
