"""What is typed to bring something to a meeting, and to decide about it."""

from typing import Any, ClassVar

from crispy_forms_gds.layout import Field, Size
from django import forms
from django.db.models import Q

from cases.forms.parts import line
from cases.forms.sharing import box, radios
from cases.models import Category
from csp.agencies.enums import Consent, Gateway, ShareLevel
from csp.agencies.models import Partner
from csp.core.calendar import local_day
from csp.core.forms import GDSForm
from csp.core.words import date_words
from tasking.models import AgendaItem, Meeting, Referral, ReferralGroup
from tasking.services.accepting import Placing
from tasking.services.referral_subjects import Subject, names_somebody
from tasking.services.referrals import REASON_NEEDED, ReferralDetails

LONGEST_TITLE = 160
LEVELS = [
    (ShareLevel.SUMMARY, "Summary: title, what is going on, kinds, area, status. No names, notes or letters"),
    (ShareLevel.FULL, "Full: the people in it, its reports, risk, and notes for every agency"),
    (ShareLevel.CONTRIBUTE, "Full, and they may add what they know"),
]


def title_box(hint: str) -> forms.CharField:
    return forms.CharField(
        label="Title",
        help_text=hint,
        max_length=LONGEST_TITLE,
        error_messages={"required": "Enter a title without names"},
    )


def agencies_box(label: str, hint: str) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label,
        help_text=hint,
        queryset=Partner.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose agencies that are invited to the meeting"},
    )


class FindCaseForm(GDSForm):
    """Which case. It changes nothing, so it is asked with GET."""

    method = "get"
    submit_text = "Continue"
    case = forms.CharField(
        label="Case",
        help_text="Its reference, such as SV-C-26-000123",
        max_length=24,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
        error_messages={"required": "Enter the reference of the case"},
    )


class ReferForm(GDSForm):
    submit_text = "Send the referral"

    urgent = forms.BooleanField(
        label="It is urgent and cannot wait for the next meeting",
        error_messages={"required": "Tick that it is urgent, or refer it to the next meeting"},
    )
    urgent_because = box("Why can it not wait?", "Enter why it cannot wait for the next meeting", rows=2)
    where = line("Postcode or address", 300, hint="Such as: Garages behind 4 Mill Road, Didcot")
    title = title_box("What and where, without names or house numbers: agencies of the meeting read it")
    group = forms.ModelChoiceField(
        label="Which group does it belong to?",
        queryset=ReferralGroup.objects.none(),
        empty_label="Choose a group",
        error_messages={"required": "Choose the group that it belongs to"},
    )
    issue = forms.ModelChoiceField(
        label="Main kind of behaviour",
        queryset=Category.objects.none(),
        required=False,
        empty_label="None of these",
    )
    why = box("Why do you bring it to the meeting?", "Enter why you bring it to the meeting", rows=4)
    wanted = box("What do you want of the meeting?", "Enter what you want of the meeting")
    tried = box("What has been tried?", hint="By your agency and by others")
    needed_by = agencies_box("Which agencies need to see it?", "The chair decides who sees it in the end")
    gateway = forms.ChoiceField(
        label="Which law allows it?",
        choices=[("", "Choose the law"), *Gateway.choices],
        initial=Gateway.CDA_115,
        error_messages={"required": "Select the law that allows this"},
    )
    necessity = box(
        "Why is it necessary and proportionate to share it there?",
        "Enter why it is necessary and proportionate to share it",
    )
    consent = radios(
        "Does the person affected agree?", Consent.choices, "Select whether the person affected agrees"
    )
    consent_note = box("How they agreed, or why it is shared without", rows=2)
    layout: ClassVar[list[Any]] = [
        Field.checkbox("urgent"),
        Field.textarea("urgent_because"),
        Field.text("where"),
        Field.text("title"),
        Field.select("group"),
        Field.select("issue"),
        Field.textarea("why"),
        Field.textarea("wanted"),
        Field.textarea("tried"),
        Field.checkboxes("needed_by", small=True, legend_size=Size.SMALL),
        Field.select("gateway"),
        Field.textarea("necessity"),
        Field.radios("consent", small=True, legend_size=Size.SMALL),
        Field.textarea("consent_note"),
    ]

    def __init__(
        self,
        *args: Any,
        meeting: Meeting,
        partner: Partner,
        subject: Subject | None,
        late: bool,
        **kwargs: Any,
    ) -> None:
        """Without a subject a place is typed."""
        self.subject = subject
        kwargs["initial"] = first_words(subject) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if subject is not None:
            self._leave_out("where")
        else:
            self.fields["where"].required = True
            self.fields["where"].error_messages["required"] = "Enter the postcode or address of the place"
        if late:
            closed = date_words(meeting.referrals_due_on)
            self.fields["urgent"].help_text = f"Referrals to this meeting closed on {closed}"
        else:
            self._leave_out("urgent", "urgent_because")
        here = {"partnership": meeting.partnership_id}
        current = Q(retired_on=None) | Q(retired_on__gt=local_day(meeting.starts_at))
        self._offer("group", ReferralGroup.objects.filter(current, **here).order_by("position", "label"))
        self._offer("issue", Category.objects.filter(current, **here).order_by("position", "label"))
        invited = Partner.objects.filter(invited_to__in=meeting.invited.sitting())
        self._offer("needed_by", invited.exclude(pk__in=[meeting.lead_id, partner.pk]).order_by("name"))

    def _leave_out(self, *names: str) -> None:
        for name in names:
            del self.fields[name]
        rows = self.helper.layout.fields
        self.helper.layout.fields = [each for each in rows if not set(each.fields) & set(names)]

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if self.subject and self.subject.person and names_somebody(title, self.subject.person):
            raise forms.ValidationError("The title names the person. Enter one without names")
        return title

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("consent") in REASON_NEEDED and not given.get("consent_note"):
            self.add_error("consent_note", "Enter why it is shared without their consent")
        return given

    def details(self) -> ReferralDetails:
        """Of a form that is valid."""
        left_out = ("where", "urgent")
        typed = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        return ReferralDetails(**typed | {"needed_by": tuple(typed["needed_by"])})


