"""The neighbourhood meetings of 2021-22: as many, of as many cases, with as many outcomes as were published.

The numbers are facts; the meetings, cases and places are made up. Written in bulk, as an import would.
"""

import datetime as dt
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from cases.models import Category, Place
from cases.services.keys import address_key
from csp.actions.enums import ActionStatus, UpdateKind
from csp.actions.models import Action, ActionUpdate
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Area, Partner, Partnership, User
from csp.agencies.services.sharing import set_rows
from csp.core.calendar import LONDON, add_months, add_working_days
from csp.core.references import ACTION, AGENDA_ITEM, MEETING, next_references
from tasking.enums import AttendanceStatus, ItemKind, ItemStatus, MeetingStatus
from tasking.models import AgendaItem, Attendance, ItemAction, Meeting, MeetingOutcome, MeetingPartner, Series
from tasking.services.meetings import COPIED, deadlines

YEAR_BEGAN = dt.date(2021, 4, 1)
MONTHS = 12
MEETINGS = {"Abingdon": 8, "Didcot and Wallingford": 7, "Wantage and Faringdon": 6, "Thame and Henley": 5}
CASES = {"Abingdon": 20, "Didcot and Wallingford": 18, "Wantage and Faringdon": 24, "Thame and Henley": 15}
ISSUES = {
    "neighbour": 33, "other": 12, "noise": 10,
    "vehicle": 6, "rowdy": 5, "damage": 4, "litter": 4, "drugs": 3,
}  # fmt: skip
"""The first three were published; the other 22 cases were not itemised."""
OUTCOMES = {"enforcement": range(36), "support": range(36, 67), "reduction": (*range(14), *range(67, 77))}
"""The case's number, from nought: 36, 31 and 24, and 14 cases have two."""
ISSUE_STEP, OUTCOME_STEP = 10, 31
"""So that issues and outcomes are spread over the areas: neither divides 77."""
ACTION_EACH = 2
"""One action for every so many cases."""

SPOTS = {
    "Abingdon": ("Caldecott Road flats", "Ladygrove Close", "Peachcroft shops", "Thames path"),
    "Didcot and Wallingford": ("Broadway flats", "Park Road courts", "Kinecroft", "Station forecourt"),
    "Wantage and Faringdon": ("Charlton Park", "Market Place flats", "Pump Lane", "Grove shops"),
    "Thame and Henley": ("Elms Park", "Mill Meadows", "Bell Street flats", "Cattle market yard"),
}  # fmt: skip
DISCUSSED = "Each agency said what it knows. The landlord, the police and the council agreed who does what."
DECIDED = {
    "enforcement": "The police and the landlord visit together and act on what they find.",
    "support": "One agency stays in touch with those who suffer, and tells the others.",
    "reduction": "It has become quieter since the last visit. Comes off the agenda.",
}
ASKED = (
    "Visit the tenant and explain the tenancy agreement",
    "Patrol at the times in the diary sheets and say what was seen",
    "Look in on the household that suffers and agree how to keep in touch",
)
CAME = (("Police", "Neighbourhood sergeant"), ("Soha", "Housing officer"), ("Sovereign", "Tenancy officer"))
TEAM_CAME = "Community safety officer"


@dataclass
class Year:
    partnership: Partnership
    team: Partner
    partners: dict[str, Partner]
    chair: User
    areas: dict[str, Area] = field(default_factory=dict)
    meetings: dict[str, list[Meeting]] = field(default_factory=dict)
    items: list[AgendaItem] = field(default_factory=list)


def load(team: Partner, series: dict[str, Series], chair: User) -> None:
    """`series` by the name of its area."""
    partnership = team.partnership
    year = Year(
        partnership=partnership,
        team=team,
        partners={each.name: each for each in Partner.objects.filter(partnership=partnership)},
        chair=chair,
        areas={name: each.area for name, each in series.items() if each.area},
    )
    _meetings(year, series)
    _attendance(year)
    _items(year)
    _outcomes(year)
    _actions(year)


def _at(day: dt.date, hour: int = 14) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=LONDON)


