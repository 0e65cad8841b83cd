"""What a series of meetings says: a long form, in sections."""

import dataclasses
import datetime as dt
import json
from typing import Any

from crispy_forms_gds.layout import Div, Field, Fieldset, Layout, Size
from django import forms
from django.db.models import Q
from django.utils.html import escape

from cases.forms.parts import line
from cases.forms.rules import whole_number
from cases.forms.sharing import box
from csp.agencies.enums import CASEWORK_ROLES, AreaKind
from csp.agencies.models import Area, Membership, Partner, SharingAgreement, User
from csp.core.calendar import local_day
from csp.core.forms import DayField, GDSForm, MomentField, NameField, TimeField
from csp.core.words import date_words
from tasking.enums import Cadence, SeriesKind, Weekday, WeekOfMonth
from tasking.services.series import CONFIDENTIALITY, FIELDS, SeriesDetails, prints_of

BEFORE = "working days before the meeting"
LONGEST_TITLE = 120
MOST_MINUTES = 240
USUAL_MINUTES = 5
WIDE = {"legend_size": Size.MEDIUM}
NOBODY = "Nobody in particular"
People = dict[int, list[User]]


def people_of(partners: list[int], at: dt.datetime) -> People:
    """Who does casework at each partner, by name. One query."""
    seats = Membership.objects.current(local_day(at)).filter(
        partner__in=partners, role__in=CASEWORK_ROLES, user__is_active=True
    )
    found: People = {partner: [] for partner in partners}
    for seat in seats.select_related("user").order_by("user__name", "user", "pk"):
        if seat.user not in found[seat.partner_id]:
            found[seat.partner_id].append(seat.user)
    return found


def person_box(label: str, people: list[User], *, hint: str = "", empty: str = NOBODY) -> forms.ChoiceField:
    return forms.TypedChoiceField(
        label=escape(label),
        help_text=hint,
        choices=[("", empty), *((person.pk, str(person)) for person in people)],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose somebody from the list"},
    )


def link_box(label: str) -> forms.URLField:
    box = forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"})
    return forms.URLField(label=label, required=False, max_length=200, assume_scheme="https", widget=box)


class AreaField(forms.ModelChoiceField):
    """Districts and local areas: meetings are about no smaller ones."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Area.objects.none(), required=False, **kwargs)

    def offer(self, partnership: int) -> None:
        kinds = [AreaKind.DISTRICT, AreaKind.LOCAL_AREA]
        self.queryset = Area.objects.filter(partnership=partnership, kind__in=kinds).order_by("name", "pk")


class AgreementField(forms.ModelChoiceField):
    """Those in force. One whose review is overdue says so."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=SharingAgreement.objects.none(), required=False, **kwargs)

    def offer(self, partnership: int, now: SharingAgreement | None, today: dt.date) -> None:
        self.today = today
        usable = SharingAgreement.objects.filter(partnership=partnership).in_force(today)
        kept = SharingAgreement.objects.filter(pk__in=[now.pk] if now else [])
        self.queryset = (usable | kept).order_by("title", "pk")

    def label_from_instance(self, obj: Any) -> str:
        if obj.has_ended(self.today):
            return f"{obj.title} (it has ended)"
        if obj.has_lapsed(self.today):
            return f"{obj.title} (lapsed: its review was due by {date_words(obj.review_on)})"
        return str(obj.title)


