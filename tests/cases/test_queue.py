import datetime as dt
import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from cases.enums import Risk
from cases.models import Report
from cases.views.queue_page import Queue
from csp.agencies.enums import Role
from csp.agencies.models import SavedFilter
from csp.agencies.services import sharing
from csp.audit.models import Event
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


def test_claim_takes_the_report_and_comes_back_to_the_list(signed_in, team, ann):
    report = ReportFactory(lead=team)

    answer = signed_in.post(reverse("reports:claim", args=[report.reference]), {"next": "/reports/?risk=3"})

    report.refresh_from_db()
    assert (report.officer, answer["Location"]) == (ann, "/reports/?risk=3")
    assert Event.objects.filter(verb="report.claimed").count() == 1


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", ""])
def test_claim_never_leads_to_another_site(signed_in, team, away):
    report = ReportFactory(lead=team)

    answer = signed_in.post(reverse("reports:claim", args=[report.reference]), {"next": away})

    assert answer["Location"] == f"/reports/{report.reference}/"


@pytest.mark.parametrize("verb", ["claim", "release", "assign"])
def test_who_comes_second_is_told(client, team, ann, bob, verb, now):
    report = ReportFactory(
        lead=team, status="advice" if verb != "claim" else "new", officer=bob, claimed_at=now
    )
    client.force_login(ann)

    answer = client.post(
        reverse(f"reports:{verb}", args=[report.reference]), {"next": QUEUE, "officer": ann.pk}, follow=True
    )

    words = "Bob Baker has" if verb == "claim" else "has been decided"
    assert words in answer.content.decode()


def test_release_and_assign_change_who_has_it(signed_in, team, ann, bob, now):
    report = ReportFactory(lead=team, officer=ann, claimed_at=now)

    signed_in.post(reverse("reports:release", args=[report.reference]))
    report.refresh_from_db()
    assert report.officer is None

    signed_in.post(reverse("reports:assign", args=[report.reference]), {"officer": bob.pk})
    report.refresh_from_db()
    assert report.officer == bob


@pytest.mark.parametrize("officer", ["", "999999", "x"])
def test_assign_wants_a_colleague(signed_in, team, officer):
    report = ReportFactory(lead=team)

    answer = signed_in.post(
        reverse("reports:assign", args=[report.reference]), {"officer": officer, "next": QUEUE}, follow=True
    )

    assert "Choose a colleague" in answer.content.decode()


@pytest.mark.parametrize("verb", ["claim", "release", "assign"])
@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("partner", 403), ("board", 404)])
def test_only_the_team_claims_releases_and_assigns(client, team, now, verb, who, status):
    report = ReportFactory(lead=team)
    soha = PartnerFactory(partnership=team.partnership)
    sharing.share(record=report, to_partner=soha, level=4, at=now, **TERMS)
    user = {
        "stranger": lambda: user_at(PartnerFactory(receiving=True), Role.OFFICER),
        "partner": lambda: user_at(soha, Role.OFFICER),
        "board": lambda: user_at(team, Role.BOARD),
    }[who]()
    client.force_login(user)

    assert client.post(reverse(f"reports:{verb}", args=[report.reference])).status_code == status
    assert client.get(reverse(f"reports:{verb}", args=[report.reference])).status_code == 405


def test_a_filter_is_saved_as_a_tab(signed_in, ann):
    answer = signed_in.post(
        reverse("reports:filter_save"),
        {"name": "Hot", "query": "tab=waiting&risk=3&after=9&saved=4"},
        follow=True,
    )

    saved = SavedFilter.objects.get()
    assert (saved.owner, saved.partner, saved.query) == (ann, None, "tab=waiting&risk=3")
    assert answer.request["QUERY_STRING"] == f"tab=waiting&risk=3&saved={saved.pk}"
    page = answer.content.decode()
    assert re.search(r'aria-current="page">\s*Hot', page)
    assert Event.objects.get(verb="filter.saved").actor == ann


