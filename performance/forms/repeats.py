from typing import Any

from django import forms

from performance.forms.hotspots import Choices, MonthsFilter

LEAST = [("2", "2 or more"), ("3", "3 or more"), ("5", "5 or more"), ("10", "10 or more")]
USUAL_LEAST = "2"
AFFECTED, SUBJECTS = "affected", "subjects"
SIDES = [(AFFECTED, "Who it happened to"), (SUBJECTS, "Who it is about")]


class RepeatsFilter(MonthsFilter):
    """Of which months, and how often is often."""

    least = forms.ChoiceField(label="Reports", required=False, choices=LEAST)
    side = forms.ChoiceField(label="People", required=False, choices=SIDES)
    category = forms.ChoiceField(label="Category", required=False)

    field_order = ("first", "last", "side", "least", "category")

    def __init__(self, data: Any, *, categories: Choices, of_people: bool, **months: Any) -> None:
        given = data.copy()
        given.setdefault("least", USUAL_LEAST)
        super().__init__(given, **months)
        self.fields["category"].choices = [("", "All"), *categories]  # type: ignore[attr-defined]
        if not of_people:
            del self.fields["side"]
        self.is_valid()

    @property
    def least_number(self) -> int:
        return int(self.cleaned_data.get("least") or USUAL_LEAST)

    @property
    def of_subjects(self) -> bool:
        return self.cleaned_data.get("side") == SUBJECTS
