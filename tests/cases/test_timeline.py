"""The timeline: everything in order, cut to the reader, and the same on paper."""

from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader

from cases.enums.timeline import TimelineKind
from cases.models import Case, CaseShare
from cases.services import timeline
from cases.services.timeline import latest_in, newest_of, timeline_of
from cases.services.timeline.moments import MOMENTS
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.cases.scene import Scene
from tests.counting import queries_of
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON
from tests.factories.casework import NoteFactory

pytestmark = pytest.mark.django_db

MOST_OF_AN_OVERVIEW = 24


@pytest.fixture
def scene():
    with time_machine.travel(NOON, tick=False):
        yield Scene().fill()


def words(items):
    return "\n".join(f"{item.title}\n{item.text}\n{item.who}" for item in items)


EVERYBODY = ["The case was opened", "The case went from Open - investigating to Monitoring"]
FOR_READERS = [
    "Drums until two",
    "Drums again",
    "Note for all",
    "Evidence for all",
    "Talk for all",
    "Letter to Wilma Quarr: How your case goes",
    "Risk words",
    "DASH for Wilma Quarr: 15 of 24",
    "Power words",
    "served",
    "Appeal words",
    "Ended words",
    "Breach words",
    "Closing words",
    "Closing was agreed",
    "The case was changed: title",
]
FOR_THE_TEAM = [
    "Triage reason",
    "Note for the team",
    "Talk for the team",
    "Mrs Gale",
    "Health is done",
    "Shared with Health",
    "Hand-over words",
    "No nurse",
    "Merge words",
    "Link words",
    "Note of the merged case",
]
OF_HOUSING = ["Visit the tenant", "Doing: Visit", "Shared with Soha: full", "Housing asks"]
OF_POLICE = ["Patrol at night", "Doing: Patrol", "Shared with Police: summary", "Police asks"]
ADDRESS = ["17 Hidden Lane", "07700 900417", "wilma@quarr.example"]
ALL = [*EVERYBODY, *FOR_READERS, *FOR_THE_TEAM, *OF_HOUSING, *OF_POLICE]
READS = {
    "officer": ALL,
    "housing": [*EVERYBODY, *FOR_READERS, *OF_HOUSING],
    "police": [*EVERYBODY, *OF_POLICE],
}


@pytest.mark.parametrize("reader", READS)
def test_each_reads_what_they_may_and_nothing_else(scene, reader):
    told = words(timeline_of(scene.case, getattr(scene, reader)))

    assert [each for each in READS[reader] if each not in told] == []
    assert [each for each in {*ALL, *ADDRESS} - set(READS[reader]) if each in told] == []


def test_a_summary_names_nobody(scene):
    told = words(timeline_of(scene.case, scene.police))

    assert "Wilma" not in told
    assert scene.report.reference not in told
    assert scene.gone.reference not in told


def test_there_is_something_of_every_kind_in_order(scene):
    items = timeline_of(scene.case, scene.officer)

    assert {item.kind for item in items} == set(TimelineKind)
    assert [item.at for item in items] == sorted((item.at for item in items), reverse=True)


@pytest.mark.parametrize("kind", TimelineKind)
def test_a_kind_is_the_part_of_the_whole(scene, kind):
    whole = timeline_of(scene.case, scene.officer)

    assert timeline_of(scene.case, scene.officer, kinds=[kind]) == [
        item for item in whole if item.kind == kind
    ]


def test_an_agency_is_the_part_of_the_whole(scene):
    soha = scene.housing.seats[0].partner

    items = timeline_of(scene.case, scene.officer, partner=soha)

    assert {item.partner for item in items} == {soha}
    assert "Doing: Visit the tenant" in words(items)


def test_the_number_of_queries_does_not_grow(scene):
    few = queries_of(lambda: timeline_of(scene.case, scene.officer))
    for _ in range(2):
        scene.writings()
        scene.work()
        scene.actions()

    assert len(queries_of(lambda: timeline_of(scene.case, scene.officer))) == len(few)


def open_page(client, scene, reader, name="timeline/", query=""):
    client.force_login(getattr(scene, reader))
    return client.get(f"/cases/{scene.case.reference}/{name}{query}")


def squeezed(text):
    return "".join(text.split())


@pytest.mark.parametrize("reader", READS)
def test_the_paper_says_what_the_page_says(client, scene, reader):
    user = getattr(scene, reader)
    page = squeezed(open_page(client, scene, reader).content.decode())
    paper = open_page(client, scene, reader, "timeline.pdf")
    read = PdfReader(BytesIO(paper.content))
    printed = squeezed("".join(sheet.extract_text() for sheet in read.pages))

    items = timeline_of(scene.case, user)
    for item in items:
        for said in (item.title, item.when, item.byline, *item.text.splitlines()):
            assert squeezed(said) in page
            assert squeezed(said) in printed
    hidden = {*ALL, *ADDRESS} - set(READS[reader])
    assert [each for each in hidden if squeezed(each) in printed or squeezed(each) in page] == []
    assert squeezed(f"Cut to what {user} may see, printed by {user} on 4 March 2026") in printed
    assert squeezed(f"Page 1 of {len(read.pages)}") in printed


