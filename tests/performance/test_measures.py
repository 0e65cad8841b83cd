"""Every figure opens what it counts: the list of measures, the lists behind them."""

import datetime as dt
import html

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import InterventionKind, InterventionStatus, ReportStatus
from cases.models import Case, Category, Report
from csp.agencies.enums import AreaKind, Role, ShareLevel
from csp.agencies.measures import NONE, Measure, Question, all_measures, answers
from csp.agencies.models import Area, Partner, User
from csp.agencies.services.sharing import grant
from csp.core.calendar import Period
from csp.core.record_rows import row_of, with_what_is_shown
from tests.counting import queries_of
from tests.factories.actions import ActionFactory
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import CaseFactory, CategoryFactory, ReportFactory
from tests.factories.casework import InterventionFactory, RiskAssessmentFactory
from tests.performance.destroyed_scene import destroy, old_case, old_report

pytestmark = pytest.mark.django_db
YEAR = Period.named("2021-22")
JUNE = dt.datetime(2021, 6, 8, 9, tzinfo=dt.UTC)


@pytest.fixture
def police(team: Partner) -> Partner:
    return PartnerFactory(partnership=team.partnership, name="Police")


@pytest.fixture
def area(team: Partner) -> Area:
    return AreaFactory(partnership=team.partnership, name="Abingdon")


def reported(team: Partner, **more: object) -> Report:
    return ReportFactory(lead=team, **{"received_at": JUNE} | more)


def a_year_of_work(team: Partner, police: Partner) -> None:
    """A record of most kinds, some of them open to the police."""
    shared, kept = reported(team, hate=True, repeat_victim=True), reported(team)
    decided = reported(team, status=ReportStatus.ADVICE, clock_started_at=JUNE, clock_stopped_at=JUNE,
                       clock_due_at=JUNE, clock_amber_at=JUNE)  # fmt: skip
    for report in (shared, decided):
        grant(record=report, partner=police, level=ShareLevel.SUMMARY)
    case = CaseFactory(lead=team, opened_at=JUNE, update_due_on=JUNE.date(), risk_due_on=JUNE.date())
    RiskAssessmentFactory(case=case, at=JUNE)
    InterventionFactory(case=case, status=InterventionStatus.ENDED, served_at=JUNE)
    ActionFactory(lead=team, owner=police, due_on=JUNE.date(), asked_at=JUNE)
    ActionFactory(lead=team, due_on=JUNE.date(), asked_at=JUNE)
    assert kept.pk


def open_list(client: Client, user: User, name: str = "reports-received", **query: str) -> str:
    client.force_login(user)
    page = client.get(reverse("performance:records", args=[name]), {"period": "2021-22"} | query)
    assert page.status_code == 200
    return html.unescape(page.content.decode())


@pytest.mark.parametrize("measure", all_measures(), ids=lambda each: each.name)
def test_a_figure_is_what_its_list_holds_for_one_who_may_see_all(
    measure: Measure, team: Partner, police: Partner, officer: User
) -> None:
    a_year_of_work(team, police)
    for each in (old_report(team, hate=True, repeat_victim=True), old_case(team)):
        destroy(each, officer)
    reader = user_at(police)
    figure = measure.figure(team.partnership, YEAR).number
    found = measure.records_of(team.partnership, YEAR)
    rows = [row_of(each) for each in with_what_is_shown(measure.open_to(officer, found))]

    assert len(rows) + measure.destroyed(team.partnership, YEAR) == figure
    assert all(row.url.startswith("/") for row in rows)
    assert measure.open_to(reader, found).count() <= figure


def test_who_sees_less_reads_the_same_figure_over_fewer_rows(
    client: Client, team: Partner, police: Partner, officer: User
) -> None:
    for _ in range(4):
        reported(team)
    a_year_of_work(team, police)

    full = open_list(client, officer)
    assert full.count("data-row-link") == 7
    part = open_list(client, user_at(police))
    assert part.count("data-row-link") == 2
    assert "5 of them are not open to you, so they are not listed." in part
    for page in (full, part):
        assert '<p class="app-figure__number">\n        7' in page


def test_one_query_serves_all_periods_and_breakdowns(team: Partner, area: Area) -> None:
    reported(team, local_area=area)
    quarters = [Period.named(f"2021-22-Q{number}") for number in (1, 2, 3, 4)]
    measure = next(each for each in all_measures() if each.name == "reports-received")
    questions = [Question(measure, each) for each in quarters]
    questions += [Question(measure, YEAR, each) for each in measure.breakdowns]

    assert len(queries_of(lambda: answers(team.partnership, questions))) == 1
    found = answers(team.partnership, questions)
    assert [each.whole.number for each in found[:4]] == [1, 0, 0, 0]
    assert [each.number for answer in found[4:] for each in answer.figures] == [1] * len(measure.breakdowns)


