"""What is counted of meetings, its rules, and the pages that show it."""

import csv
import datetime as dt
import io

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import given as whatever
from hypothesis import strategies as st

from cases.models import Category
from csp.actions.enums import ActionStatus
from csp.agencies.enums import AreaKind, Role
from csp.agencies.measures import NONE, find_measure, measures_of
from csp.agencies.models import Area
from csp.audit.models import Event
from csp.core.calendar import Period
from tasking.enums import AttendanceStatus, ItemKind, ItemStatus, MeetingStatus, SeriesKind
from tasking.models import Attendance, ItemAction, MeetingPartner
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, PersonFactory, PlaceFactory
from tests.factories.tasking import (
    AgendaItemFactory,
    MeetingFactory,
    MeetingOutcomeFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db
YEAR = Period.named("2021-22")
FIRST, LAST = dt.datetime(2021, 4, 1, 9, tzinfo=dt.UTC), dt.datetime(2022, 3, 31, 22, 30, tzinfo=dt.UTC)
JUNE = dt.datetime(2021, 6, 8, 9, tzinfo=dt.UTC)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Team")


@pytest.fixture
def police(team):
    return PartnerFactory(partnership=team.partnership, name="Police")


@pytest.fixture
def area(team):
    return Area.objects.create(
        partnership=team.partnership, kind=AreaKind.LOCAL_AREA, name="Abingdon", path="/1/", codes=[]
    )


@pytest.fixture
def series(team, area, police):
    return SeriesFactory(lead=team, kind=SeriesKind.NEIGHBOURHOOD, area=area, invite=[police])


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER)


def held(series, at=JUNE, **more):
    police = [seat.partner for seat in series.invited.all()]
    return MeetingFactory(
        series=series, starts_at=at, invite=police, **{"status": MeetingStatus.APPROVED} | more
    )


def discussed(meeting, **more):
    given = {"kind": ItemKind.PLACE, "place": PlaceFactory(lead=meeting.lead), "discussed_at": JUNE}
    return AgendaItemFactory(meeting=meeting, **given | more)


def number(name, team, only=None, period=YEAR):
    return find_measure(name).figure(team.partnership, period, only).number


def by(name, breakdown, team, only=None):
    measure = find_measure(name)
    figures = measure.figures_by(measure.breakdown(breakdown), team.partnership, YEAR, only)
    return {figure.label: figure.number for figure in figures}


def test_meetings_held_count_by_the_day_they_were_on(team, series):
    held(series, FIRST), held(series, LAST)
    held(series, dt.datetime(2021, 3, 31, 22, 59, tzinfo=dt.UTC))  # 11:59pm on the day before
    held(series, dt.datetime(2022, 3, 31, 23, 0, tzinfo=dt.UTC))  # midnight in London
    held(series, JUNE, status=MeetingStatus.CANCELLED, cancelled_because="Snow")
    held(series, JUNE, status=MeetingStatus.PLANNED)
    held(SeriesFactory(lead=team))

    assert by("meetings-held", "area", team) == {"Abingdon": 2, "The whole partnership": 1}
    assert by("meetings-held", "kind", team) == {"Neighbourhood ASB meeting": 2, "Joint Tasking Meeting": 1}
    assert number("meetings-held", team, {"area": NONE}) == 1
    assert number("meetings-held", PartnerFactory(receiving=True)) == 0


def test_a_case_counts_once_however_often_it_comes_back(team, series):
    first = discussed(held(series))
    again = discussed(held(series), previous=first)
    discussed(held(series), previous=again)
    before = discussed(held(series, dt.datetime(2021, 3, 1, 9, tzinfo=dt.UTC)))
    discussed(held(series), previous=before)

    assert number("cases-discussed", team) == 2


def test_a_case_counts_once_over_a_meeting_that_did_not_reach_it(team, series):
    first = discussed(held(series))
    missed = discussed(held(series), previous=first, discussed_at=None)
    missed_again = discussed(held(series), previous=missed, discussed_at=None)
    discussed(held(series), previous=missed_again)

    assert number("cases-discussed", team) == 1


@pytest.mark.parametrize("kind", ["case", "person"])
def test_what_is_referred_anew_counts_once(team, series, kind):
    subject = {"case": CaseFactory, "person": PersonFactory}[kind](lead=team)
    about = {"kind": kind, "place": None, kind: subject}
    joint = SeriesFactory(lead=team)
    discussed(held(series), **about, status=ItemStatus.OFF, status_because="Quiet now")
    discussed(held(joint, dt.datetime(2021, 6, 20, 9, tzinfo=dt.UTC)), **about)
    discussed(held(joint), **about, discussed_at=None)

    assert number("cases-discussed", team) == 1
    assert by("cases-discussed", "kind", team) == {"Neighbourhood ASB meeting": 1}


