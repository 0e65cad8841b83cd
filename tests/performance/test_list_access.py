"""What stands in a list behind a figure says nothing that the page of the record keeps from its reader."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import Channel, Risk
from cases.models import Case, Report
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.measures import all_measures
from csp.agencies.models import Partner, User
from csp.agencies.services.sharing import grant
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, CategoryFactory, ReportFactory

pytestmark = pytest.mark.django_db
JUNE = dt.datetime(2021, 6, 8, 9, tzinfo=dt.UTC)


@pytest.fixture
def police(team: Partner) -> Partner:
    return PartnerFactory(partnership=team.partnership, name="Police")


@pytest.fixture
def practitioner(police: Partner) -> User:
    return user_at(police, Role.PRACTITIONER)


@pytest.fixture
def report(team: Partner, soha: Partner) -> Report:
    """A tenant's complaint that Soha sent on, of high risk, whose triage is late."""
    late = {"clock_started_at": JUNE, "clock_amber_at": JUNE, "clock_due_at": JUNE}
    made = ReportFactory(
        lead=team, received_at=JUNE, source_partner=soha, risk=Risk.HIGH, channel=Channel.PHONE, **late
    )
    made.categories.add(CategoryFactory(lead=team))
    return made


@pytest.fixture
def case(team: Partner) -> Case:
    return CaseFactory(lead=team, opened_at=JUNE, update_due_on=JUNE.date(), risk_due_on=JUNE.date())


def is_listed(client: Client, user: User, record: Report | Case, name: str, **query: object) -> bool:
    client.force_login(user)
    page = client.get(reverse("performance:records", args=[name]), {"period": "2021-22"} | query)
    assert page.status_code == 200
    return record.reference in page.content.decode()


def cuts_that_tell_more(report: Report) -> list[tuple[str, dict[str, object]]]:
    risk, agency, channel = {"risk": report.risk}, {"agency": report.source_partner_id}, {"channel": "phone"}
    return [
        ("reports-received", risk), ("reports-received", agency), ("reports-received", channel),
        ("reports-received", {"category": report.categories.get().pk} | channel), ("reports-waiting", risk),
    ]  # fmt: skip


def test_a_cut_that_tells_more_holds_only_what_may_be_read_in_full(
    client: Client, officer: User, practitioner: User, police: Partner, report: Report
) -> None:
    grant(record=report, partner=police, level=ShareLevel.SUMMARY)
    assert is_listed(client, practitioner, report, "reports-received")
    for name, cut in cuts_that_tell_more(report):
        assert is_listed(client, officer, report, name, **cut), (name, cut)
        assert not is_listed(client, practitioner, report, name, **cut), (name, cut)

    grant(record=report, partner=police, level=ShareLevel.FULL)
    for name, cut in cuts_that_tell_more(report):
        assert is_listed(client, practitioner, report, name, **cut), (name, cut)


def test_a_cut_by_what_a_summary_says_holds_summaries_too(
    client: Client, practitioner: User, police: Partner, report: Report, case: Case
) -> None:
    for record in (report, case):
        grant(record=record, partner=police, level=ShareLevel.SUMMARY)

    assert is_listed(
        client, practitioner, report, "reports-received", category=report.categories.get().pk, area="none"
    )
    assert is_listed(client, practitioner, case, "cases-opened", risk=case.risk, agency=case.lead_id)


@pytest.mark.parametrize("level", [ShareLevel.SUMMARY, ShareLevel.FULL])
def test_only_those_who_lead_it_read_that_they_are_late(
    client: Client, officer: User, practitioner: User, police: Partner, level: ShareLevel,
    report: Report, case: Case,
) -> None:  # fmt: skip
    late = [("reports-late", report), ("updates-late", case), ("risk-late", case)]
    for _, record in late:
        grant(record=record, partner=police, level=level)

    for name, record in late:
        assert is_listed(client, officer, record, name)
        assert not is_listed(client, practitioner, record, name)


def test_list_marks_what_was_not_in_time_for_those_who_lead_it(
    client: Client, officer: User, practitioner: User, police: Partner, report: Report
) -> None:
    on_time, late = ReportFactory(lead=report.lead, received_at=JUNE), report
    for each, due in ((on_time, JUNE + dt.timedelta(days=2)), (late, JUNE)):
        clock = {"clock_started_at": JUNE, "clock_amber_at": JUNE, "clock_due_at": due}
        why = "A busy week" if each == late else ""
        decided = {
            "status": "advice",
            "clock_stopped_at": JUNE + dt.timedelta(days=1),
            "clock_breach_reason": why,
        }
        Report.objects.filter(pk=each.pk).update(**clock | decided)
        grant(record=each, partner=police, level=ShareLevel.FULL)
    address = reverse("performance:records", args=["reports-triaged"])
    marked = {}
    for user in (officer, practitioner):
        client.force_login(user)
        page = client.get(address, {"period": "2021-22"})
        marked[user] = {row.reference for row, missed in page.context["rows"] if missed}
        assert len(page.context["rows"]) == 2
        assert ("Not in time" in page.content.decode()) == bool(marked[user])

    assert marked == {officer: {late.reference}, practitioner: set()}


def test_late_ones_of_a_restricted_case_are_for_those_named_on_it(
    client: Client, officer: User, team: Partner
) -> None:
    case = CaseFactory(
        lead=team, update_due_on=JUNE.date(), restricted=True, restricted_because="A colleague"
    )
    assert not is_listed(client, officer, case, "updates-late")


def test_what_only_a_whole_report_says_is_marked_so() -> None:
    """The breakdowns of every measure of reports: which of them a summary does not say."""
    of_reports = [each for each in all_measures() if each.room == "reports"]
    found = {(by.name, by.key) for measure in of_reports for by in measure.breakdowns if by.tells_more}

    assert found == {("risk", "risk"), ("agency", "source_partner"), ("channel", "channel")}
