import datetime as dt
import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from cases.enums import Risk
from cases.models import Report
from cases.views.queue_page import Queue
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from tests.counting import queries_of
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import (
    CategoryFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)

pytestmark = pytest.mark.django_db
QUEUE = "/reports/"
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def bob(team):
    return user_at(team, Role.OFFICER, name="Bob Baker")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def due(now, hours, **fields):
    """A report whose clock runs out in so many hours, and turned amber an hour before that."""
    at = now + dt.timedelta(hours=hours)
    clock = {"clock_started_at": at - dt.timedelta(days=9), "clock_amber_at": at - dt.timedelta(hours=1)}
    return ReportFactory(clock_due_at=at, **clock, **fields)


def shown(client, query=""):
    """References in the order in which the page lists them."""
    page = client.get(f"{QUEUE}?{query}")
    assert page.status_code == 200
    return re.findall(r"data-row-link>([^<]+)<", page.content.decode())


def test_queue_lists_by_risk_then_by_the_clock(signed_in, team, now):
    standard = due(now, 1, lead=team)
    soon = due(now, 2, lead=team, risk=Risk.HIGH)
    late = due(now, -2, lead=team, risk=Risk.HIGH)
    medium = due(now, -9, lead=team, risk=Risk.MEDIUM)

    assert shown(signed_in) == [each.reference for each in (late, soon, medium, standard)]


def test_a_row_says_what_where_from_whom_and_who_has_it(signed_in, team, bob, now):
    noise = CategoryFactory(lead=team, label="Noise")
    area = AreaFactory(partnership=team.partnership, name="Didcot")
    place = PlaceFactory(lead=team, address="4 Mill Road")
    original = due(now, 30, lead=team)
    report = due(
        now,
        -30,
        lead=team,
        risk=Risk.HIGH,
        place=place,
        local_area=area,
        what_happened="Drums at\nnight",
        repeat_victim=True,
        vulnerable=True,
        hate=True,
        case_review_notice_due=True,
        likely_duplicate_of=original,
        officer=bob,
        claimed_at=now,
        routed_because="Routed by 'Didcot nights'",
    )
    report.categories.add(noise)
    ReportPersonFactory(report=report, person=PersonFactory(lead=team, name="Vic Tims"))

    text = " ".join(re.sub(r"<[^>]+>", " ", signed_in.get(QUEUE).content.decode()).split())

    for words in (
        "High risk",
        "late",
        "Noise: Drums at night",
        "4 Mill Road, Didcot",
        "Vic Tims, phone",
        "Repeat",
        "Vulnerable",
        "Hate",
        f"Possible duplicate of {original}",
        "Case Review notice due",
        "Bob Baker has it",
        "Routed by &#x27;Didcot nights&#x27;",
        "2 in this list",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("risk=3", ["high"]),
        ("risk=3&risk=2", ["high", "late"]),
        ("clock=late", ["late"]),
        ("clock=amber", ["amber"]),
        ("who=me", ["mine"]),
        ("who=nobody", ["high", "late", "amber", "marked", "other"]),
        ("mark=hate", ["marked"]),
        ("mark=hate&mark=vulnerable", ["marked"]),
        ("mark=hate&mark=repeat", []),
        ("channel=paper", ["other"]),
        ("received_from=1+3+2026&received_until=2+3+2026", ["other"]),
        ("received_until=28+2+2026", []),
        ("q=needles", ["marked"]),
        ("q=needle", ["marked"]),
        ("q=nothing+like+it", []),
        ("q=the", []),
    ],
)
def test_filters_narrow_the_list(signed_in, team, ann, now, query, found):
    reports = {
        "high": due(now, 50, lead=team, risk=Risk.HIGH),
        "late": due(now, -1, lead=team, risk=Risk.MEDIUM),
        "amber": due(now, 0.5, lead=team),
        "mine": due(now, 51, lead=team, officer=ann, claimed_at=now),
        "marked": due(now, 52, lead=team, hate=True, vulnerable=True, what_happened="Needles in the stairs"),
        "other": due(
            now, 53, lead=team, channel="paper", received_at=dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC)
        ),
    }

    assert shown(signed_in, query) == [reports[name].reference for name in found]