def test_a_place_that_is_referred_anew_counts_anew(team, series):
    place = PlaceFactory(lead=team)
    discussed(held(series), place=place)
    discussed(held(series), place=place)

    assert number("cases-discussed", team) == 2


AN_ITEM = st.tuples(st.integers(0, 2), st.booleans(), st.booleans())
"""Which person, whether it was discussed, and whether it came from the meeting before."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@whatever(st.lists(AN_ITEM, max_size=6))
def test_each_person_who_was_discussed_counts_once(team, series, items):
    with transaction.atomic():
        people = [PersonFactory(lead=team) for _ in range(3)]
        newest = {}
        for month, (which, reached, carried) in enumerate(items):
            meeting = held(series, dt.datetime(2021, 5 + month, 8, 9, tzinfo=dt.UTC))
            newest[which] = discussed(
                meeting,
                kind=ItemKind.PERSON,
                place=None,
                person=people[which],
                previous=newest.get(which) if carried else None,
                discussed_at=JUNE if reached else None,
            )
        assert number("cases-discussed", team) == len({which for which, reached, _ in items if reached})
        transaction.set_rollback(True)


def test_what_was_not_discussed_does_not_count(team, series, area):
    meeting = held(series)
    noise = Category.objects.create(
        partnership=team.partnership, code="noise", label="Noise", qualifier="nuisance"
    )
    discussed(meeting, area=area, issue=noise)
    discussed(meeting, discussed_at=None)
    discussed(meeting, status=ItemStatus.WITHDRAWN, status_because="Solved")
    discussed(meeting, kind=ItemKind.STANDING, place=None)
    discussed(held(series, status=MeetingStatus.AGENDA_OPEN))

    assert by("cases-discussed", "issue", team) == {"Noise": 1}
    assert by("cases-discussed", "area", team) == {"Abingdon": 1}


def test_a_case_counts_for_each_of_its_outcomes(team, series):
    support, reduction = (MeetingOutcomeFactory(lead=team, label=each) for each in ("Support", "Reduction"))
    meeting = held(series)
    discussed(meeting).outcomes.set([support, reduction])
    discussed(meeting).outcomes.set([support])
    discussed(meeting)

    assert by("meeting-outcomes", "outcome", team) == {"Support": 2, "Reduction": 1}
    assert number("meeting-outcomes", team) == 2
    assert number("meeting-outcomes", team, {"outcome": str(reduction.pk)}) == 1


def given(item, owner, **more):
    ended = {"ended_at": JUNE, "outcome": "Done"} if more.get("status") == ActionStatus.COMPLETE else {}
    if more.get("status") in (ActionStatus.NOT_NEEDED, ActionStatus.TRANSFERRED):
        ended = {"ended_at": JUNE}
    action = ActionFactory(
        lead=item.lead, owner=owner, asked_at=JUNE, **{"due_on": JUNE.date()} | ended | more
    )
    ItemAction.objects.create(item=item, action=action)
    return action


def test_actions_are_on_time_when_done_by_the_day_they_were_due(team, police, series):
    item = discussed(held(series))
    done = {"status": ActionStatus.COMPLETE}
    given(item, police, **done)
    given(item, police, due_on=dt.date(2021, 6, 7), **done)
    given(item, police)
    given(item, police, status=ActionStatus.NOT_NEEDED)
    given(item, police, status=ActionStatus.TRANSFERRED)
    given(item, team, due_on=dt.date(2022, 4, 1))

    measure = find_measure("meeting-actions-due")
    (figure,) = measure.figures_by(measure.breakdown("agency"), team.partnership, YEAR)
    assert (figure.label, figure.number, figure.part, figure.percent) == ("Police", 3, 1, 33)
    assert by("meeting-actions", "agency", team) == {"Police": 4, "Team": 1}


def test_what_is_due_today_is_not_late_yet(team, police, series):
    today = dt.date.today()  # noqa: DTZ011 -- the rule is about the day here
    item = discussed(held(series))
    given(item, police, due_on=today)
    given(item, police, due_on=today - dt.timedelta(days=1))
    period = Period(today - dt.timedelta(days=3), today + dt.timedelta(days=3))

    assert find_measure("meeting-actions-due").figure(team.partnership, period).number == 1


def test_an_agency_attended_where_anybody_came_for_it(team, police, series):
    first, second = held(series), held(series)
    for name, status in (("Ann", AttendanceStatus.PRESENT), ("Bo", AttendanceStatus.PRESENT)):
        Attendance.objects.create(meeting=first, partner=police, name=name, status=status, noted_at=JUNE)
    Attendance.objects.create(
        meeting=second, partner=police, name="Ann", status=AttendanceStatus.APOLOGIES, noted_at=JUNE
    )
    MeetingPartner.objects.filter(meeting=first, partner=police).update(sent_at=JUNE)

    for name in ("meeting-attendance", "meeting-returns"):
        figure = find_measure(name).figure(team.partnership, YEAR, {"agency": str(police.pk)})
        assert (figure.number, figure.part) == (2, 1), name
    assert by("meeting-returns", "agency", team) == {"Police": 2}


def test_each_measure_says_what_it_counts():
    for measure in measures_of("meetings"):
        assert measure.rule.endswith(".")
        assert measure.words(1) != measure.words(2)


def open_page(client, officer, name="measures", *args, **query):
    client.force_login(officer)
    return client.get(reverse(f"meetings:{name}", args=args), query)


def test_the_page_shows_the_year_and_opens_what_it_counts(client, officer, series, area):
    meeting = held(series)
    discussed(meeting, title="Bikes in the arcade", area=area)

    page = open_page(client, officer, period="2021-22").content.decode()
    assert "1 April 2021 to 31 March 2022" in page
    link = (
        reverse("meetings:measure_records", args=["cases-discussed"]) + f"?period=2021-22&amp;area={area.pk}"
    )
    assert link in page

    listed = open_page(
        client, officer, "measure_records", "cases-discussed", period="2021-22-Q1", area=area.pk
    ).content.decode()
    assert "Bikes in the arcade" in listed
    assert "Area: Abingdon" in listed
    other = open_page(client, officer, "measure_records", "cases-discussed", period="2021-22-Q2")
    assert "Bikes in the arcade" not in other.content.decode()


@pytest.mark.parametrize(
    "name", ["meetings-held", "meeting-outcomes", "meeting-actions", "meeting-actions-due",
             "meeting-attendance", "meeting-returns"],
)  # fmt: skip
def test_each_measure_opens(client, officer, team, police, series, name):
    item = discussed(held(series))
    item.outcomes.set([MeetingOutcomeFactory(lead=team)])
    given(item, police)

    page = open_page(client, officer, "measure_records", name, period="2021-22").content.decode()
    assert "data-row-link" in page


def test_one_kind_of_meeting_can_be_asked_for(client, officer, team, series):
    held(series), held(SeriesFactory(lead=team))

    page = open_page(client, officer, period="2021-22", kind=SeriesKind.NEIGHBOURHOOD).content.decode()
    assert "1 meeting</a>" in page
    assert "Kind of meeting" not in page


@pytest.mark.parametrize("query", [{"period": "soon"}, {"period": "1999-00"}, {"kind": "ball"}])
def test_what_cannot_be_read_is_left_out(client, officer, query):
    assert open_page(client, officer, **query).status_code == 200


def test_no_such_measure_or_key(client, officer):
    assert open_page(client, officer, "measure_records", "smiles").status_code == 404
    assert open_page(client, officer, "measure_records", "meetings-held", area="x").status_code == 404


def test_who_does_not_run_meetings_is_refused(client, police):
    practitioner = user_at(police, Role.PRACTITIONER)
    for name, args in (("measures", ()), ("measures_export", ()), ("measure_records", ("meetings-held",))):
        assert open_page(client, practitioner, name, *args).status_code == 403


def test_years_follow_the_partnership(client, officer, team, series):
    team.partnership.year_start = 1
    team.partnership.save()
    held(series)

    page = open_page(client, officer, period="2021").content.decode()
    assert "1 January 2021 to 31 December 2021" in page


def test_the_figures_leave_as_csv_and_that_is_recorded(client, officer, series, area):
    area.name = "=1+1"
    area.save()
    held(series)

    answer = open_page(client, officer, "measures_export", period="2021-22")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["2021-22", "All", "Meetings held", "", "All", "1", "meetings", "", ""] in rows
    assert ["2021-22", "All", "Meetings held", "Area", "'=1+1", "1", "meetings", "", ""] in rows
    assert Event.objects.filter(verb="meeting_measure.exported", actor=officer).exists()
