from itertools import groupby
from typing import Any, ClassVar

from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field, Layout
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from csp.actions.enums import Answer
from csp.actions.models import Action
from csp.agencies.enums import CASEWORK_ROLES
from csp.agencies.models import Membership, Partner, User
from csp.core.forms import DayField, GDSForm, MultipleUploadField

LONGEST_TEXT = 4000
FOR_OTHERS = frozenset({Answer.MORE_TIME, Answer.CANNOT})
"""What one can only say to somebody else who asked."""
TEXT_NEEDED = {
    Answer.COMPLETE: "Enter what was done and what came of it",
    Answer.MORE_TIME: "Enter why you need more time",
    Answer.NOT_NEEDED: "Enter why it is no longer needed",
    Answer.CANNOT: "Enter why you cannot do it",
    Answer.TRANSFER: "Enter why that agency should do it",
}


def text_box(label: str, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows, "class": "app-grows"}),
        **kwargs,
    )


def partners_now(partnership_id: int) -> QuerySet[Partner]:
    return Partner.objects.current(timezone.localdate()).filter(partnership=partnership_id).order_by("name")


def seats_now(**where: Any) -> QuerySet[Membership]:
    """Open accounts that do casework."""
    seats = Membership.objects.current(timezone.localdate())
    return seats.filter(role__in=CASEWORK_ROLES, user__is_active=True, **where)