def test_filters_by_officer_category_area_and_agency(signed_in, team, bob, now):
    town = AreaFactory(partnership=team.partnership, parent=AreaFactory(partnership=team.partnership))
    ward = AreaFactory(partnership=team.partnership, parent=town)
    noise = CategoryFactory(lead=team)
    soha = PartnerFactory(partnership=team.partnership)
    there = due(now, 1, lead=team, ward=ward, officer=bob, claimed_at=now, source_partner=soha)
    there.categories.add(noise, CategoryFactory(lead=team))
    due(now, 2, lead=team, local_area=AreaFactory(partnership=team.partnership, parent=town.parent))

    for query in (f"who={bob.pk}", f"category={noise.pk}", f"area={town.pk}", f"agency={soha.pk}"):
        assert shown(signed_in, query) == [there.reference], query


@pytest.mark.parametrize("typed", ["{reference}", "{lower}", "{number}", "R-26-{number}", "26-{number}"])
def test_a_reference_is_found_however_it_is_typed(signed_in, team, now, typed):
    ReportFactory(lead=team)
    code = team.partnership.code
    wanted = due(now, 1, lead=team, reference=f"{code}-R-26-000398")

    query = typed.format(reference=wanted.reference, lower=wanted.reference.lower(), number="398")

    assert shown(signed_in, f"q={query}") == [wanted.reference]


def test_selected_filters_are_chips_that_can_be_taken_away(signed_in):
    page = signed_in.get(f"{QUEUE}?tab=waiting&risk=3&risk=2&who=nobody&after=7").content.decode()

    assert "Risk: High risk" in page
    assert 'href="?tab=waiting&amp;risk=2&amp;who=nobody"' in page
    assert 'href="?tab=waiting&amp;risk=3&amp;risk=2"' in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("received_from=never", "must be a real date"),
        ("risk=9", "Select"),
        ("who=999999", "Select"),
        ("area=x", "Select"),
    ],
)
def test_a_filter_that_makes_no_sense_says_so_and_is_left_out(signed_in, team, now, query, message):
    report = due(now, 1, lead=team)

    page = signed_in.get(f"{QUEUE}?{query}")

    assert message in page.content.decode()
    assert report.reference in page.content.decode()


def test_an_empty_list_says_what_would_be_there(signed_in):
    assert "Nothing waits for triage" in signed_in.get(QUEUE).content.decode()
    assert "No report matches these filters" in signed_in.get(f"{QUEUE}?risk=3").content.decode()
    assert "No reports yet" in signed_in.get(f"{QUEUE}?tab=decided").content.decode()


def test_tabs_show_what_was_decided_and_everything(signed_in, team, now):
    waits = due(now, 1, lead=team)
    decided = ReportFactory(lead=team, status="advice", received_at=now - dt.timedelta(days=1))
    recorded = ReportFactory(lead=team, status="recorded", received_at=now - dt.timedelta(days=2))

    assert shown(signed_in) == [waits.reference]
    assert shown(signed_in, "tab=decided") == [decided.reference]
    assert shown(signed_in, "tab=all") == [decided.reference, recorded.reference, waits.reference]
    assert shown(signed_in, "tab=nonsense") == [waits.reference]


def test_pages_keep_the_order_and_lose_nothing(signed_in, team, now):
    """Reports of one risk and one due moment stand at the end of a page."""
    reports = [due(now, 5, lead=team, risk=1 + n % 2) for n in range(60)]
    wanted = [
        each.reference
        for each in sorted(reports, key=lambda report: (-report.risk, report.clock_due_at, report.pk))
    ]

    seen, url = [], QUEUE
    while url:
        page = signed_in.get(url).content.decode()
        seen += re.findall(r"data-row-link>([^<]+)<", page)
        following = re.search(r'pagination__next">\s*<a[^>]*href="([^"]+)"', page)
        url = QUEUE + following[1].replace("&amp;", "&") if following else ""

    assert seen == wanted