def test_a_list_is_cut_by_what_it_is_counted_by(
    client: Client, team: Partner, officer: User, area: Area
) -> None:
    noise: Category = CategoryFactory(lead=team, label="Noise")
    reported(team, local_area=area).categories.add(noise)
    reported(team).categories.add(noise)
    reported(team, received_at=JUNE - dt.timedelta(days=365))

    page = open_list(client, officer, category=str(noise.pk), area=str(area.pk))
    assert page.count("data-row-link") == 1
    assert "Category: Noise" in page
    assert f"?period=2021-22&area={area.pk}" in page
    assert open_list(client, officer, area=NONE).count("data-row-link") == 1
    assert "Area: Abingdon" in open_list(client, officer, period="2020-21", area=str(area.pk))


def test_an_agency_reads_a_small_number_as_fewer_than_five(
    client: Client, team: Partner, police: Partner, area: Area
) -> None:
    other = AreaFactory(partnership=team.partnership, name="Wantage")
    report = reported(team, local_area=area)
    grant(record=report, partner=police, level=ShareLevel.SUMMARY)
    reported(team, local_area=area)
    for _ in range(6):
        reported(team, local_area=other)
    reader = user_at(police)

    page = open_list(client, reader, area=str(area.pk))
    assert "fewer than 5" in page
    assert page.count("data-row-link") == 1
    assert "not open to you" not in page
    assert "not shown" in open_list(client, reader, area=str(other.pk))
    assert "not shown" in open_list(client, reader, area=str(other.pk), channel="phone")
    assert '<p class="app-figure__number">\n        8' in open_list(client, reader)


def of_each_quarter(team: Partner, *numbers: int, **more: object) -> None:
    for quarter, number in enumerate(numbers):
        for _ in range(number):
            reported(team, received_at=JUNE + quarter * dt.timedelta(days=91), **more)


def test_a_year_does_not_tell_an_agency_what_its_quarters_hold_back(
    client: Client, team: Partner, police: Partner, officer: User, area: Area
) -> None:
    of_each_quarter(team, 5, 6, 6, 3, local_area=area)
    reader = user_at(police)

    def number(user: User, **query: str) -> str:
        client.force_login(user)
        page = client.get(reverse("performance:records", args=["reports-received"]), query)
        return str(page.context["figure"].whole.words)

    for cut in ({}, {"area": str(area.pk)}):
        assert number(reader, period="2021-22-Q4", **cut) == "fewer than 5"
        assert number(reader, period="2021-22", **cut) == "not shown"
        assert number(officer, period="2021-22", **cut) == "20"
    client.force_login(reader)
    listed = client.get(reverse("performance:measures"), {"period": "2021-22"}).context["rooms"]
    words = {each.measure.name: each.shown.words for room in listed for each in room.measures}
    assert words["reports-received"] == "not shown"
    assert words["reports-triaged"] == "0"


def test_wards_do_not_tell_of_their_areas(
    client: Client, team: Partner, police: Partner, officer: User
) -> None:
    local = AreaFactory(partnership=team.partnership, name="Abingdon", kind=AreaKind.LOCAL_AREA)
    other = AreaFactory(partnership=team.partnership, name="Wantage", kind=AreaKind.LOCAL_AREA)
    wards = [AreaFactory(partnership=team.partnership, name=f"Ward {name}") for name in "XYZ"]
    for ward, of, number in zip(wards, (local, local, other), (3, 20, 6), strict=True):
        for _ in range(number):
            reported(team, ward=ward, local_area=of)

    reader, period = user_at(police), "2021-22-Q1"
    assert "Ward Z" in open_list(client, officer, period=period)
    assert "Ward Z" not in open_list(client, reader, period=period)
    assert "Abingdon" in open_list(client, reader, period=period)
    cut = open_list(client, reader, period=period, ward=str(wards[1].pk))
    assert "not shown" in cut
    assert '<p class="app-figure__number">' not in cut


