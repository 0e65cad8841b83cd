"""What can be changed about one meeting, and which agencies come to it."""

import dataclasses
import datetime as dt
import json
from typing import Any, ClassVar

from crispy_forms_gds.layout import Div, Field
from django import forms

from cases.forms.parts import line
from cases.forms.rules import whole_number
from csp.agencies.models import Partner, User
from csp.core.calendar import local_day
from csp.core.forms import GDSForm, MomentField
from tasking.forms.series import NOBODY, link_box, people_of, person_box
from tasking.models import Meeting
from tasking.services.meeting_changes import NAMES, MeetingDetails, prints_of


class MeetingForm(GDSForm):
    submit_text = "Save the meeting"

    starts_at = MomentField(
        label="When does it begin?",
        help_text="A date and a time, such as 3 sep and 10am",
        future=True,
        error_messages={"required": "Enter a date and a time"},
    )
    minutes_long = whole_number("How many minutes does it last?", 15, 600)
    venue = line("Where?", 200)
    join_link = link_box("Link to join online")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    layout: ClassVar[list[Any]] = [
        "starts_at",
        "minutes_long",
        "venue",
        "join_link",
        Div("chair", "deputy", css_class="app-fields"),
        "seen",
    ]

    def __init__(
        self,
        *args: Any,
        meeting: Meeting,
        at: dt.datetime,
        details: MeetingDetails,
        now: MeetingDetails | None = None,
        **kwargs: Any,
    ) -> None:
        """`details` fill it. `now` is what the meeting says, where that is something else."""
        self.people = people_of([meeting.lead_id], at)[meeting.lead_id]
        said = {field.name: getattr(details, field.name) for field in dataclasses.fields(details)}
        initial = said | {
            "chair": details.chair and details.chair.pk,
            "deputy": details.deputy and details.deputy.pk,
            "seen": json.dumps(prints_of(now or details)),
        }
        super().__init__(*args, initial=initial, **kwargs)
        for name, label in (("chair", "Chair"), ("deputy", "Deputy")):
            self.fields[name] = person_box(label, self.people, empty="Not said yet")

    def details(self) -> MeetingDetails:
        given = self.cleaned_data
        people: dict[int, User] = {each.pk: each for each in self.people}
        values = {name: given[name] for name in NAMES}
        return MeetingDetails(**values | {name: people.get(given[name]) for name in ("chair", "deputy")})


class InviteForm(GDSForm):
    submit_text = "Invite them"

    partner = forms.ModelChoiceField(
        label="Which agency?",
        queryset=Partner.objects.none(),
        empty_label="Choose an agency",
        error_messages={"required": "Choose an agency", "invalid_choice": "Choose an agency from the list"},
    )
    layout: ClassVar[list[Any]] = [Field.select("partner"), Field.select("person")]

    def __init__(self, *args: Any, meeting: Meeting, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sitting = meeting.invited.sitting().values("partner")
        here = Partner.objects.current(local_day(at)).filter(partnership=meeting.partnership_id)
        others = list(here.exclude(pk__in=sitting).order_by("name"))
        offered: Any = self.fields["partner"]
        offered.queryset = here.filter(pk__in=[each.pk for each in others]).order_by("name")
        people = people_of([each.pk for each in others], at)
        self.works_at = {person.pk: (agency, person) for agency in others for person in people[agency.pk]}
        self.fields["person"] = person_box(
            "Who comes for it?", [], hint="They are reminded of the return; otherwise everybody there"
        )
        choices = [(pk, f"{person}, {agency}") for pk, (agency, person) in self.works_at.items()]
        self.fields["person"].choices = [("", NOBODY), *choices]  # type: ignore[attr-defined]

    def clean_person(self) -> User | None:
        chosen = self.cleaned_data.get("person")
        if not chosen:
            return None
        agency, person = self.works_at[chosen]
        if self.cleaned_data.get("partner") not in (None, agency):
            raise forms.ValidationError(f"{person} works at {agency}. Choose somebody of the agency")
        return person