def first_words(subject: Subject | None) -> dict[str, Any]:
    if subject is None:
        return {}
    kinds = subject.case.categories.order_by("-risk", "position") if subject.case else Category.objects.none()
    issue = kinds.values_list("pk", flat=True).first()
    return {"title": subject.suggested_title(), "issue": issue}


class AcceptForm(GDSForm):
    submit_text = "Put it on the agenda"

    title = title_box("Without names: every agency that it is tabled for reads it")
    gist = box(
        "What is going on, in two lines", "Enter what is going on", hint="Agencies prepare with this", rows=4
    )
    wanted = box("What is asked of the meeting", "Enter what is asked of the meeting")
    partners = agencies_box("Which agencies see it?", "Whoever referred it sees it in any case")
    level = radios(
        "How much of the case do they see?", LEVELS, "Select how much of the case they see", coerce=int,
        initial=ShareLevel.SUMMARY,
    )  # fmt: skip
    before = forms.ModelChoiceField(
        label="Where on the agenda?",
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label="At the end",
    )
    minutes = forms.IntegerField(
        label="Minutes for it",
        initial=10,
        min_value=1,
        max_value=240,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={
            "required": "Enter how many minutes it gets",
            "invalid": "Enter the minutes as a number, such as 10",
            "min_value": "Enter 1 minute or more",
            "max_value": "Enter 240 minutes or fewer",
        },
    )
    closed = forms.BooleanField(
        label="Take it in the closed part",
        help_text="Agencies that it is not tabled for do not learn that it is on the agenda",
        required=False,
    )
    layout: ClassVar[list[Any]] = [
        Field.text("title"),
        Field.textarea("gist"),
        Field.textarea("wanted"),
        Field.checkboxes("partners", small=True, legend_size=Size.SMALL),
        Field.radios("level", small=True, legend_size=Size.SMALL),
        Field.select("before"),
        Field.text("minutes"),
        Field.checkbox("closed"),
    ]

    def __init__(self, *args: Any, referral: Referral, items: Any, **kwargs: Any) -> None:
        needed = list(referral.needed_by.values_list("pk", flat=True))
        first = {"title": referral.title, "gist": referral.why, "wanted": referral.wanted, "partners": needed}
        kwargs["initial"] = first | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.referral = referral
        invited = Partner.objects.filter(invited_to__in=referral.meeting.invited.sitting())
        others = invited.exclude(pk__in=[referral.lead_id, referral.from_partner_id]).order_by("name")
        self.fields["partners"].queryset = others  # type: ignore[attr-defined]
        self.fields["before"].queryset = items  # type: ignore[attr-defined]
        self.fields["before"].label_from_instance = lambda item: f"Before “{item.title}”"  # type: ignore[attr-defined]
        if referral.case is None or referral.case.lead_id != referral.lead_id:
            del self.fields["level"]  # whose case it is has not agreed to more than a summary
            self.helper.layout.fields = [each for each in self.layout if "level" not in each.fields]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if self.referral.person and names_somebody(title, self.referral.person):
            raise forms.ValidationError("The title names the person. Enter one without names")
        return title

    def placing(self) -> Placing:
        """Of a form that is valid."""
        typed = dict(self.cleaned_data)
        level = ShareLevel(typed.pop("level", ShareLevel.SUMMARY))
        return Placing(**typed | {"partners": tuple(typed["partners"])}, level=level)


class DeferForm(GDSForm):
    submit_text = "Put it off"

    to_meeting = forms.ModelChoiceField(
        label="To which meeting?",
        queryset=Meeting.objects.none(),
        empty_label="Choose a meeting",
        error_messages={
            "required": "Choose the meeting",
            "invalid_choice": "Choose a later meeting of the series",
        },
    )
    reason = box("Why is it put off?", "Enter why it is put off", hint="Whoever referred it reads this")

    def __init__(self, *args: Any, meetings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_meeting"].queryset = meetings  # type: ignore[attr-defined]
        self.fields["to_meeting"].label_from_instance = lambda meeting: meeting.title  # type: ignore[attr-defined]


class DeclineForm(GDSForm):
    submit_text = "Decline it"
    reason = box("Why is it declined?", "Enter why it is declined", hint="Whoever referred it reads this")


class WithdrawForm(GDSForm):
    submit_text = "Withdraw it"
    reason = box("Why do you withdraw it?", "Enter why you withdraw it", hint="The chair reads this", rows=2)
