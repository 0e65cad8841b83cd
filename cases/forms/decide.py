"""What an officer types to decide about a report: six choices, each of which opens its own questions."""

import datetime as dt
from typing import Any

from crispy_forms_gds.layout import HTML, ConditionalQuestion, ConditionalRadios, Field, Layout, Size
from django import forms

from cases.enums import ReportStatus
from cases.models import Case, Report
from cases.services.cases import cases_like
from cases.services.decisions import Verdict
from cases.services.refer import Referral
from cases.services.staff import colleagues
from cases.services.titles import suggested_title
from csp.agencies.enums import Consent, Gateway, ShareLevel
from csp.agencies.models import Partner, User
from csp.core.calendar import add_working_days, local_day
from csp.core.clocks import ClockState
from csp.core.forms import DayField, GDSForm

DAYS_TO_ACT = 10
OTHER_CASE = "other"
OUTCOMES = {
    ReportStatus.CASE_OPENED: "Open a case",
    ReportStatus.JOINED: "Join an open case",
    ReportStatus.REFERRED: "Refer it to an agency",
    ReportStatus.ADVICE: "Give advice only",
    ReportStatus.NOT_ASB: "It is not anti-social behaviour",
    ReportStatus.DUPLICATE: "It is a duplicate of another report",
}
LEVELS = [
    (ShareLevel.SUMMARY, "A summary: what kind, when and in which area"),
    (ShareLevel.FULL, "All of it, with who reported and who is named"),
    (ShareLevel.CONTRIBUTE, "All of it, and they may add to it"),
]
NEEDED: dict[str, dict[str, str]] = {
    ReportStatus.CASE_OPENED: {
        "title": "Enter a title for the case",
        "officer": "Choose who works on the case",
    },
    ReportStatus.REFERRED: {
        "partner": "Choose the agency that it goes to",
        "level": "Select how much they see",
        "gateway": "Select the law that allows this",
        "purpose": "Enter what they need it for",
        "necessity": "Enter why they need this much",
        "consent": "Select whether the person affected agrees",
        "request": "Enter what you ask them to do",
        "due_on": "Enter by when they should have done it",
    },
    ReportStatus.ADVICE: {"advice": "Enter the advice"},
}
"""What each outcome cannot do without, and what to say where it is missing."""


def box(label: str, *, hint: str = "", rows: int = 3, most: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "app-grows"})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=most, widget=widget)


