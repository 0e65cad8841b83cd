"""The room's rules as the administrator edits them: what a rule says. Its dates are the rulebook's."""

from typing import Any, ClassVar

from django import forms

from cases.models import (
    CaseOutcome,
    CaseStandard,
    Category,
    NoContactRule,
    RepeatRule,
    RoutingRule,
    TriageStandard,
)
from csp.agencies.models import Area, Partner, Partnership, User
from csp.agencies.rulebook import RuleBook
from csp.core.forms import GDSModelForm, TimeField

WEEKDAYS = [
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
]


def whole_number(label: str, least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    """A text box, as GOV.UK asks for: a number box takes scrolling for typing."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=widget, **kwargs)


class RuleForm(GDSModelForm):
    """What every form of the rulebook gets."""

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        self.partnership = partnership
        super().__init__(*args, **kwargs)


class TriageStandardForm(RuleForm):
    class Meta:
        model = TriageStandard
        fields: ClassVar[list[str]] = ["risk", "amount", "unit", "amber_percent"]
        labels: ClassVar[dict[str, str]] = {
            "risk": "Reports of which risk?",
            "unit": "Of what?",
        }

    amount = whole_number("Triage within how many?", 1, 1000)
    amber_percent = whole_number("Warn after how much of the time, in per cent?", 1, 99, initial=75)


class RepeatRuleForm(RuleForm):
    class Meta:
        model = RepeatRule
        fields: ClassVar[list[str]] = ["name", "scope", "count", "window_amount", "window_unit", "effect"]
        labels: ClassVar[dict[str, str]] = {
            "name": "Name",
            "scope": "What must be the same?",
            "window_unit": "Of what?",
            "effect": "What follows?",
        }

    count = whole_number("How many reports?", 2, 100)
    window_amount = whole_number("Within how many?", 1, 1000)


class RoutingRuleForm(RuleForm):
    class Meta:
        model = RoutingRule
        fields: ClassVar[list[str]] = [
            "position",
            "name",
            "category",
            "area",
            "weekdays",
            "from_time",
            "until_time",
            "officer",
            "partner",
        ]

    position = whole_number("Place in the order", 1, 1000, help_text="The first rule that fits is followed")
    name = forms.CharField(
        label="Name", help_text="Shown on the report, such as Didcot nights", max_length=120
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="On which days?",
        help_text="None means every day. A night belongs to the day on which it begins",
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    from_time = TimeField(label="From what time?", required=False)
    until_time = TimeField(label="Until what time?", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {"partnership": self.partnership}
        kinds = Category.objects.filter(retired_on=None, **own)
        seats = {"memberships__partner__partnership": self.partnership, "is_active": True}
        self._choose("category", "Of which kind?", kinds, "Any kind")
        self._choose("area", "In which area?", Area.objects.filter(**own), "Anywhere")
        self._choose("officer", "Which officer gets it?", User.objects.filter(**seats).distinct(), "Nobody")
        self._choose(
            "partner", "Which agency triages it?", Partner.objects.filter(**own), "The team that receives it"
        )

    def _choose(self, name: str, label: str, choices: Any, empty: str) -> None:
        field: Any = self.fields[name]
        field.label, field.queryset, field.empty_label = label, choices.order_by("pk"), empty
        field.error_messages["invalid_choice"] = "Choose one from the list"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("officer") and not given.get("partner"):
            self.add_error("officer", "Choose an officer or an agency")
        times = [given.get("from_time"), given.get("until_time")]
        if any(times) and not all(times) and not {"from_time", "until_time"} & set(self.errors):
            self.add_error("until_time" if times[0] else "from_time", "Enter both times, or none")
        return given


class CategoryForm(RuleForm):
    class Meta:
        model = Category
        fields: ClassVar[list[str]] = ["code", "label", "qualifier", "risk", "position"]

    code = forms.SlugField(
        label="Code", help_text="Short, in small letters, such as noise. Imports use it", max_length=40
    )
    position = whole_number("Place in the order", 0, 1000)


class CaseStandardForm(RuleForm):
    class Meta:
        model = CaseStandard
        fields: ClassVar[list[str]] = ["risk", "review_days", "update_days"]
        labels: ClassVar[dict[str, str]] = {"risk": "Cases of which risk?"}

    review_days = whole_number("Review risk after how many days?", 1, 366)
    update_days = whole_number("Tell the complainant how it goes after how many working days?", 1, 250)


class NoContactRuleForm(RuleForm):
    class Meta:
        model = NoContactRule
        fields: ClassVar[list[str]] = ["attempts", "wait_days"]

    attempts = whole_number("How many calls without an answer before we write?", 1, 20)
    wait_days = whole_number("How many working days do we wait after we wrote?", 1, 250)


class CaseOutcomeForm(RuleForm):
    class Meta:
        model = CaseOutcome
        fields: ClassVar[list[str]] = ["code", "label", "position"]

    code = forms.SlugField(
        label="Code", help_text="Short, in small letters, such as mediation", max_length=40
    )
    position = whole_number("Place in the order", 0, 1000)


BOOKS = (
    RuleBook(
        slug="triage-standards",
        title="Triage standards",
        explanation="How soon a report of each risk is triaged, and when its clock turns amber.",
        model=TriageStandard,
        form_class=TriageStandardForm,
        columns=(
            ("Risk", "risk"),
            ("Within", "amount"),
            ("Of what", "unit"),
            ("Amber after, per cent", "amber_percent"),
        ),
        same=("risk",),
        position=10,
    ),
    RuleBook(
        slug="repeat-rules",
        title="Repeat reports",
        explanation="How many reports in how long make a repeat, and what follows from it.",
        model=RepeatRule,
        form_class=RepeatRuleForm,
        columns=(
            ("Name", "name"),
            ("What is the same", "scope"),
            ("Reports", "count"),
            ("Within", "window_amount"),
            ("Of what", "window_unit"),
            ("What follows", "effect"),
        ),
        position=20,
    ),
    RuleBook(
        slug="routing-rules",
        title="Routing of reports",
        explanation="Who gets a new report. The first rule that fits is followed, and the report says which.",
        model=RoutingRule,
        form_class=RoutingRuleForm,
        columns=(
            ("Order", "position"),
            ("Name", "name"),
            ("Kind", "category"),
            ("Area", "area"),
            ("Days", "weekday_words"),
            ("From", "from_time"),
            ("Until", "until_time"),
            ("Officer", "officer"),
            ("Agency", "partner"),
        ),
        sort=("position",),
        position=30,
    ),
    RuleBook(
        slug="categories",
        title="Kinds of behaviour",
        explanation="What people choose from when they report, with the least risk each kind carries.",
        model=Category,
        form_class=CategoryForm,
        columns=(
            ("Label", "label"),
            ("Code", "code"),
            ("Qualifier", "qualifier"),
            ("Least risk", "risk"),
            ("Order", "position"),
        ),
        starts=None,
        ends="retired_on",
        sort=("position", "label"),
        position=40,
    ),
    RuleBook(
        slug="case-standards",
        title="Case standards",
        explanation="For cases of each risk: how often risk is reviewed and the complainant updated.",
        model=CaseStandard,
        form_class=CaseStandardForm,
        columns=(
            ("Risk", "risk"),
            ("Review risk after days", "review_days"),
            ("Update after working days", "update_days"),
        ),
        same=("risk",),
        position=50,
    ),
    RuleBook(
        slug="no-contact",
        title="When the complainant cannot be reached",
        explanation="How often we call before we write, and how long we wait before the case may be closed.",
        model=NoContactRule,
        form_class=NoContactRuleForm,
        columns=(("Calls before we write", "attempts"), ("Working days to wait", "wait_days")),
        same=("partnership",),
        position=60,
    ),
    RuleBook(
        slug="case-outcomes",
        title="Outcomes of cases",
        explanation="What came of a case. It may have several, and each is counted once.",
        model=CaseOutcome,
        form_class=CaseOutcomeForm,
        columns=(("Label", "label"), ("Code", "code"), ("Order", "position")),
        starts=None,
        ends="retired_on",
        sort=("position", "label"),
        position=70,
    ),
)
