"""What is typed to share a case, to ask for it, and to restrict it."""

import datetime as dt
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field, Size
from django import forms

from cases.models import AccessRequest, Case
from cases.services.case_sharing import REASON_NEEDED, Terms, could_be_shared_with
from cases.services.restricting import could_be_named
from csp.agencies.enums import Consent, Gateway, ShareLevel
from csp.agencies.models import Partner, SharingAgreement, User
from csp.core.calendar import add_months, end_of_day, local_day
from csp.core.forms import DayField, GDSForm

MONTHS = 6
LEVELS = [
    (ShareLevel.EXISTENCE, "Existence only: the reference and who leads it, so that they can ask for more"),
    (ShareLevel.SUMMARY, "Summary: title, what is going on, kinds, area, status. No names, notes or letters"),
    (ShareLevel.FULL, "Full: the people in it, its reports, risk, and notes for every agency"),
    (ShareLevel.CONTRIBUTE, "Full, and they may add what they know"),
]


def box(label: str, required: str = "", *, hint: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(required),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": rows, "class": "app-grows"}),
        error_messages={"required": required},
    )


def radios(label: str, choices: Any, required: str, **kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": required, "invalid_choice": required},
        **kwargs,
    )


class LevelForm(GDSForm):
    """More of a case, or less, to an agency that sees it."""

    submit_text = "Change it"
    level = radios("How much do they see?", LEVELS, "Select how much they see", coerce=int)
    purpose = box("What do they need it for?", "Enter what they need it for")
    necessity = box(
        "Why is this much necessary and proportionate?", "Enter why this much is necessary and proportionate"
    )
    layout: ClassVar[list[Any]] = [
        Field.radios("level", small=True, legend_size=Size.SMALL),
        Field.textarea("purpose"),
        Field.textarea("necessity"),
    ]


class ShareForm(LevelForm):
    submit_text = "See it as they will"
    field_order: tuple[str, ...] = ("partner", "level", "gateway", "purpose", "necessity", "consent")

    partner = forms.ModelChoiceField(
        label="With which agency?",
        queryset=Partner.objects.none(),
        empty_label="Choose an agency",
        error_messages={
            "required": "Choose the agency to share it with",
            "invalid_choice": "Choose an agency of this partnership",
        },
    )
    gateway = forms.ChoiceField(
        label="Which law allows it?",
        choices=[("", "Choose the law"), *Gateway.choices],
        error_messages={"required": "Select the law that allows this"},
    )
    consent = radios(
        "Does the person affected agree?", Consent.choices, "Select whether the person affected agrees"
    )
    consent_note = box("How they agreed, or why it is shared without", rows=2)
    agreement = forms.ModelChoiceField(
        label="Which information-sharing agreement do you rely on?",
        queryset=SharingAgreement.objects.none(),
        required=False,
        empty_label="None",
    )
    handling = box("Handling conditions", hint="Such as: do not say who reported it", rows=2)
    until = DayField(
        label="Until when?",
        help_text="The last day they see it. Leave it empty if it stays open until somebody ends it",
        required=False,
        future=True,
    )
    layout: ClassVar[list[Any]] = [
        Field.select("partner"),
        Field.radios("level", small=True, legend_size=Size.SMALL),
        Field.select("gateway"),
        Field.textarea("purpose"),
        Field.textarea("necessity"),
        Field.radios("consent", small=True, legend_size=Size.SMALL),
        Field.textarea("consent_note"),
        Field.select("agreement"),
        Field.textarea("handling"),
        Field.text("until"),
    ]

    def __init__(
        self, *args: Any, case: Case, at: dt.datetime, asked: AccessRequest | None = None, **kwargs: Any
    ) -> None:
        self.at, today = at, local_day(at)
        first = {"gateway": Gateway.CDA_115, "until": add_months(today, MONTHS)}
        kwargs["initial"] = first | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        partners = Partner.objects.filter(partnership=case.partnership_id).order_by("name")
        agreements = SharingAgreement.objects.filter(partnership=case.partnership_id).order_by("title")
        field = self.fields["partner"]
        field.queryset = partners  # type: ignore[attr-defined]
        offered = could_be_shared_with(case, today, asked)
        field.choices = [("", field.empty_label), *((each.pk, str(each)) for each in offered)]  # type: ignore[attr-defined]
        self.fields["agreement"].queryset = agreements  # type: ignore[attr-defined]

    def clean_until(self) -> dt.date | None:
        until: dt.date | None = self.cleaned_data["until"]
        if until is not None and end_of_day(until) <= self.at:
            raise forms.ValidationError("The share must end in the future")
        return until

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("consent") in REASON_NEEDED and not given.get("consent_note"):
            self.add_error("consent_note", "Enter why it is shared without their consent")
        return given

    def terms(self) -> Terms:
        """Of a form that is valid. A share lasts to the end of the day that was typed."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "until"}
        until = self.cleaned_data["until"]
        given["level"] = ShareLevel(given["level"])
        return Terms(**given, ends_at=end_of_day(until) if until else None)


class EndShareForm(GDSForm):
    submit_text = "End the share"
    reason = box("Why does it end?", "Enter why it ends", rows=2)


class AskForm(GDSForm):
    submit_text = "Ask for access"
    level = radios("How much do you need to see?", LEVELS[1:], "Select how much you need to see", coerce=int)
    why = box("Why do you need it?", "Enter why you need it", hint="The team that leads the case reads this")
    layout: ClassVar[list[Any]] = [
        Field.radios("level", small=True, legend_size=Size.SMALL),
        Field.textarea("why"),
    ]


class DeclineForm(GDSForm):
    submit_text = "Decline"
    answer = box("Why not?", "Enter why you decline", hint="The agency that asked reads this")


class NameForm(GDSForm):
    submit_text = "Name them"
    person = forms.ModelChoiceField(
        label="Who else may see it?",
        help_text="People who do casework for an agency that holds the case",
        queryset=User.objects.none(),
        empty_label="Choose a person",
        error_messages={"required": "Choose a person"},
    )
    reason = box("Why do they need to see it?", "Enter why they need to see it", rows=2)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class RestrictForm(GDSForm):
    submit_text = "Restrict the case"
    reason = box(
        "Why is it restricted?",
        "Enter why it is restricted",
        hint="Such as: a colleague is in it. The people named read this",
        rows=2,
    )
    people = forms.ModelMultipleChoiceField(
        label="Who may see it besides you?",
        help_text="You are named yourself. Everybody else is closed out at once, wherever they work",
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    layout: ClassVar[list[Any]] = [
        Field.textarea("reason"),
        Field.checkboxes("people", small=True, legend_size=Size.SMALL),
    ]

    def __init__(self, *args: Any, case: Case, user: User, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = could_be_named(case, local_day(at)).exclude(pk=user.pk)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


class LiftForm(GDSForm):
    submit_text = "Lift the restriction"
    reason = box("Why may everybody see it again?", "Enter why the restriction is lifted", rows=2)


class BreakGlassForm(GDSForm):
    submit_text = "Open it for 24 hours"
    reason = box(
        "What is the emergency?", "Enter why you must open it now", hint="Your manager is told at once"
    )