def test_a_power_that_is_counted_by_itself_hides_no_other(
    client: Client, team: Partner, police: Partner
) -> None:
    kinds = {InterventionKind.CPN: 3, InterventionKind.CLOSURE_ORDER: 6, InterventionKind.ABC: 20}
    for kind, number in kinds.items():
        for _ in range(number):
            case = CaseFactory(lead=team)
            InterventionFactory(case=case, kind=kind, status=InterventionStatus.ENDED, served_at=JUNE)

    client.force_login(user_at(police))
    page = client.get(reverse("performance:records", args=["powers-used"]), {"period": "2021-22-Q1"})
    by_kind = next(each for each in page.context["figure"].tables if each.breakdown.name == "kind")
    assert {row.key: row.words for row in by_kind.rows} == {
        InterventionKind.CPN: "fewer than 5",
        InterventionKind.CLOSURE_ORDER: "6",
        InterventionKind.ABC: "not shown",
    }


def test_a_restricted_case_is_in_no_list_of_a_colleague(client: Client, team: Partner, officer: User) -> None:
    CaseFactory(lead=team, opened_at=JUNE, title="Secret", restricted=True, restricted_because="Colleague")
    CaseFactory(lead=team, opened_at=JUNE, title="Open to all")

    page = open_list(client, officer, "cases-opened")
    assert "Open to all" in page
    assert "Secret" not in page
    assert "1 of them is not open to you, so it is not listed." in page


@pytest.mark.parametrize(
    "query",
    [{"area": "x"}, {"area": "9" * 40}, {"area": "99999"}, {"channel": "pigeon"}, {"area": "1; drop"}],
)
def test_there_is_no_list_for_what_cannot_be(client: Client, officer: User, query: dict[str, str]) -> None:
    client.force_login(officer)
    page = client.get(reverse("performance:records", args=["reports-received"]), query)
    assert page.status_code == 404


def test_there_is_no_list_of_an_unknown_measure(client: Client, officer: User) -> None:
    client.force_login(officer)
    assert client.get(reverse("performance:records", args=["smiles"])).status_code == 404


@pytest.mark.parametrize("period", ["soon", "1999-00", "2021-Q9", ""])
def test_a_period_that_cannot_be_read_is_this_year(client: Client, officer: User, period: str) -> None:
    assert "Reports received" in open_list(client, officer, period=period)


@pytest.mark.parametrize(
    ("role", "listed", "opened"),
    [
        (Role.MANAGER, 200, 200), (Role.PRACTITIONER, 200, 200), (Role.AUDITOR, 200, 200),
        (Role.BOARD, 200, 403), (Role.ADMINISTRATOR, 403, 403),
    ],
)  # fmt: skip
def test_who_reads_figures_and_who_opens_them(
    client: Client, team: Partner, role: Role, listed: int, opened: int
) -> None:
    client.force_login(user_at(team, role))
    assert client.get(reverse("performance:measures")).status_code == listed
    assert client.get(reverse("performance:records", args=["cases-opened"])).status_code == opened


def test_the_list_of_measures_says_what_counts(client: Client, team: Partner, officer: User) -> None:
    reported(team)
    client.force_login(officer)
    page = html.unescape(client.get(reverse("performance:measures"), {"period": "2021-22"}).content.decode())

    for measure in all_measures():
        assert measure.rule in page
        assert f'id="{measure.name}"' in page
    assert reverse("performance:records", args=["reports-received"]) + "?period=2021-22" in page
    client.force_login(user_at(team, Role.BOARD))
    assert (
        reverse("performance:records", args=["reports-received"])
        not in client.get(reverse("performance:measures")).content.decode()
    )


def test_the_list_of_another_partnership_shows_nothing_of_ours(client: Client, team: Partner) -> None:
    CaseFactory(lead=team, opened_at=JUNE)
    stranger = user_at(PartnerFactory(receiving=True), Role.OFFICER)

    page = open_list(client, stranger, "cases-opened")
    assert "data-row-link" not in page
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "measure",
    [each for each in all_measures() if each.adds_up and not each.as_it_stands],
    ids=lambda each: each.name,
)
def test_many_periods_in_one_reading_are_each_of_them_alone(
    measure: Measure, team: Partner, police: Partner
) -> None:
    a_year_of_work(team, police)
    periods = [YEAR, *(Period.named(f"2021-22-Q{number}") for number in (1, 2, 3, 4)), YEAR.back()]
    periods.append(Period(dt.date(2021, 6, 8), dt.date(2021, 6, 8)))

    together = answers(team.partnership, [Question(measure, each) for each in periods])
    alone = [measure.figure(team.partnership, each) for each in periods]
    assert [each.whole for each in together] == alone
    assert alone[0].number == sum(each.number for each in alone[1:5])