class SeenForm(GDSForm):
    """A form about an action. It knows how many updates the person had before them."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        self.action = action
        initial = {"seen": action.updates.count(), **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)


class AnswerForm(SeenForm):
    submit_text = "Send answer"

    answer = forms.ChoiceField(
        label="What does your agency answer?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what your agency answers"},
    )
    until = DayField(
        label="New due date",
        required=False,
        allow_past=False,
        help_text="Such as 27 3 2026 or 27 mar. The date stays as it is until the asker agrees",
    )
    to = forms.ModelChoiceField(
        Partner.objects.none(),
        label="Which agency?",
        required=False,
        empty_label="Choose an agency",
        error_messages={"invalid_choice": "Select an agency from the list"},
    )
    text = text_box(
        "What was done, or why",
        required=False,
        help_text="Everybody who can see this action can read it",
    )

    evidence = MultipleUploadField(
        label="Evidence",
        required=False,
        help_text="Such as photos or a letter. Everybody who can see this action can open them",
    )

    opens: ClassVar[dict[str, str]] = {Answer.MORE_TIME: "until", Answer.TRANSFER: "to"}

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        own = action.owner_id == action.lead_id
        answers = [each for each in Answer if not (own and each in FOR_OTHERS)]
        super().__init__(*args, action=action, **kwargs)
        self.fields["answer"].choices = [(each.value, each.label) for each in answers]  # type: ignore[attr-defined]
        others = partners_now(action.partnership_id).exclude(pk=action.owner_id)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
        radios = (
            ConditionalQuestion(each.label, Field(self.opens[each])) if each in self.opens else each.label
            for each in answers
        )
        self.helper.layout = Layout(
            ConditionalRadios("answer", *radios), Field("text"), Field("evidence"), "seen"
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        answer = cleaned.get("answer")
        if answer == Answer.MORE_TIME and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "Enter the new due date")
        if answer == Answer.TRANSFER and not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", "Select the agency that should do it")
        if answer in TEXT_NEEDED and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", TEXT_NEEDED[Answer(answer)])
        return cleaned


class GiveForm(GDSForm):
    submit_text = "Give action"

    text = text_box(
        "What needs to be done?",
        error_messages={"required": "Enter what needs to be done"},
        help_text="The agency reads this even where it cannot see the record. Name nobody it need not know",
    )
    owner = forms.ModelChoiceField(
        Partner.objects.none(),
        label="Agency",
        empty_label="Choose an agency",
        error_messages={"required": "Select the agency that should do it"},
    )
    person = forms.ChoiceField(
        label="Person",
        required=False,
        help_text="Leave empty where the agency decides",
        error_messages={"invalid_choice": "Select a person from the list"},
    )
    due_on = DayField(
        label="Due date",
        allow_past=False,
        help_text="Such as 27 3 2026 or 27 mar",
        error_messages={"required": "Enter the due date"},
    )

    layout: ClassVar[list[Any]] = [
        Field.textarea("text"),
        Field.select("owner"),
        Field.select("person"),
        Field("due_on"),
    ]

    def __init__(self, *args: Any, lead: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = list(
            seats_now(partner__partnership=lead.partnership_id)
            .select_related("user", "partner")
            .order_by("partner__name", "partner", "user__name", "user")
            .distinct("partner__name", "partner", "user__name", "user")
        )
        by_partner = groupby(self.seats, key=lambda seat: seat.partner.name)
        groups = [(name, [(seat.pk, str(seat.user)) for seat in seats]) for name, seats in by_partner]
        self.fields["owner"].queryset = partners_now(lead.partnership_id)  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", "Nobody in particular"), *groups]  # type: ignore[attr-defined]

    def clean_person(self) -> User | None:
        """The choice is a seat, because one person may work for two agencies."""
        chosen = self.cleaned_data["person"]
        seat = next((seat for seat in self.seats if str(seat.pk) == chosen), None)
        owner = self.cleaned_data.get("owner")
        if seat and owner and seat.partner_id != owner.pk:
            raise forms.ValidationError(f"{seat.user} does not work for {owner}. Choose somebody who does")
        return seat.user if seat else None


class ReasonForm(SeenForm):
    reason = text_box("Why?")

    layout: ClassVar[list[Any]] = [Field("reason"), "seen"]

    def __init__(self, *args: Any, label: str, missing: str, submit_text: str, **kwargs: Any) -> None:
        self.submit_text = submit_text
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].error_messages["required"] = missing


class NoteForm(SeenForm):
    submit_text = "Add note"

    text = text_box("Note", help_text="Everybody who can see this action can read it")

    layout: ClassVar[list[Any]] = [Field("text"), "seen"]


class EvidenceForm(GDSForm):
    submit_text = "Add evidence"

    evidence = MultipleUploadField(
        label="Files",
        help_text="Such as photos or a letter. Everybody who can see this action can open them",
        error_messages={"required": "Choose a file"},
    )

    layout: ClassVar[list[Any]] = [Field("evidence")]


class PersonForm(SeenForm):
    submit_text = "Save"

    person = forms.ModelChoiceField(
        User.objects.none(), label="Who looks after it?", required=False, empty_label="Nobody in particular"
    )

    layout: ClassVar[list[Any]] = [Field("person"), "seen"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = seats_now(partner=self.action.owner_id).values("user")
        self.fields["person"].queryset = User.objects.filter(pk__in=here).order_by("name")  # type: ignore[attr-defined]
        self.initial.setdefault("person", self.action.person_id)


class ChangeForm(SeenForm):
    submit_text = "Save changes"

    text = text_box("What needs to be done?", error_messages={"required": "Enter what needs to be done"})
    due_on = DayField(label="Due date", error_messages={"required": "Enter the due date"})

    layout: ClassVar[list[Any]] = [Field("text"), Field("due_on"), "seen"]

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        initial = {"text": action.text, "due_on": action.due_on}
        super().__init__(*args, action=action, initial=initial, **kwargs)


class TimeForm(SeenForm):
    submit_text = "Send answer"

    agree = forms.TypedChoiceField(
        label="Do you agree to the new date?",
        choices=[("yes", "Yes, move the due date"), ("no", "No, the due date stays")],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you agree to the new date"},
    )
    reason = text_box("Reason", rows=2, required=False, help_text="You need a reason only to say no")

    layout: ClassVar[list[Any]] = [Field.radios("agree"), Field("reason"), "seen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("agree") is False and not cleaned.get("reason"):
            self.add_error("reason", "Enter why the due date stays")
        return cleaned
