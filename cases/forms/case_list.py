from typing import Any, ClassVar

from crispy_forms_gds.layout import Div, Field, Layout, Size
from django import forms
from django.template.loader import render_to_string

from cases.enums import ENDED as ENDED_STATUS
from cases.enums import CaseStatus, ExportFormat, Risk
from cases.services.case_list import (
    ENDED,
    ME,
    NEWEST,
    NEXT_CLOCK,
    NOBODY,
    ON_HOLD,
    PRIORITY,
    RISK_LATE,
    UPDATE_LATE,
)
from csp.agencies.models import User
from csp.core.forms import DayField, GDSForm

SORTS = {PRIORITY: "Highest priority", NEWEST: "Newest", NEXT_CLOCK: "Next clock"}
CLOCKS = {UPDATE_LATE: "Update late", RISK_LATE: "Risk review late", ON_HOLD: "On hold"}
HATE = [("yes", "Hate, in a report of the case")]


class Folded(Div):
    """What is chosen seldom, behind its title. It is open where something in it cannot be read."""

    def __init__(self, title: str, *parts: Field) -> None:
        super().__init__(*parts)
        self.title = title

    def render(self, form: Any, context: Any, *args: Any, **kwargs: Any) -> str:
        fields = self.get_rendered_fields(form, context, *args, **kwargs)
        unread = any(name in form.errors for part in self.fields for name in part.fields)
        return render_to_string("cases/_folded.html", {"title": self.title, "fields": fields, "open": unread})


def several(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


class CaseFilterForm(GDSForm):
    """Beside the list, so small and without a button of its own. What cannot be read filters nothing."""

    method = "get"
    submit_text = ""

    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Reference or words", required=False, max_length=200)
    sort = forms.ChoiceField(label="Order", required=False)
    status = several("Status")
    risk = several("Priority")
    clock = forms.ChoiceField(label="Clock", required=False)
    who = forms.ChoiceField(label="Officer", required=False)
    category = forms.ChoiceField(label="Category", required=False)
    area = forms.ChoiceField(label="Area", required=False)
    lead = forms.ChoiceField(label="Lead agency", required=False)
    shared = forms.ChoiceField(label="Shared with", required=False)
    hate = several("Marked")
    opened_from = DayField(label="Opened from", required=False)
    opened_until = DayField(label="Opened until", required=False)
    cols = several("Columns")

    layout: ClassVar[list[Any]] = [
        "tab",
        Field.text("q"),
        Field.select("sort"),
        Field.checkboxes("status", small=True, legend_size=Size.SMALL),
        Field.checkboxes("risk", small=True, legend_size=Size.SMALL),
        Field.select("clock"),
        Field.select("who"),
        Field.select("category"),
        Field.select("area"),
        Folded(
            "Agencies, dates and hate",
            Field.select("lead"),
            Field.select("shared"),
            Field.checkboxes("hate", small=True, legend_size=Size.SMALL),
            Field.text("opened_from"),
            Field.text("opened_until"),
        ),
        Folded("Columns", Field.checkboxes("cols", small=True, legend_size=Size.SMALL)),
    ]

    def __init__(
        self, data: Any, *, names: Any, user: User, tab: str, columns: dict[str, str], of_team: bool
    ) -> None:
        super().__init__(data)
        others = {pk: name for pk, name in names.officers.items() if pk != str(user.pk)}
        of_tab = [each for each in CaseStatus.choices if (each[0] in ENDED_STATUS) == (tab == ENDED)]
        offered: dict[str, Any] = {
            "sort": SORTS.items(),
            "status": of_tab,
            "risk": reversed(Risk.choices),
            "clock": {"": "Any", **CLOCKS}.items(),
            "who": {"": "Anybody", ME: "Me", NOBODY: "Nobody", **others}.items(),
            "category": {"": "Any", **names.categories}.items(),
            "area": {"": "Anywhere", **names.areas}.items(),
            "lead": {"": "Any", **names.agencies}.items(),
            "shared": {"": "Any", **names.agencies}.items(),
            "hate": HATE,
            "cols": columns.items(),
        }
        for name, choices in offered.items():
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]
        for name in self._not_offered(tab, of_team):
            del self.fields[name]
        self.helper.layout = Layout(*self._offered(self.layout))
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def _not_offered(self, tab: str, of_team: bool) -> set[str]:
        """Ended cases have one order and no clocks; an agency knows of its own share alone."""
        return ({"sort", "clock"} if tab == ENDED else set()) | (set() if of_team else {"shared", "clock"})

    def _offered(self, parts: list[Any]) -> list[Any]:
        """Without the fields that this list does not have."""
        kept = []
        for part in parts:
            if isinstance(part, Folded):
                kept.append(Folded(part.title, *self._offered(part.fields)))
            elif (part if isinstance(part, str) else part.fields[0]) in self.fields:
                kept.append(part)
        return kept


class BulkAssignForm(GDSForm):
    submit_text = "Assign cases"

    officer = forms.ChoiceField(
        label="Who shall have them?", error_messages={"required": "Choose who shall have them"}
    )
    reason = forms.CharField(label="Why (optional)", required=False, max_length=300)

    layout: ClassVar[list[Any]] = [Field.select("officer"), Field.text("reason")]

    def __init__(self, *args: Any, colleagues: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(each.pk), str(each)) for each in colleagues]
        self.fields["officer"].choices = [("", "Choose a colleague"), (NOBODY, "Nobody"), *offered]  # type: ignore[attr-defined]


class BulkChaseForm(GDSForm):
    """Nothing to fill in: the page says whom it reminds."""

    submit_text = "Send the reminders"


class ExportForm(GDSForm):
    submit_text = "Make the file"

    format = forms.ChoiceField(
        label="What kind of file?",
        choices=ExportFormat.choices,
        initial=ExportFormat.ODS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of file"},
    )

    layout: ClassVar[list[Any]] = [Field.radios("format", legend_size=Size.MEDIUM)]
