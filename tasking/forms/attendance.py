"""Who is in the room: one of the invited agencies' people, a deputy, apologies, or a guest by name."""

from itertools import groupby
from typing import Any, ClassVar

from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field
from django import forms

from csp.actions.forms import seats_now
from csp.agencies.models import Membership, Partner
from csp.core.forms import GDSForm, NameField
from tasking.enums import AttendanceStatus
from tasking.models import Attendance, Meeting

DEPUTY = AttendanceStatus.DEPUTY


def without_tag(form: GDSForm) -> None:
    """Its page writes the tag, because the form goes to another address than the page's."""
    form.helper.form_tag = False
    form.helper.disable_csrf = True


class AcceptForm(GDSForm):
    submit_text = "Accept and go to the session"

    accept = forms.BooleanField(
        label="I accept this",
        error_messages={"required": "Tick the box to accept the statement: the session opens with it"},
    )

    layout: ClassVar[list[Any]] = [Field("accept")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        without_tag(self)


class BeginForm(AcceptForm):
    submit_text = "Begin the meeting"


class AttendeeForm(GDSForm):
    submit_text = "Add to the attendance"

    person = forms.ChoiceField(
        label="Person", required=False, help_text="Or leave it empty and write a name below"
    )
    name = NameField(label="Name", required=False, max_length=120, help_text="Of a guest without an account")
    partner = forms.ModelChoiceField(
        Partner.objects.none(),
        label="Agency of the guest",
        required=False,
        empty_label="None of those invited",
    )
    status = forms.ChoiceField(
        label="How do they attend?",
        choices=AttendanceStatus,
        initial=AttendanceStatus.PRESENT,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how they attend"},
    )
    deputy_for = NameField(label="Deputy for", required=False, max_length=120)
    accepted = forms.BooleanField(label="They accepted the confidentiality statement", required=False)

    layout: ClassVar[list[Any]] = [
        Field.select("person"),
        Field("name"),
        Field.select("partner"),
        ConditionalRadios(
            "status",
            AttendanceStatus.PRESENT.label,
            ConditionalQuestion(DEPUTY.label, Field("deputy_for")),
            AttendanceStatus.APOLOGIES.label,
        ),
        Field("accepted"),
    ]

    def __init__(self, *args: Any, meeting: Meeting, seats: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        by_agency = groupby(seats, key=lambda seat: seat.partner.name)
        groups = [(name, [(seat.pk, seat.user.name) for seat in each]) for name, each in by_agency]
        self.fields["person"].choices = [("", "Somebody else"), *groups]  # type: ignore[attr-defined]
        invited = Partner.objects.filter(invited_to__in=meeting.invited.sitting()).order_by("name")
        self.fields["partner"].queryset = invited  # type: ignore[attr-defined]
        without_tag(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("person") and not cleaned.get("name"):
            self.add_error("person", "Select the person, or enter the name of a guest")
        if cleaned.get("status") == DEPUTY and not cleaned.get("deputy_for"):
            self.add_error("deputy_for", "Enter for whom they deputise")
        if cleaned.get("status") == AttendanceStatus.APOLOGIES and cleaned.get("accepted"):
            self.add_error("accepted", "Somebody who sends apologies does not accept the statement")
        return cleaned

    def attendee(self) -> dict[str, Any]:
        """What the service is told."""
        typed = self.cleaned_data
        same = {"status": typed["status"], "deputy_for": typed["deputy_for"], "accepted": typed["accepted"]}
        seat = next((seat for seat in self.seats if str(seat.pk) == typed["person"]), None)
        if seat is None:
            return same | {"name": typed["name"], "partner": typed["partner"]}
        return same | {"user": seat.user, "name": seat.user.name, "partner": seat.partner}


def invited_seats(meeting: Meeting) -> list[Membership]:
    """People who do casework for the agencies that are invited."""
    found = seats_now(partner__invited_to__in=meeting.invited.sitting()).select_related("user", "partner")
    order = ("partner__name", "partner", "user__name", "user")
    return list(found.order_by(*order).distinct(*order))


def expected(meeting: Meeting, seats: list[Membership], noted: list[Attendance]) -> list[Membership]:
    """Of each agency who usually comes, as far as they are not noted yet."""
    usual = set(meeting.invited.sitting().exclude(person=None).values_list("partner", "person"))
    there = {row.user_id for row in noted}
    return [seat for seat in seats if (seat.partner_id, seat.user_id) in usual and seat.user_id not in there]
