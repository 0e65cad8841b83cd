"""What an officer types when a power is served, extended, appealed, breached or ended."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from crispy_forms_gds.layout import Field, Layout, Size
from django import forms

from cases.enums import (
    GIVEN_ONCE,
    MADE_IN_COURT,
    TIMED_TO_THE_MINUTE,
    BreachResponse,
    InterventionKind,
    PowerLimit,
    ServiceMethod,
)
from cases.forms.parts import text_box
from cases.models import Evidence, Intervention, InterventionCondition
from cases.services.breaches import BreachDetails
from cases.services.cases import children
from cases.services.interventions import LimitsBroken, PowerRefused, Served, rules_for
from csp.agencies.models import User
from csp.core.calendar import end_of_day, local_day, start_of_day
from csp.core.errors import RuleBroken
from csp.core.forms import DayField, GDSForm, MomentField
from csp.core.forms.words import speak_plainly
from csp.core.words import date_words

KIND = InterventionKind
REASON = "limits_reason"
SHOWN_AT: dict[str, str] = {
    PowerLimit.LONGEST: "ends_at",
    PowerLimit.LONGEST_EXTENDED: "ends_at",
    PowerLimit.LONGEST_UNDER_18: "ends_at",
    PowerLimit.SHORTEST: "ends_at",
    PowerLimit.SHORTEST_UNDER_18: "ends_at",
    PowerLimit.LAPSES: "ends_at",
    PowerLimit.REVIEW: "review_on",
    PowerLimit.REVIEW_UNDER_18: "review_on",
    PowerLimit.HEARING: "hearing_at",
    PowerLimit.PENALTY: "penalty",
    PowerLimit.APPEAL: "appealed_on",
}


def needed_box(label: str, missing: str, *, hint: str = "") -> forms.CharField:
    field = text_box(label, hint=hint)
    field.required, field.error_messages["required"] = True, missing
    return field


def pounds(label: str) -> forms.DecimalField:
    box = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"})
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        widget=box,
        error_messages={"invalid": "Enter an amount in pounds, like 75 or 99.50"},
    )


class StepForm(GDSForm):
    """One step of a power. Limits that only warn open a box for the reason."""

    limits_reason = text_box(
        "Why do you go on all the same?", hint="It is kept with the power, beside the limit"
    )

    def __init__(self, *args: Any, power: Intervention, user: User, at: dt.datetime, **kwargs: Any) -> None:
        self.power, self.user, self.at = power, user, at
        super().__init__(*args, **kwargs)
        self.fit()
        shown = [name for name in self.fields if name != REASON]
        reason = [REASON] if self.is_bound and self.data.get(REASON, "").strip() else []
        self.helper.layout = self.arrange(shown + reason)

    def fit(self) -> None:
        """Keep what this power needs, and offer what there is to choose."""

    def arrange(self, names: list[str]) -> Layout:
        return Layout(*(self._place(name) for name in names))

    def _place(self, name: str) -> Any:
        widget = self.fields[name].widget
        if isinstance(widget, forms.RadioSelect):
            return Field.radios(name, small=True, legend_size=Size.SMALL)
        if isinstance(widget, forms.Select):
            return Field.select(name)
        return Field(name)

    def values(self) -> dict[str, Any]:
        """What the service is told."""
        raise NotImplementedError

    def reason(self) -> str:
        return self.cleaned_data[REASON]

    def refuse(self, problem: RuleBroken) -> None:
        if isinstance(problem, LimitsBroken):
            for each in problem.problems:
                field = SHOWN_AT.get(each.limit)
                self.add_error(field if field in self.fields else None, str(each))
            if problem.may_pass:
                self.add_error(REASON, "Enter why, or change what is above")
                if REASON not in [pointer.name for pointer in self.helper.layout.get_field_names()]:
                    self.helper.layout.append(Field(REASON))
            return
        field = problem.field if isinstance(problem, PowerRefused) else ""
        self.add_error(field if field in self.fields else None, str(problem))


class ServeForm(StepForm):
    submit_text = "Record as served"

    served_at = MomentField(label="When was it served?", allow_future=False)
    service_method = forms.ChoiceField(
        label="How?", choices=ServiceMethod.choices, widget=forms.RadioSelect,
        error_messages={"required": "Select how it was served"},
    )  # fmt: skip
    served_to = forms.CharField(
        label="To whom?",
        help_text="Who took it, such as: himself, his mother, the company secretary",
        max_length=160,
        required=False,
    )
    starts_at = DayField(
        label="First day", help_text="Leave it empty if it starts when it is served", required=False
    )
    ends_at = DayField(label="Last day", help_text="That day counts", required=False)
    hearing_at = MomentField(label="When does the court hear it?", required=False)
    review_on = DayField(label="When is it reviewed?", required=False)
    penalty = pounds("Fixed penalty, in pounds")

    def fit(self) -> None:
        kind, fields = self.power.kind, self.fields
        if kind in TIMED_TO_THE_MINUTE:
            fields["starts_at"] = MomentField(
                label="When does it start?", help_text=fields["starts_at"].help_text, required=False
            )
            fields["ends_at"] = MomentField(label="When does it end?", required=False)
            speak(self, "starts_at", "ends_at")
        if kind == KIND.FIXED_PENALTY:
            fields["starts_at"] = DayField(label="Day of the offence", allow_future=False)
            fields["starts_at"].error_messages["required"] = "Enter the day of the offence"
            fields["penalty"].required = True
            fields["penalty"].error_messages["required"] = "Enter the amount of the fixed penalty"
        if kind in MADE_IN_COURT:
            fields["served_at"].label, self.initial["service_method"] = "When did the court make it?", "court"
        elif kind == KIND.VERBAL_WARNING:
            self.initial["service_method"] = "spoken"
        elif any(rule.limit == PowerLimit.LAPSES for rule in rules_for(self.power, local_day(self.at))):
            fields["ends_at"].help_text = "That day counts. Left empty, it lapses as the limits say"
        once, timed = kind in GIVEN_ONCE, kind in TIMED_TO_THE_MINUTE
        unused = {
            "starts_at": once and kind != KIND.FIXED_PENALTY,
            "ends_at": once,
            "hearing_at": kind != KIND.CLOSURE_NOTICE,
            "review_on": once or timed,
            "penalty": kind != KIND.FIXED_PENALTY,
        }
        for name in [name for name, leave in unused.items() if leave]:
            del fields[name]
        self.order_fields(["served_at", "service_method", "served_to", "starts_at", "ends_at", *unused])

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        served = Served(
            served_at=given["served_at"],
            service_method=given["service_method"],
            served_to=given["served_to"],
            starts_at=self._start(given.get("starts_at"), given["served_at"]),
            ends_at=last_moment_of(given.get("ends_at")),
            hearing_at=given.get("hearing_at"),
            review_on=given.get("review_on"),
            penalty=given.get("penalty"),
        )
        return {"served": served, "reason": self.reason()}

    def _start(self, typed: Any, served_at: dt.datetime) -> dt.datetime | None:
        if typed is None or isinstance(typed, dt.datetime):
            return typed
        same_day = typed == local_day(served_at) and self.power.kind != KIND.FIXED_PENALTY
        return served_at if same_day else start_of_day(typed)


def speak(form: GDSForm, *names: str) -> None:
    """Messages of fields that came in after the form was made."""
    for name in names:
        field: Any = form.fields[name]
        speak_plainly(field, name)


def last_moment_of(typed: Any) -> dt.datetime | None:
    """A last day counts until midnight; a moment is what it says."""
    return typed if typed is None or isinstance(typed, dt.datetime) else end_of_day(typed)


class ExtendForm(StepForm):
    submit_text = "Extend it"

    ends_at = DayField(label="New last day", help_text="That day counts")
    why = needed_box(
        "Why is it extended, and who decided it?", "Enter why it is extended, and who decided it"
    )

    def fit(self) -> None:
        if self.power.kind in TIMED_TO_THE_MINUTE:
            self.fields["ends_at"] = MomentField(label="New end")
            speak(self, "ends_at")
            self.order_fields(["ends_at", "why"])

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        ends_at = last_moment_of(given["ends_at"])
        return {"ends_at": ends_at, "why": given["why"], "reason": self.reason()}


class AppealForm(StepForm):
    submit_text = "Record the appeal"

    appealed_on = DayField(label="When was the appeal lodged?", allow_future=False)

    def values(self) -> dict[str, Any]:
        return {"appealed_on": self.cleaned_data["appealed_on"], "reason": self.reason()}


class ResultForm(StepForm):
    submit_text = "Record the result"

    stands = forms.ChoiceField(
        label="What did the court decide?",
        choices=[("stands", "It stands, as it was or changed"), ("quashed", "It is quashed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the court decided"},
    )
    on = DayField(label="When?", allow_future=False)
    result = needed_box("In words", "Enter what the court said")

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"stands": given["stands"] == "stands", "on": given["on"], "result": given["result"]}


class ReviewForm(StepForm):
    submit_text = "Record the review"

    found = needed_box("What did the review find?", "Enter what the review found")
    next_on = DayField(label="Next review", help_text="Leave it empty if there is none", required=False)

    def values(self) -> dict[str, Any]:
        return {"found": self.cleaned_data["found"], "next_on": self.cleaned_data["next_on"]}


class EndForm(StepForm):
    submit_text = "End it"

    on = DayField(label="When did it end?", allow_future=False)
    outcome = needed_box(
        "What came of it?", "Enter what came of it", hint="Such as: kept to, no further reports"
    )

    def values(self) -> dict[str, Any]:
        return {"on": self.cleaned_data["on"], "outcome": self.cleaned_data["outcome"]}


class WithdrawForm(StepForm):
    submit_text = "Withdraw it"

    on = DayField(label="When was it withdrawn?", allow_future=False)
    why = needed_box("Why?", "Enter why it is withdrawn")

    def values(self) -> dict[str, Any]:
        return {"on": self.cleaned_data["on"], "why": self.cleaned_data["why"]}


class BreachForm(StepForm):
    submit_text = "Record the breach"

    token = forms.UUIDField(widget=forms.HiddenInput)
    condition = forms.ModelChoiceField(
        label="Which condition was broken?",
        queryset=InterventionCondition.objects.none(),
        required=False,
        empty_label="Another, or none of these",
    )
    happened_on = DayField(label="When did it happen?", allow_future=False)
    what = needed_box("What happened?", "Enter what happened")
    evidence = forms.ModelChoiceField(
        label="Evidence on this case that shows it",
        queryset=Evidence.objects.none(),
        required=False,
        empty_label="None yet",
    )
    response = forms.ChoiceField(
        label="What was done about it?",
        choices=BreachResponse.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what was done about it"},
    )
    penalty = pounds("Fixed penalty, in pounds")

    def fit(self) -> None:
        fields: Any = self.fields
        self.initial.setdefault("token", uuid.uuid4())
        fields["condition"].queryset = self.power.conditions.order_by("position")
        if not self.power.conditions.exists():
            del fields["condition"]
        evidence = children(Evidence, self.power.case, self.user).order_by("-obtained_on", "-pk")
        fields["evidence"].queryset = evidence
        fields["evidence"].label_from_instance = evidence_words

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("happened_on", "what", "response", "condition", "evidence", "penalty")
        told: dict[str, Any] = {name: given.get(name) for name in names}
        details = BreachDetails(**told)
        return {"details": details, "token": given["token"], "reason": self.reason()}


MOST_WORDS = 60


def evidence_words(evidence: Evidence) -> str:
    words = evidence.description
    short = words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS].rstrip()}…"
    return f"{evidence.get_kind_display()}, {date_words(evidence.obtained_on)}: {short}"
