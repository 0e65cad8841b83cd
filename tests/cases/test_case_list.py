import datetime as dt
import re

import pytest
from django.utils import timezone

from cases.enums import CaseStatus, Risk
from cases.models import CaseReference
from csp.agencies.enums import Role
from csp.agencies.models import SavedFilter
from csp.agencies.services import sharing
from tests.counting import queries_of
from tests.factories.actions import ActionFactory
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import CaseFactory, CategoryFactory, ReportFactory
from tests.factories.casework import CaseNamedFactory

pytestmark = pytest.mark.django_db
LIST = "/cases/"
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def shown(client, query=""):
    """References in the order in which the page lists them."""
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200
    return re.findall(r"data-row-link>\s*([^<\s]+)\s*<", page.content.decode())


def words_of(client, query=""):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(f"{LIST}?{query}").content.decode()).split())


def share(case, partner, level=2, **terms):
    return sharing.share(record=case, to_partner=partner, level=level, at=timezone.now(), **TERMS | terms)


def test_open_cases_are_listed_by_priority_then_the_newest(signed_in, team, now):
    standard = CaseFactory(lead=team, opened_at=now)
    old = CaseFactory(lead=team, risk=Risk.HIGH, opened_at=now - dt.timedelta(days=9))
    new = CaseFactory(lead=team, risk=Risk.HIGH, opened_at=now - dt.timedelta(days=1))
    CaseFactory(lead=team, status=CaseStatus.CLOSED, ended_at=now)

    assert shown(signed_in) == [each.reference for each in (new, old, standard)]


def test_closed_cases_come_newest_first(signed_in, team, now):
    CaseFactory(lead=team)
    first = CaseFactory(lead=team, status=CaseStatus.CLOSED, ended_at=now - dt.timedelta(days=2))
    second = CaseFactory(lead=team, status=CaseStatus.CANCELLED, ended_at=now)

    assert shown(signed_in, "tab=ended") == [second.reference, first.reference]
    assert shown(signed_in, "tab=ended&status=closed") == [first.reference]


def test_order_by_the_next_clock_puts_what_has_none_last(signed_in, team, today):
    none = CaseFactory(lead=team, risk=Risk.HIGH)
    later = CaseFactory(lead=team, update_due_on=today + dt.timedelta(days=9))
    soon = CaseFactory(
        lead=team, update_due_on=today + dt.timedelta(days=8), risk_due_on=today + dt.timedelta(days=1)
    )

    assert shown(signed_in, "sort=clock") == [each.reference for each in (soon, later, none)]
    assert shown(signed_in, f"sort=clock&after={soon.pk}") == [later.reference, none.reference]
    assert shown(signed_in, f"sort=clock&before={none.pk}") == [soon.reference, later.reference]


def test_order_by_newest(signed_in, team, now):
    old = CaseFactory(lead=team, risk=Risk.HIGH, opened_at=now - dt.timedelta(days=9))
    new = CaseFactory(lead=team, opened_at=now)

    assert shown(signed_in, "sort=newest") == [new.reference, old.reference]
    assert shown(signed_in, "sort=rubbish") == [old.reference, new.reference]


@pytest.mark.parametrize(
    ("clock", "field"), [("update", "update_due_on"), ("risk", "risk_due_on")], ids=["update", "risk"]
)
def test_a_clock_is_late_from_the_day_after(signed_in, team, today, clock, field):
    day = dt.timedelta(days=1)
    late, *_ = (CaseFactory(lead=team, **{field: today + each}) for each in (-day, 0 * day, day))

    assert shown(signed_in, f"clock={clock}") == [late.reference]