def test_a_shared_filter_is_a_tab_for_colleagues_alone(client, team, ann, bob):
    for name, partner in (("Ours", team), ("Mine", None)):
        SavedFilter.objects.create(owner=ann, partner=partner, room="reports", name=name, query="risk=3")

    client.force_login(bob)
    page = client.get(QUEUE).content.decode()
    assert "Ours" in page
    assert "Mine" not in page
    client.force_login(user_at(PartnerFactory(partnership=team.partnership)))
    assert "Ours" not in client.get(QUEUE).content.decode()


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "Enter a name for this filter"), ("Hot", "You have a filter called Hot already")],
)
def test_saving_a_filter_refuses_no_name_and_a_name_twice(signed_in, ann, name, message):
    SavedFilter.objects.create(owner=ann, room="reports", name="Hot", query="risk=3")

    page = signed_in.post(reverse("reports:filter_save"), {"name": name, "query": "who=me"}).content.decode()

    assert message in page
    assert 'value="who=me"' in page
    assert SavedFilter.objects.count() == 1


def test_there_are_only_so_many_saved_filters(signed_in, ann):
    SavedFilter.objects.bulk_create(
        SavedFilter(owner=ann, room="reports", name=str(n), query="risk=3") for n in range(20)
    )

    page = signed_in.post(reverse("reports:filter_save"), {"name": "More", "query": "who=me"})

    assert "Delete one first" in page.content.decode()


def test_a_saved_filter_is_renamed_shared_and_deleted(signed_in, team, ann):
    saved = SavedFilter.objects.create(owner=ann, room="reports", name="Hot", query="risk=3")
    change = reverse("reports:filter_change", args=[saved.pk])
    assert 'value="Hot"' in signed_in.get(change).content.decode()

    signed_in.post(change, {"name": "Hotter", "shared": "on", "query": "ignored"})
    saved.refresh_from_db()
    assert (saved.name, saved.partner, saved.query) == ("Hotter", team, "risk=3")

    assert "Hotter" in signed_in.get(reverse("reports:filters")).content.decode()
    signed_in.post(reverse("reports:filter_delete", args=[saved.pk]))
    assert not SavedFilter.objects.exists()
    assert "You have no saved filters" in signed_in.get(reverse("reports:filters")).content.decode()


def test_renaming_to_a_name_in_use_says_so(signed_in, ann):
    for name in ("Hot", "Cold"):
        saved = SavedFilter.objects.create(owner=ann, room="reports", name=name, query="risk=3")

    page = signed_in.post(reverse("reports:filter_change", args=[saved.pk]), {"name": "Hot"})

    assert "You have a filter called Hot already" in page.content.decode()


def test_too_many_filters_are_not_saved_half(signed_in):
    query = "&".join(f"category={n}" for n in range(200))[:1000]
    page = signed_in.post(reverse("reports:filter_save"), {"name": "Long", "query": query + "&risk=2"})

    assert not SavedFilter.objects.exists()
    assert "These are too many filters to save" in page.content.decode()


@pytest.mark.parametrize("page", ["filter_change", "filter_delete"])
def test_a_saved_filter_belongs_to_who_saved_it(client, team, ann, bob, page):
    saved = SavedFilter.objects.create(owner=ann, partner=team, room="reports", name="Ours", query="risk=3")
    client.force_login(bob)

    assert client.post(reverse(f"reports:{page}", args=[saved.pk]), {"name": "X"}).status_code == 404
    assert SavedFilter.objects.get().name == "Ours"


@pytest.mark.parametrize("count", [1, 3])
def test_saved_filters_cost_the_same_however_many(signed_in, ann, count):
    for n in range(count):
        SavedFilter.objects.create(owner=ann, room="reports", name=str(n), query="risk=3")

    questions = queries_of(lambda: signed_in.get(reverse("reports:filters")))

    assert len(questions) <= 6


@pytest.mark.parametrize("page", ["filters", "filter_save"])
def test_saved_filters_are_closed_to_roles_without_casework(client, team, page):
    client.force_login(user_at(team, Role.BOARD))
    ask = client.post if page == "filter_save" else client.get

    assert ask(reverse(f"reports:{page}")).status_code == 403


def test_reports_survive_a_search_that_is_not_words(signed_in, team, now):
    due(now, 1, lead=team)

    for odd in ("'", '"', "a & | !", "(((", "\\", "%", "x" * 500):
        assert signed_in.get(QUEUE, {"q": odd}).status_code == 200
    assert Report.objects.count() == 1