def test_a_partner_sees_what_is_shared_with_it_cut_to_the_share(client, team, now):
    soha = PartnerFactory(partnership=team.partnership)
    place = PlaceFactory(lead=team, address="4 Mill Road")
    summary, full, unshared = (
        due(now, n, lead=team, what_happened=f"Secret {n}", place=place, local_area=None) for n in (1, 2, 3)
    )
    for report, level in ((summary, 2), (full, 3)):
        ReportPersonFactory(report=report, person=PersonFactory(lead=team, name=f"Vic {report.pk}"))
        sharing.share(record=report, to_partner=soha, level=level, at=now, **TERMS)
    client.force_login(user_at(soha))

    assert shown(client) == [summary.reference, full.reference]
    page = client.get(QUEUE).content.decode()
    assert "Secret 2" in page
    assert f"Vic {full.pk}" in page
    assert "Secret 1" not in page
    assert f"Vic {summary.pk}" not in page
    assert page.count("4 Mill Road") == 1
    assert unshared.reference not in page
    assert "Claim" not in page


def test_a_protected_address_is_not_shown_outside_the_team(client, team, ann, now):
    soha = PartnerFactory(partnership=team.partnership)
    place = PlaceFactory(lead=team, address="4 Mill Road")
    report = due(now, 1, lead=team, place=place)
    ReportPersonFactory(report=report, person=PersonFactory(lead=team, place=place, do_not_disclose=True))
    sharing.share(record=report, to_partner=soha, level=3, at=now, **TERMS)

    client.force_login(ann)
    assert "4 Mill Road" in client.get(QUEUE).content.decode()
    client.force_login(user_at(soha))
    assert "4 Mill Road" not in client.get(QUEUE).content.decode()


def test_a_possible_duplicate_that_the_reader_may_not_see_is_not_named(client, team, now):
    soha = PartnerFactory(partnership=team.partnership)
    hidden = due(now, 1, lead=team)
    report = due(now, 2, lead=team, likely_duplicate_of=hidden)
    sharing.share(record=report, to_partner=soha, level=4, at=now, **TERMS)
    client.force_login(user_at(soha))

    assert hidden.reference not in client.get(QUEUE).content.decode()


def test_another_partnerships_reports_are_not_there(signed_in, now):
    due(now, 1)

    assert shown(signed_in) == []
    assert shown(signed_in, "tab=all") == []


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.BOARD, Role.PROVIDER])
def test_queue_is_closed_to_roles_without_casework(client, team, role):
    client.force_login(user_at(team, role))

    assert client.get(QUEUE).status_code == 403


def test_queue_asks_the_same_number_of_questions_for_one_row_and_for_three(signed_in, team, bob, now):
    def fill():
        report = due(now, 1, lead=team, place=PlaceFactory(lead=team), officer=bob, claimed_at=now)
        report.categories.add(CategoryFactory(lead=team))
        ReportPersonFactory(report=report, person=PersonFactory(lead=team))

    fill()
    one = queries_of(lambda: signed_in.get(QUEUE))
    for _ in range(2):
        fill()
    three = queries_of(lambda: signed_in.get(QUEUE))

    assert len(one) == len(three) <= 12


@pytest.mark.parametrize(
    ("tab", "index"), [("waiting", "report_queue"), ("decided", "report_triaged"), ("all", "report_newest")]
)
def test_an_index_ends_the_sort_of_every_list(team, ann, tab, index):
    """A small table is sorted sooner, so sorting is forbidden here: what counts is that it need not be."""
    seen = Queue.read(ann, team.partnership, team, QueryDict(f"tab={tab}"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        plan = seen.reports.order_by(*seen.order)[:26].explain()

    assert f"Index Scan using {index}" in plan
    assert "Sort Key: cases_report" not in plan


def test_reports_survive_a_search_that_is_not_words(signed_in, team, now):
    due(now, 1, lead=team)

    for odd in ("'", '"', "a & | !", "(((", "\\", "%", "x" * 500):
        assert signed_in.get(QUEUE, {"q": odd}).status_code == 200
    assert Report.objects.count() == 1