def test_filters_narrow_the_list(signed_in, team, soha, ann, now):
    area = AreaFactory(partnership=team.partnership, name="Didcot")
    noise = CategoryFactory(lead=team, label="Noise")
    wanted = CaseFactory(
        lead=team,
        reference=f"{team.partnership.code}-C-{now:%y}-000123",
        officer=ann,
        status=CaseStatus.ON_HOLD,
        held_from=CaseStatus.OPEN,
        hold_reason="Court",
        local_area=area,
        risk=Risk.MEDIUM,
        opened_at=now - dt.timedelta(days=3),
        title="Drums, Mill Road",
    )
    wanted.categories.add(noise)
    share(wanted, soha)
    ReportFactory(lead=team, status="case_opened", case=wanted, hate=True)
    CaseReference.objects.create(case=wanted, partner=team, reference="ab/77")
    CaseFactory(lead=team, opened_at=now)
    day = (now - dt.timedelta(days=3)).strftime

    for query in (
        "status=on_hold",
        "risk=2",
        "clock=hold",
        "who=me",
        f"category={noise.pk}",
        f"area={area.pk}",
        f"shared={soha.pk}",
        "hate=yes",
        "q=drumming",
        "q=ab/77",
        f"q={wanted.reference}",
        f"q={int(wanted.reference[-6:])}",
        f"opened_until={day('%d/%m/%Y')}",
        f"opened_from={day('%d/%m/%Y')}&opened_until={day('%d/%m/%Y')}",
    ):
        assert shown(signed_in, query) == [wanted.reference], query
    assert len(shown(signed_in, f"lead={team.pk}")) == 2
    bob = user_at(team, Role.OFFICER)
    other = CaseFactory(lead=team, officer=bob)
    assert shown(signed_in, f"who={bob.pk}") == [other.reference]
    assert len(shown(signed_in, "who=nobody")) == 1


def test_what_cannot_be_read_says_so_and_filters_nothing(signed_in, team):
    case = CaseFactory(lead=team)

    page = signed_in.get(f"{LIST}?opened_from=31/2/2026&risk=99&who=17x").content.decode()

    assert case.reference in page
    assert "31/2/2026" in page
    assert "govuk-error-message" in page


def test_selected_filters_are_chips_that_take_themselves_away(signed_in, team, ann):
    page = signed_in.get(f"{LIST}?who=me&risk=3&risk=2&after=9")
    chips = {chip.label: chip.url for chip in page.context["seen"].chips}

    assert chips["Officer: Me"] == "?who=&risk=3&risk=2" or chips["Officer: Me"] == "?risk=3&risk=2"
    assert "Priority: High" in " ".join(chips)


def test_columns_are_the_persons_choice(signed_in, team, ann):
    CaseFactory(lead=team, officer=ann)

    usual, chosen = words_of(signed_in), words_of(signed_in, "cols=opened&cols=own_reference")

    assert "Ann Archer" in usual
    assert "Our reference" in chosen
    table = (
        signed_in.get(f"{LIST}?cols=opened").content.decode().partition("<table")[2].partition("</table")[0]
    )
    assert "Ann Archer" not in table
    assert "Opened" in table


def test_a_partner_reads_in_its_own_words(client, team, soha, today):
    case, other = CaseFactory(lead=team, title="Drums"), CaseFactory(lead=team, title="Not theirs")
    share(case, soha, 3, handling="Do not tell the tenant")
    share(case, PartnerFactory(partnership=team.partnership, name="Police"))
    CaseReference.objects.create(case=case, partner=soha, reference="T-44")
    for days in (-2, 5):
        ActionFactory(lead=team, owner=soha, target=case, due_on=today + dt.timedelta(days=days))
    client.force_login(user_at(soha))

    text = words_of(client)
    assert shown(client) == [case.reference]
    for words in ("Asked of us", "2, 1 late", "In full", "T-44", "Who leads", "Community Safety"):
        assert words in text, words
    assert other.title not in text
    assert "Choose" not in text
    assert "Do not tell the tenant" in words_of(client, "cols=handling")


def test_a_partner_never_learns_with_whom_else_it_is_shared(client, team, soha):
    police = PartnerFactory(partnership=team.partnership, name="Police")
    case = CaseFactory(lead=team)
    share(case, soha)
    share(case, police)
    client.force_login(user_at(soha))

    assert shown(client, f"shared={police.pk}") == shown(client, f"shared={team.pk}") == [case.reference]
    table = client.get(f"{LIST}?cols=shared_with").content.decode().partition("<table")[2]
    assert "Police" not in table