def _meetings(year: Year, series: dict[str, Series]) -> None:
    made = []
    for offset, (area, number) in enumerate(MEETINGS.items()):
        for place in range(number):
            month = add_months(YEAR_BEGAN, place * MONTHS // number)
            day = add_working_days(month + dt.timedelta(days=7 + offset), 0)
            made.append(_meeting(year, series[area], day))
    made.sort(key=lambda each: each.starts_at)
    _number(year, MEETING, made, [meeting.starts_at.year for meeting in made])
    Meeting.objects.bulk_create(made)
    set_rows(made, year.team, ShareLevel.CONTRIBUTE)
    for meeting in made:
        year.meetings.setdefault(meeting.area.name, []).append(meeting)  # type: ignore[union-attr]


def _meeting(year: Year, series: Series, day: dt.date) -> Meeting:
    starts_at = _at(day)
    due = deadlines(series, day)
    return Meeting(
        series=series,
        starts_at=starts_at,
        status=MeetingStatus.APPROVED,
        begun_at=starts_at,
        closed_at=starts_at + dt.timedelta(minutes=series.minutes_long),
        approved_at=_at(due["minutes_due_on"], 12),
        approved_by=year.chair,
        opening="The notes of the meeting before were agreed.",
        **due,
        **{name: getattr(series, name) for name in COPIED},
    )


def _number(year: Year, kind: str, records: list[Any], years: list[int]) -> None:
    """References in the order of the records, each of the year it belongs to."""
    left = {
        each: iter(next_references(year.partnership.code, kind, each, years.count(each)))
        for each in sorted(set(years))
    }
    for record, each in zip(records, years, strict=True):
        record.reference = next(left[each])


def _attendance(year: Year) -> None:
    """The police came to each meeting; a landlord now and then sent apologies, and no return."""
    seats, came = [], []
    meetings = [meeting for each in year.meetings.values() for meeting in each]
    for number, meeting in enumerate(meetings):
        seats.append(MeetingPartner(meeting=meeting, partner=year.team))
        came.append(_came(year.team, TEAM_CAME, meeting))
        for step, (name, role) in enumerate(CAME, start=3):
            missed = step > len(CAME) and number % step == 0
            sent = None if missed else meeting.starts_at - dt.timedelta(days=3)
            seats.append(MeetingPartner(meeting=meeting, partner=year.partners[name], sent_at=sent))
            status = AttendanceStatus.APOLOGIES if missed else AttendanceStatus.PRESENT
            came.append(_came(year.partners[name], role, meeting, status))
    MeetingPartner.objects.bulk_create(seats)
    Attendance.objects.bulk_create(came)


def _came(
    partner: Partner, role: str, meeting: Meeting, status: str = AttendanceStatus.PRESENT
) -> Attendance:
    accepted = None if status == AttendanceStatus.APOLOGIES else meeting.starts_at
    return Attendance(
        meeting=meeting, partner=partner, name=role, status=status, accepted_at=accepted,
        noted_at=meeting.starts_at,
    )  # fmt: skip


def _items(year: Year) -> None:
    categories = {each.code: each for each in Category.objects.filter(partnership=year.partnership)}
    issues = [code for code, number in ISSUES.items() for _ in range(number)]
    places = _places(year)
    numbers = count()
    for area, cases in CASES.items():
        meetings, spots = year.meetings[area], places[area]
        for case in range(cases):
            number = next(numbers)
            issue = categories[issues[number * ISSUE_STEP % len(issues)]]
            meeting, spot = meetings[case % len(meetings)], spots[case % len(spots)]
            year.items.append(_item(year, meeting, spot, issue, case // len(meetings) + 1))
    _number(year, AGENDA_ITEM, year.items, [item.meeting.starts_at.year for item in year.items])
    AgendaItem.objects.bulk_create(year.items)
    set_rows(year.items, year.team, ShareLevel.CONTRIBUTE)


def _places(year: Year) -> dict[str, list[Place]]:
    found = {
        area: [
            Place(
                partnership=year.partnership, address=f"{spot}, {area}",
                address_key=address_key(f"{spot}, {area}", ""), local_area=year.areas[area],
            )
            for spot in spots
        ]
        for area, spots in SPOTS.items()
    }  # fmt: skip
    Place.objects.bulk_create(place for places in found.values() for place in places)
    return found


def _item(year: Year, meeting: Meeting, spot: Place, issue: Category, position: int) -> AgendaItem:
    return AgendaItem(
        partnership=year.partnership,
        lead=year.team,
        meeting=meeting,
        position=position,
        kind=ItemKind.PLACE,
        place=spot,
        referred_by=year.partners["Police"],
        title=f"{issue.label}, {spot.address}",
        gist="Several households have told us about it. It goes on at night and at weekends.",
        issue=issue,
        area=meeting.area,
        status=ItemStatus.OFF,
        status_because="The agencies go on with it by themselves",
        discussion=DISCUSSED,
        discussed_at=meeting.starts_at + dt.timedelta(minutes=10 * position),
        made_at=meeting.starts_at - dt.timedelta(days=7),
    )


def _outcomes(year: Year) -> None:
    outcomes = {each.code: each for each in MeetingOutcome.objects.filter(partnership=year.partnership)}
    rows = AgendaItem.outcomes.through
    noted = []
    for code, numbers in OUTCOMES.items():
        for number in numbers:
            item = year.items[number * OUTCOME_STEP % len(year.items)]
            item.decision = " ".join(filter(None, [item.decision, DECIDED[code]]))
            item.minute = f"{item.discussion} {item.decision}"
            noted.append(rows(agendaitem=item, meetingoutcome=outcomes[code]))
    rows.objects.bulk_create(noted)
    AgendaItem.objects.bulk_update(year.items, ["decision", "minute"])


def _actions(year: Year) -> None:
    """For each second case one, done since; one in five of them late."""
    given = [(item, *_who_does_what(year, number)) for number, item in enumerate(year.items[::ACTION_EACH])]
    actions = [
        _action(year, item, owner, text, late=number % 5 == 0)
        for number, (item, owner, text) in enumerate(given)
    ]
    _number(year, ACTION, actions, [action.asked_at.year for action in actions])
    Action.objects.bulk_create(actions)
    set_rows(actions, year.team, ShareLevel.CONTRIBUTE)
    for owner in {action.owner for action in actions}:
        set_rows([each for each in actions if each.owner == owner], owner, ShareLevel.CONTRIBUTE)
    ItemAction.objects.bulk_create(
        ItemAction(item=item, action=action) for (item, *_), action in zip(given, actions, strict=True)
    )
    ActionUpdate.objects.bulk_create(update for action in actions for update in _updates(action))


def _who_does_what(year: Year, number: int) -> tuple[Partner, str]:
    name, _ = CAME[number % len(CAME)]
    return year.partners[name], ASKED[number % len(ASKED)]


def _action(year: Year, item: AgendaItem, owner: Partner, text: str, *, late: bool) -> Action:
    asked_at = item.meeting.starts_at
    due_on = add_working_days(asked_at.date(), 15)
    return Action(
        partnership=year.partnership,
        lead=year.team,
        owner=owner,
        text=text,
        due_on=due_on,
        status=ActionStatus.COMPLETE,
        outcome="Done, and those who told us know",
        asked_by=year.chair,
        asked_at=asked_at,
        ended_at=_at(add_working_days(due_on, 4 if late else -3)),
        reminded_on=due_on,
        target=item,
    )


def _updates(action: Action) -> tuple[ActionUpdate, ActionUpdate]:
    given = ActionUpdate(
        action=action, kind=UpdateKind.GIVEN, by=action.asked_by, at=action.asked_at, told_at=action.asked_at,
        status=ActionStatus.OPEN, due_on=action.due_on,
    )  # fmt: skip
    ended_at = action.ended_at or action.asked_at
    done = ActionUpdate(
        action=action, kind=UpdateKind.COMPLETE, at=ended_at, told_at=ended_at,
        text=action.outcome, status=ActionStatus.COMPLETE,
    )  # fmt: skip
    return given, done
