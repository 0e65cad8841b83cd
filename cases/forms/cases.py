"""What is typed into the small forms of a case: its words, where it stands, who works on it."""

import json
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field
from django import forms
from django.db.models import Q
from django.utils import timezone

from cases.enums import CaseLinkKind, CaseStatus
from cases.forms.incidents import CategoriesField
from cases.forms.parts import line
from cases.models import Case, Category
from cases.services.case_edits import CaseDetails, prints_of
from cases.services.hand_overs import takers
from cases.services.staff import colleagues
from cases.services.statuses import next_stages
from csp.agencies.enums import AreaKind
from csp.agencies.models import Area, Partner, User
from csp.core.forms import DayField, GDSForm

LONGEST_SUMMARY, LONGEST_REASON = 5_000, 2_000
NO_SUCH_CASE = "There is no case with this reference that you can see. Check it and try again"


def why(label: str, missing: str, *, hint: str = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "class": "app-grows"}),
        error_messages={"required": missing},
    )


class EditCaseForm(GDSForm):
    submit_text = "Save changes"

    title = forms.CharField(
        label="Title",
        help_text="What and where, without names or house numbers: agencies that see a summary read it",
        max_length=160,
        error_messages={"required": "Enter a title"},
    )
    summary = forms.CharField(
        label="What is going on",
        help_text="Without names: every agency that the case is shared with reads this",
        required=False,
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 5, "class": "app-grows"}),
    )
    categories = CategoriesField(
        label="Kind",
        help_text="Tick all that apply",
        queryset=Category.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one kind"},
    )
    where = line("Postcode or address", 300, hint="Only agencies that see the case in full read this")
    area = forms.ModelChoiceField(
        label="Ward or local area",
        help_text="Found from the postcode where there is one",
        queryset=Area.objects.none(),
        required=False,
        empty_label="Not known",
    )
    referring_partner = forms.ModelChoiceField(
        label="Agency that it came from",
        queryset=Partner.objects.none(),
        required=False,
        empty_label="None",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    layout: ClassVar[list[Any]] = [
        Field("title"),
        Field("summary"),
        Field.checkboxes("categories", small=True),
        Field("where"),
        Field("area"),
        Field("referring_partner"),
        Field("seen"),
    ]

    def __init__(self, *args: Any, case: Case, details: CaseDetails, **kwargs: Any) -> None:
        super().__init__(*args, initial=initial_of(details), **kwargs)
        here = {"partnership": case.partnership_id}
        kinds = Q(retired_on=None) | Q(pk__in=[each.pk for each in details.categories])
        self._offer("categories", Category.objects.filter(kinds, **here).order_by("position", "label"))
        self.fields["categories"].required = bool(details.categories)
        places = Area.objects.filter(kind__in=(AreaKind.LOCAL_AREA, AreaKind.WARD), **here)
        self._offer("area", places.select_related("parent").order_by("name"))
        members = Partner.objects.current(timezone.localdate()) | Partner.objects.filter(
            pk=case.referring_partner_id or 0
        )
        self._offer("referring_partner", members.filter(**here).order_by("name"))

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def details(self) -> CaseDetails:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return CaseDetails(**typed | {"categories": tuple(typed["categories"])})


def initial_of(details: CaseDetails) -> dict[str, Any]:
    return {
        "title": details.title,
        "summary": details.summary,
        "categories": [category.pk for category in details.categories],
        "where": details.where,
        "area": details.area and details.area.pk,
        "referring_partner": details.referring_partner and details.referring_partner.pk,
        "seen": seen_of(details),
    }


def seen_of(details: CaseDetails) -> str:
    """What the editor has before them, for the form to bring back."""
    return json.dumps(prints_of(details))


class MoveForm(GDSForm):
    submit_text = "Move it on"

    to = forms.ChoiceField(
        label="Where does the work stand now?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select where the work stands"},
    )
    reason = why("Why?", "Enter why it moves on")

    layout: ClassVar[list[Any]] = [Field.radios("to"), Field("reason")]

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (stage, CaseStatus(stage).label) for stage in next_stages(case)
        ]