class SeriesForm(GDSForm):
    submit_text = "Save the series"

    name = NameField(
        label="Name",
        help_text="Such as Didcot neighbourhood meeting. Other calendars show it, so name no person",
        max_length=120,
        error_messages={"required": "Enter a name for the series"},
    )
    kind = forms.ChoiceField(
        label="What kind of meeting is it?",
        choices=[("", "Choose"), *SeriesKind.choices],
        error_messages={"required": "Select the kind of meeting"},
    )
    area = AreaField(label="Area", empty_label="The whole partnership")
    cadence = forms.ChoiceField(
        label="How often does it meet?", choices=Cadence.choices, initial=Cadence.MONTHLY
    )
    weekday = forms.TypedChoiceField(
        label="On which day?", choices=Weekday.choices, coerce=int, initial=Weekday.TUESDAY
    )
    week_of_month = forms.TypedChoiceField(
        label="In which week of the month?",
        help_text="For meetings every month or quarter",
        choices=WeekOfMonth.choices,
        coerce=int,
        initial=WeekOfMonth.SECOND,
    )
    first_on = DayField(
        label="First day",
        help_text="The first meeting is on this day or the next that fits",
        future=True,
        error_messages={"required": "Enter the first day of the series"},
    )
    begins_at = TimeField(
        label="Begins at", initial=dt.time(10), error_messages={"required": "Enter when it begins"}
    )
    minutes_long = whole_number("How many minutes does it last?", 15, 600, initial=120)
    venue = line("Where?", 200)
    join_link = link_box("Link to join online")
    referrals_days = whole_number("Referrals are in", 0, 40, initial=5, help_text=BEFORE)
    returns_days = whole_number("Agencies have answered", 0, 40, initial=2, help_text=BEFORE)
    papers_days = whole_number("Papers are out", 0, 40, initial=1, help_text=BEFORE)
    minutes_days = whole_number(
        "Minutes are out", 1, 40, initial=3, help_text="working days after the meeting"
    )
    share_days = whole_number(
        "What was shared for a meeting ends how many days after it?", 1, 366, initial=28
    )
    confidentiality = box(
        "Confidentiality statement",
        "Enter the statement that people accept before the meeting",
        hint="Each attendee accepts this before the meeting begins",
        rows=4,
    )
    agreement = AgreementField(
        label="Information-sharing agreement",
        empty_label="None",
        help_text="Shares made for its meetings rely on it",
    )
    standing = box(
        "Standing items",
        hint=f"One on each line, with its minutes: Modern slavery, 5. Without them it gets {USUAL_MINUTES}",
        rows=4,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        lead: Partner,
        at: dt.datetime,
        details: SeriesDetails | None = None,
        now: SeriesDetails | None = None,
        **kwargs: Any,
    ) -> None:
        """`details` fill it. `now` is what the series says, where that is something else."""
        self.lead, today = lead, local_day(at)
        invited = dict(details.invited) if details else {}
        here = Partner.objects.current(today).filter(partnership=lead.partnership_id)
        self.agencies = list(here.exclude(pk=lead.pk).order_by("name"))
        self.people = people_of([lead.pk, *(each.pk for each in self.agencies)], at)
        super().__init__(*args, initial=initial_of(details, now), **kwargs)
        offered: Any = self.fields
        offered["area"].offer(lead.partnership_id)
        offered["agreement"].offer(lead.partnership_id, details and details.agreement, today)
        for name, label in (("chair", "Chair"), ("deputy", "Deputy")):
            self.fields[name] = person_box(label, self.people[lead.pk], empty="Not said yet")
        for agency in self.agencies:
            self._add_agency(agency, invited)
        self.helper.layout = self._layout()

    def _add_agency(self, agency: Partner, invited: dict[int, int | None]) -> None:
        self.fields[f"in_{agency.pk}"] = forms.BooleanField(
            label=escape(agency.name), required=False, initial=agency.pk in invited
        )
        who = person_box(f"Who usually comes for {agency}?", self.people[agency.pk])
        who.initial = invited.get(agency.pk)
        self.fields[f"who_{agency.pk}"] = who

    def _layout(self) -> Layout:
        rows = [
            Div(
                Field.checkbox(f"in_{each.pk}", small=True),
                Field.select(f"who_{each.pk}"),
                css_class="app-fields app-series__agency",
            )
            for each in self.agencies
        ]
        deadlines = ("referrals_days", "returns_days", "papers_days", "minutes_days")
        return Layout(
            Fieldset("name", Div("kind", "area", css_class="app-fields"), legend="What it is", **WIDE),
            Fieldset(Div("chair", "deputy", css_class="app-fields"), legend="Who leads it", **WIDE),
            Fieldset(
                Div("cadence", "weekday", css_class="app-fields"),
                "week_of_month",
                "first_on",
                Div("begins_at", "minutes_long", css_class="app-fields"),
                "venue",
                "join_link",
                legend="When and where",
                **WIDE,
            ),
            Fieldset(Div(*deadlines, css_class="app-fields"), legend="Deadlines", **WIDE),
            Fieldset(Field.textarea("confidentiality"), "agreement", "share_days", legend="Sharing", **WIDE),
            Fieldset(*rows, legend="Agencies invited", **WIDE),
            Fieldset(Field.textarea("standing"), legend="On every agenda", **WIDE),
            "seen",
        )

    def clean_chair(self) -> User | None:
        return self._leader("chair")

    def clean_deputy(self) -> User | None:
        found = self._leader("deputy")
        if found and found == self.cleaned_data.get("chair"):
            raise forms.ValidationError("Choose a deputy who is somebody else than the chair")
        return found

    def _leader(self, name: str) -> User | None:
        chosen = self.cleaned_data.get(name)
        return next((each for each in self.people[self.lead.pk] if each.pk == chosen), None)

    def clean_standing(self) -> tuple[tuple[str, int], ...]:
        lines = [each.strip() for each in self.cleaned_data["standing"].splitlines() if each.strip()]
        found = [read_standing(each) for each in lines]
        titles = [title for title, _ in found]
        if len(set(titles)) < len(titles):
            raise forms.ValidationError("Enter each standing item once")
        return tuple(found)

    def details(self) -> SeriesDetails:
        given = self.cleaned_data
        invited = tuple(
            (each.pk, given[f"who_{each.pk}"])
            for each in sorted(self.agencies, key=lambda agency: agency.pk)
            if given[f"in_{each.pk}"]
        )
        values = {name: given[name] for name in FIELDS}
        return SeriesDetails(**values, invited=invited, standing=given["standing"])