def test_hate_is_for_who_may_read_the_report(client, team, soha):
    case = CaseFactory(lead=team)
    ReportFactory(lead=team, status="case_opened", case=case, hate=True)
    share(case, soha)
    client.force_login(user_at(soha))

    assert shown(client) == [case.reference]
    assert shown(client, "hate=yes") == []


def test_the_reference_of_another_agency_is_not_found(client, team, soha, signed_in):
    police = PartnerFactory(partnership=team.partnership, name="Police")
    case = CaseFactory(lead=team)
    for partner in (soha, police):
        share(case, partner)
    CaseReference.objects.create(case=case, partner=police, reference="CRIME1")

    assert shown(signed_in, "q=CRIME1") == [case.reference]
    client.force_login(user_at(soha))
    assert shown(client, "q=CRIME1") == []


def test_a_restricted_case_is_listed_for_those_named(client, team, ann):
    case = CaseFactory(lead=team, restricted=True, restricted_because="A colleague")
    client.force_login(ann)
    assert shown(client) == []

    CaseNamedFactory(case=case, user=ann)
    assert shown(client) == [case.reference]


def test_empty_lists_say_what_to_do(client, signed_in, soha):
    assert "Go to reports" in words_of(signed_in)
    assert "No case matches these filters" in words_of(signed_in, "risk=3")
    assert "No closed cases" in words_of(signed_in, "tab=ended")
    client.force_login(user_at(soha))
    assert "No open cases are shared with you" in words_of(client)


def test_a_filter_is_saved_as_a_tab_of_this_list(signed_in, ann):
    answer = signed_in.post(
        "/cases/filters/save/", {"name": "Hot", "query": "risk=3&cols=opened&after=9"}, follow=True
    )

    saved = SavedFilter.objects.get()
    assert (saved.room, saved.query) == ("cases", "risk=3&cols=opened")
    assert answer.request["PATH_INFO"] == LIST
    assert "Hot" not in signed_in.get("/reports/").content.decode()
    assert "Hot" in signed_in.get("/cases/filters/").content.decode()
    assert signed_in.get(f"/reports/filters/{saved.pk}/").status_code == 404
    signed_in.post(f"/cases/filters/{saved.pk}/delete/")
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("query", ["", "tab=ended", "sort=clock&q=drums", "who=me&hate=yes&q=AB1"])
def test_the_list_costs_the_same_whatever_it_shows(signed_in, team, ann, soha, now, query):
    def fill():
        for ended in ({}, {"status": "closed", "ended_at": now}):
            case = CaseFactory(lead=team, officer=ann, title="Drums", **ended)
            share(case, soha)
            case.categories.add(CategoryFactory(lead=team))
            ActionFactory(lead=team, owner=soha, target=case)
            CaseReference.objects.create(case=case, partner=team, reference="AB1")

    fill()
    shown(signed_in, query)
    one = queries_of(lambda: shown(signed_in, query))
    for _ in range(3):
        fill()
    many = queries_of(lambda: shown(signed_in, query))

    assert len(one) == len(many)
    assert len(many) <= 12, "\n".join(each[:150] for each in many)


@pytest.mark.parametrize("sort", ["priority", "newest", "clock"])
def test_the_case_page_leads_to_its_neighbours_in_the_list(signed_in, team, now, today, sort):
    for days in range(3):
        CaseFactory(
            lead=team, opened_at=now - dt.timedelta(days=days), update_due_on=today + dt.timedelta(days)
        )
    first, middle, last = shown(signed_in, f"sort={sort}")
    page = signed_in.get(f"{LIST}{middle}/?list=sort%3D{sort}").content.decode()

    assert f'rel="prev" href="{LIST}{first}/?list=sort%3D{sort}"' in page
    assert f'rel="next" href="{LIST}{last}/?list=sort%3D{sort}"' in page
    assert f'href="{LIST}?sort={sort}"' in page
    assert 'rel="next"' not in signed_in.get(f"{LIST}{middle}/").content.decode()


def test_rows_keep_the_list_from_which_they_are_opened(signed_in, team):
    case = CaseFactory(lead=team, risk=Risk.HIGH)
    page = signed_in.get(f"{LIST}?risk=3").content.decode()

    assert f'href="{LIST}{case}/?list=risk%3D3"' in page