class HoldForm(GDSForm):
    submit_text = "Put it on hold"

    reason = why("Why is it put on hold?", "Enter why it is put on hold")
    until = DayField(
        label="When will somebody look at it again?",
        allow_past=False,
        error_messages={"required": "Enter when somebody looks at it again"},
    )

    layout: ClassVar[list[Any]] = [Field("reason"), Field("until")]


class ReasonForm(GDSForm):
    """One box and a button, in the words of the page that asks."""

    reason = why("Why?", "Enter why")

    def __init__(self, *args: Any, label: str, missing: str, submit: str, **kwargs: Any) -> None:
        self.submit_text = submit
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].error_messages["required"] = missing


class OfficerField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AssignForm(GDSForm):
    submit_text = "Give it to them"

    officer = OfficerField(
        label="Who works on it?",
        queryset=User.objects.none(),
        empty_label="Choose somebody",
        error_messages={"required": "Choose who works on it"},
    )
    reason = why("Why?", "", required=False, hint="Optional")

    layout: ClassVar[list[Any]] = [Field("officer"), Field("reason")]

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = colleagues(case.lead, timezone.localdate()).exclude(pk=case.officer_id or 0)
        if case.restricted:
            people = people.filter(pk__in=[each.pk for each in takers(case, case.lead, timezone.localdate())])
        self.fields["officer"].queryset = people  # type: ignore[attr-defined]


class ReferenceForm(GDSForm):
    submit_text = "Save"

    reference = forms.CharField(
        label="Our reference",
        help_text="As your own system calls it. Leave it empty to take it away",
        max_length=60,
        required=False,
    )

    layout: ClassVar[list[Any]] = [Field("reference")]


class OtherCaseForm(GDSForm):
    """Another case, by its reference. To somebody who may not see it, it is not there."""

    submit_text = "Continue"

    other = forms.CharField(
        label="Reference of the other case",
        help_text="Such as SV-C-26-000071",
        max_length=24,
        error_messages={"required": "Enter the reference of the other case"},
    )

    layout: ClassVar[list[Any]] = [Field("other")]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_other(self) -> Case:
        reference = self.cleaned_data["other"].strip().upper()
        found = Case.objects.visible_to(self.user).filter(reference=reference).first()
        if found is None:
            raise forms.ValidationError(NO_SUCH_CASE)
        return found


class LinkForm(OtherCaseForm):
    submit_text = "Link them"

    kind = forms.ChoiceField(
        label="How do they belong together?",
        choices=[
            (CaseLinkKind.RELATED, "They are related"),
            (CaseLinkKind.PARENT, "This case is part of the other one"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select how they belong together"},
    )
    why = line("Why?", 300, hint="Without names: agencies that see both cases read this")

    layout: ClassVar[list[Any]] = [Field("other"), Field.radios("kind"), Field("why")]


class HandOverForm(GDSForm):
    submit_text = "Ask them"

    to_partner = forms.ModelChoiceField(
        label="Which agency should lead it?",
        queryset=Partner.objects.none(),
        empty_label="Choose an agency",
        error_messages={"required": "Choose the agency that should lead it"},
    )
    reason = why(
        "Why should they lead it?",
        "Enter why they should lead it",
        hint="They read this before they see the case, so do not name anybody",
    )

    layout: ClassVar[list[Any]] = [Field("to_partner"), Field("reason")]

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Partner.objects.current(timezone.localdate()).filter(partnership=case.partnership_id)
        self.fields["to_partner"].queryset = others.exclude(pk=case.lead_id).order_by("name")  # type: ignore[attr-defined]


class AnswerForm(GDSForm):
    submit_text = "Send the answer"
    ACCEPT, TAKE, DECLINE = "accept", "take", "decline"

    decision = forms.ChoiceField(
        label="Do you take it over?",
        choices=[
            (TAKE, "Yes, and I work on it"),
            (ACCEPT, "Yes, and we choose later who works on it"),
            (DECLINE, "No"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you take it over"},
    )
    answer = why("What do you tell them?", "Enter what you tell them", hint="Do not name anybody")

    layout: ClassVar[list[Any]] = [Field.radios("decision"), Field("answer")]