def read_standing(text: str) -> tuple[str, int]:
    """Modern slavery, 5"""
    title, _, last = text.rpartition(",")
    minutes = last.strip()
    if not title or not minutes.isdecimal():
        title, minutes = text, str(USUAL_MINUTES)
    if len(title.strip()) > LONGEST_TITLE:
        raise forms.ValidationError(f"Use {LONGEST_TITLE} characters or fewer for each standing item")
    if not (len(minutes) < 5 and 1 <= int(minutes) <= MOST_MINUTES):
        raise forms.ValidationError(f"Enter 1 to {MOST_MINUTES} minutes for “{title.strip()}”")
    return title.strip(), int(minutes)


def initial_of(details: SeriesDetails | None, now: SeriesDetails | None) -> dict[str, Any]:
    if details is None:
        return {"confidentiality": CONFIDENTIALITY}
    said = {field.name: getattr(details, field.name) for field in dataclasses.fields(details)}
    return said | {
        "chair": details.chair and details.chair.pk,
        "deputy": details.deputy and details.deputy.pk,
        "standing": "\n".join(f"{title}, {minutes}" for title, minutes in details.standing),
        "seen": json.dumps(prints_of(now or details)),
    }


class PlanOneForm(GDSForm):
    submit_text = "Plan this meeting"

    starts_at = MomentField(
        label="When?",
        help_text="A date and a time, such as 3 sep and 10am",
        future=True,
        allow_past=False,
        error_messages={"required": "Enter a date and a time"},
    )


class EndSeriesForm(GDSForm):
    submit_text = "End the series"

    on = DayField(
        label="First day without its meetings",
        future=True,
        allow_past=False,
        error_messages={"required": "Enter the first day without its meetings"},
    )
    reason = box(
        "Why does it end?", "Enter why it ends", hint="Agencies read this at each meeting that is cancelled"
    )


class MeetingFilterForm(GDSForm):
    """Sent by GET. A choice that is not in the list is as good as none."""

    method = "get"
    submit_text = ""

    series = forms.ChoiceField(label="Series", required=False)
    area = forms.ChoiceField(label="Area", required=False)
    tab = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, series: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["series"].choices = [("", "Any series"), *((each.pk, each.name) for each in series)]
        fields["area"].choices = [("", "Anywhere"), *((each.pk, each.name) for each in areas)]

    def wanted(self) -> Q:
        given = self.cleaned_data if self.is_valid() else {}
        chosen = {name: given.get(name) for name in ("series", "area")}
        return Q(**{name: value for name, value in chosen.items() if value})