class DecideForm(GDSForm):
    submit_text = "Decide"

    outcome = forms.ChoiceField(
        label="What happens with this report?",
        choices=list(OUTCOMES.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select what happens with this report",
            "invalid_choice": "Select what happens with this report",
        },
    )
    title = forms.CharField(
        label="Title of the case",
        help_text="What and where, without names or house numbers: agencies that see a summary read it",
        max_length=160,
        required=False,
    )
    officer = forms.ModelChoiceField(
        label="Who works on it", queryset=User.objects.none(), required=False, empty_label=None
    )
    join = forms.ChoiceField(label="Which case?", required=False, widget=forms.RadioSelect)
    join_reference = forms.CharField(label="Reference of the case", max_length=24, required=False)
    partner = forms.ModelChoiceField(
        label="Agency", queryset=Partner.objects.none(), required=False, empty_label="Choose an agency"
    )
    request = box("What do you ask them to do?")
    due_on = DayField(label="By when?", allow_past=False, required=False)
    level = forms.TypedChoiceField(
        label="How much do they see?", choices=LEVELS, coerce=int, required=False, widget=forms.RadioSelect
    )
    gateway = forms.ChoiceField(label="Which law allows it?", choices=Gateway.choices, required=False)
    purpose = box("What do they need it for?")
    necessity = box("Why do they need this much?", hint="Why it is necessary and proportionate")
    consent = forms.ChoiceField(
        label="Does the person affected agree?",
        choices=Consent.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    consent_note = box("Why not, or how they agreed", rows=2)
    handling = box("Handling conditions", hint="Such as: do not say who reported it", rows=2)
    advice = box("Your advice", hint="The caller gets these words, so do not name anybody")
    pointer = box("Who else can help?", hint="The caller gets these words. Leave it empty if nobody can")
    duplicate = forms.CharField(label="Reference of the other report", max_length=24, required=False)
    reason = forms.CharField(
        label="Why?",
        help_text="For your team and the record. The caller does not see it",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "app-grows"}),
        error_messages={"required": "Enter why you decide this"},
    )
    breach_reason = box("Why is this late?", rows=2)

    def __init__(self, *args: Any, report: Report, user: User, at: dt.datetime, **kwargs: Any) -> None:
        self.report, self.user, self.at = report, user, at
        reading = report.clock_reading(at)
        self.late = reading is not None and reading.state == ClockState.LATE
        self.alike = list(cases_like(report, user))
        kwargs["initial"] = self._first_values() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self._offer()
        self.helper.layout = self._layout()

    def _first_values(self) -> dict[str, Any]:
        report = self.report
        original = report.likely_duplicate_of
        seen = original and Report.objects.visible_to(self.user).filter(pk=original.pk).exists()
        return {
            "title": suggested_title(report),
            "officer": self.user.pk,
            "due_on": add_working_days(local_day(self.at), DAYS_TO_ACT),
            "gateway": Gateway.CDA_115,
            "duplicate": original.reference if original and seen else "",
        }

    def _offer(self) -> None:
        day = local_day(self.at)
        partners = Partner.objects.current(day).filter(partnership=self.report.partnership_id)
        self.fields["partner"].queryset = partners.exclude(pk=self.report.lead_id).order_by("name")  # type: ignore[attr-defined]
        self.fields["officer"].queryset = colleagues(self.report.lead, day)  # type: ignore[attr-defined]
        cases = [(case.reference, f"{case.reference}: {case.title}") for case in self.alike]
        self.fields["join"].choices = [*cases, (OTHER_CASE, "Another case")]  # type: ignore[attr-defined]
        if not self.late:
            del self.fields["breach_reason"]

    def _layout(self) -> Layout:
        join = [Field.radios("join", small=True, legend_size=Size.SMALL)] if self.alike else []
        questions = {
            ReportStatus.CASE_OPENED: [Field.text("title"), Field.select("officer")],
            ReportStatus.JOINED: [*join, Field.text("join_reference")],
            ReportStatus.REFERRED: REFERRAL_QUESTIONS,
            ReportStatus.ADVICE: [Field.textarea("advice")],
            ReportStatus.NOT_ASB: [Field.textarea("pointer")],
            ReportStatus.DUPLICATE: [Field.text("duplicate")],
        }
        opened = [
            ConditionalQuestion(OUTCOMES[outcome], *fields, preview_of(outcome))
            for outcome, fields in questions.items()
        ]
        late = [Field.textarea("breach_reason")] if self.late else []
        return Layout(Choices("outcome", *opened), Field.textarea("reason"), *late)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        outcome = given.get("outcome", "")
        for name, message in NEEDED.get(outcome, {}).items():
            if name not in self.errors and given.get(name) in (None, ""):
                self.add_error(name, message)
        if outcome == ReportStatus.JOINED:
            self._find_case(given)
        elif outcome == ReportStatus.DUPLICATE:
            self._find_original(given)
        elif outcome == ReportStatus.REFERRED:
            self._check_consent(given)
        if self.late and not given.get("breach_reason"):
            self.add_error("breach_reason", "Enter why this is late")
        return given

    def _find_case(self, given: dict[str, Any]) -> None:
        """One of those offered, or any open case that the officer may see."""
        chosen = given.get("join") or OTHER_CASE
        typed = given.get("join_reference", "").strip() if chosen == OTHER_CASE else chosen
        cases = Case.objects.visible_to(self.user).filter(partnership=self.report.partnership_id)
        given["case"] = cases.filter(reference__iexact=typed).first() if typed else None
        if given["case"] is None:
            words = f"There is no case {typed}. Check the reference" if typed else "Enter the case to join"
            self.add_error("join_reference", words)

    def _find_original(self, given: dict[str, Any]) -> None:
        typed = given.get("duplicate", "").strip()
        reports = Report.objects.visible_to(self.user).filter(partnership=self.report.partnership_id)
        given["original"] = reports.filter(reference__iexact=typed).first() if typed else None
        if given["original"] is None:
            words = f"There is no report {typed}. Check the reference" if typed else "Enter the other report"
            self.add_error("duplicate", words)

    def _check_consent(self, given: dict[str, Any]) -> None:
        if given.get("consent") in (Consent.NOT_SOUGHT, Consent.REFUSED) and not given.get("consent_note"):
            self.add_error("consent_note", "Enter why it is shared without their consent")

    def verdict(self) -> Verdict:
        """What was typed, of a form that is valid. Answers to the other choices are left out."""
        given = self.cleaned_data
        outcome = given["outcome"]
        return Verdict(
            outcome=outcome,
            reason=given["reason"],
            breach_reason=given.get("breach_reason", ""),
            title=given["title"],
            officer=given["officer"],
            case=given.get("case"),
            referral=self._referral() if outcome == ReportStatus.REFERRED else None,
            advice={ReportStatus.ADVICE: given["advice"], ReportStatus.NOT_ASB: given["pointer"]}.get(
                outcome, ""
            ),
            duplicate_of=given.get("original"),
        )

    def _referral(self) -> Referral:
        return Referral(**{name: self.cleaned_data[name] for name in REFERRAL_FIELDS})


REFERRAL_FIELDS = (
    "partner",
    "request",
    "due_on",
    "level",
    "gateway",
    "purpose",
    "necessity",
    "consent",
    "consent_note",
    "handling",
)
REFERRAL_QUESTIONS = [
    Field.select("partner"),
    Field.textarea("request"),
    Field.text("due_on"),
    Field.radios("level", small=True, legend_size=Size.SMALL),
    Field.select("gateway"),
    Field.textarea("purpose"),
    Field.textarea("necessity"),
    Field.radios("consent", small=True, legend_size=Size.SMALL),
    Field.textarea("consent_note"),
    Field.textarea("handling"),
]


class Choices(ConditionalRadios):
    """The six choices, under a question that stands out."""

    def render(self, form: Any, context: Any, *args: Any, **kwargs: Any) -> str:
        with context.push(legend_size=Size.for_legend(Size.MEDIUM)):
            drawn: str = super().render(form, context, *args, **kwargs)
        return drawn


def preview_of(outcome: str) -> HTML:
    """The words for the caller, folded away under each choice."""
    return HTML(f"{{% include 'cases/_told_preview.html' with words=told.{outcome} only %}}")


class UndoForm(GDSForm):
    submit_text = "Undo the decision"

    reason = forms.CharField(
        label="Why do you undo it?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Enter why you undo it"},
    )