def test_printing_is_recorded(client, scene):
    open_page(client, scene, "housing", "timeline.pdf", "?kind=note")

    event = Event.objects.get(verb="case.printed")
    assert event.actor == scene.housing
    assert event.detail == {"what": "timeline", "items": 1, "kinds": ["note"]}


def test_the_page_filters_and_turns_the_order_round(client, scene):
    page = open_page(client, scene, "officer", query="?kind=note&order=oldest").content.decode()

    assert page.index("Note for all") < page.index("Note for the team")
    assert "Drums until two" not in page
    soha = scene.housing.seats[0].partner.pk
    page = open_page(client, scene, "officer", query=f"?agency={soha}").content.decode()
    assert "Doing: Visit the tenant" in page
    assert "Doing: Patrol" not in page


def test_nonsense_narrows_nothing(client, scene):
    page = open_page(client, scene, "officer", query="?kind=zebra&agency=zebra&order=zebra")

    assert page.content.decode().count("moj-timeline__item") == len(timeline_of(scene.case, scene.officer))


def test_a_very_long_timeline_says_that_it_is_cut(client, scene, monkeypatch):
    monkeypatch.setattr("cases.views.timeline.MOST_ITEMS", 5)

    page = " ".join(open_page(client, scene, "officer").content.decode().split())

    left = len(timeline_of(scene.case, scene.officer)) - 5
    assert page.count("moj-timeline__item") == 5
    assert f"The newest 5 entries are shown, and {left} older ones are not" in page


def test_a_stranger_finds_no_timeline(client, scene):
    client.force_login(user_at(PartnerFactory(partnership=scene.team.partnership)))

    for name in ("timeline/", "timeline.pdf"):
        assert client.get(f"/cases/{scene.case.reference}/{name}").status_code == 404


def test_a_share_that_ended_closes_the_timeline(client, scene):
    share = CaseShare.objects.get(to_partner=scene.housing.seats[0].partner)
    sharing.end_share(share=share, reason="Done", by=scene.officer, at=NOON)

    assert open_page(client, scene, "housing").status_code == 404
    assert timeline_of(scene.case, scene.housing) == []


def test_sources_cover_every_kind():
    assert set(timeline.SOURCES) == set(TimelineKind)


def again(scene):
    """Much of each kind, some of it at one moment."""
    for _ in range(3):
        scene.reports()
        scene.writings()
        scene.work()
        scene.actions()
    for number in range(12):
        NoteFactory(case=scene.case, by=scene.officer, text=f"Word {number}", at=scene.at)
        scene.case.title = f"Noise {number}"
        scene.case.save()


@pytest.mark.parametrize("reader", READS)
@pytest.mark.parametrize("most", [1, 10, 40, 1000])
def test_the_newest_are_the_first_of_the_whole(scene, reader, most):
    again(scene)
    user = getattr(scene, reader)

    whole = timeline_of(scene.case, user)

    assert newest_of(scene.case, user, most, latest_in(scene.case)) == whole[:most]


@pytest.mark.parametrize("reader", READS)
@pytest.mark.parametrize("kind", TimelineKind)
def test_the_newest_of_each_kind_are_found(scene, reader, kind, monkeypatch):
    again(scene)
    monkeypatch.setattr(timeline, "SOURCES", {kind: timeline.SOURCES[kind]})
    user = getattr(scene, reader)
    whole = timeline_of(scene.case, user)

    for most in (1, 2, 10):
        assert newest_of(scene.case, user, most, latest_in(scene.case)) == whole[:most]


@pytest.mark.parametrize("reader", READS)
def test_the_overview_ends_with_the_first_ten_of_the_timeline(client, scene, reader):
    again(scene)
    page = open_page(client, scene, reader, name="")

    assert page.context["page"].done == timeline_of(scene.case, getattr(scene, reader))[:10]
    assert page.content.decode().count("moj-timeline__item") == 10


def test_the_overview_asks_no_more_the_more_there_is(client, scene):
    again(scene)
    few = queries_of(lambda: open_page(client, scene, "officer", name=""))
    again(scene)

    many = queries_of(lambda: open_page(client, scene, "officer", name=""))
    assert len(many) <= len(few) <= MOST_OF_AN_OVERVIEW


def test_every_source_says_when_its_records_make_a_line(scene):
    read = {model for sources in timeline.SOURCES.values() for model in sources.values()}

    assert read - {Case} == set(MOMENTS) == set(latest_in(scene.case))
