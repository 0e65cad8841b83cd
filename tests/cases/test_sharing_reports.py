"""A case's shares open its reports, and close them again."""

import datetime as dt

import pytest

from cases.models import Case, Report
from cases.services import case_access
from cases.services.case_access import CannotChangeLead
from cases.services.case_reports import report_came, report_went
from csp.agencies import access, tasks
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.agencies.services.visibility import who_can_see
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, ReportFactory
from tests.factories.casework import CaseNamedFactory

pytestmark = pytest.mark.django_db
TERMS = {
    "gateway": "cda_115",
    "purpose": "Joint visit",
    "necessity": "They hold the tenancy",
    "consent": "given",
}
LATER = NOON + dt.timedelta(days=7)
NOTHING, SUMMARY, FULL, ADD = None, ShareLevel.SUMMARY, ShareLevel.FULL, ShareLevel.CONTRIBUTE


@pytest.fixture
def case():
    return CaseFactory()


@pytest.fixture
def report(case):
    return report_in(case)


@pytest.fixture
def soha(case):
    return PartnerFactory(partnership=case.partnership, name="Soha")


def report_in(case):
    return ReportFactory(lead=case.lead, case=case, status="case_opened", clock_stopped_at=NOON)


def share(record, partner, level=FULL, **terms):
    return sharing.share(
        record=record, to_partner=partner, level=level, by=None, at=NOON, **{**TERMS, **terms}
    )


def end(share_):
    return sharing.end_share(share=share_, reason="Done", by=None, at=LATER)


def level(partner, record):
    return access.level_for(user_at(partner), record)


@pytest.mark.parametrize("shared", list(ShareLevel))
def test_share_of_a_case_opens_its_reports_at_its_level(case, report, soha, shared):
    share(case, soha, shared)

    assert level(soha, report) == level(soha, case) == shared


def test_end_and_change_of_a_share_reach_the_reports(case, report, soha):
    made = share(case, soha)

    made = sharing.change_level(
        share=made, level=SUMMARY, purpose="Less", necessity="Less will do", by=None, at=NOON
    )
    assert level(soha, report) == SUMMARY

    end(made)
    assert level(soha, report) is NOTHING


@pytest.mark.parametrize(
    ("of_case", "of_report", "both"), [(SUMMARY, FULL, FULL), (FULL, SUMMARY, FULL), (ADD, ADD, ADD)]
)
def test_neither_share_takes_away_what_the_other_gives(case, report, soha, of_case, of_report, both):
    for first_ended in ("case", "report"):
        shares = {"case": share(case, soha, of_case), "report": share(report, soha, of_report)}
        assert level(soha, report) == both

        end(shares.pop(first_ended))
        assert level(soha, report) == (of_report if first_ended == "case" else of_case)

        end(shares.popitem()[1])
        assert level(soha, report) is NOTHING


def test_share_of_a_report_opens_neither_its_case_nor_its_other_reports(case, report, soha):
    other = report_in(case)
    share(report, soha)

    assert level(soha, case) is NOTHING
    assert level(soha, other) is NOTHING


def test_report_opens_when_it_comes_and_closes_when_it_goes(case, soha):
    share(case, soha, FULL)
    report = ReportFactory(lead=case.lead)
    by = user_at(case.lead, Role.OFFICER)
    Report.objects.filter(pk=report.pk).update(case=case, status="joined")
    report.refresh_from_db()

    report_came(case=case, report=report, opened=False, by=by, at=NOON)
    assert level(soha, report) == FULL
    assert level(case.lead, report) == ADD

    Report.objects.filter(pk=report.pk).update(case=None, status="new")
    report.refresh_from_db()
    report_went(case=case, report=report, by=by, at=NOON)
    assert level(soha, report) is NOTHING
    assert level(case.lead, report) == ADD


def test_share_that_runs_out_closes_the_reports(case, report, soha):
    share(case, soha, ends_at=LATER)

    tasks.end_lapsed_shares()

    assert level(soha, case) is NOTHING
    assert level(soha, report) is NOTHING


def test_partner_that_leaves_loses_the_reports(case, report, soha):
    share(case, soha)

    sharing.end_shares_with(partner=soha, reason="They left", by=None, at=LATER)

    assert not report.permission_rows.filter(group=soha.group).exists()


def test_who_can_see_a_report_names_the_case_it_comes_through(case, report, soha):
    share(case, soha, FULL)
    share(report, soha, SUMMARY)

    (_, seen) = who_can_see(report, NOON)

    assert (seen.partner, seen.level) == (soha, FULL)
    assert seen.why == f"Shared through case {case} by {case.lead}: Joint visit"


def test_hand_over_moves_the_lead_of_case_and_reports_and_leaves_a_share(case, report, soha):
    old, by = case.lead, user_at(soha)
    share(case, soha, SUMMARY)
    share(report, soha, FULL)

    case = case_access.change_lead(case=case, to_partner=soha, by=by, at=LATER, reason="They can act")

    report.refresh_from_db()
    assert (case.lead, report.lead) == (soha, soha)
    assert level(soha, case) == level(soha, report) == level(old, case) == level(old, report) == ADD
    kept = case.shares.get(ended_at=None)
    assert (kept.to_partner, kept.from_partner, kept.level) == (old, soha, ADD)
    assert not report.shares.filter(ended_at=None).exists()
    assert Event.objects.filter(verb="case.lead_changed", partner=soha, reason="They can act").count() == 1

    end(kept)
    assert level(old, case) is level(old, report) is NOTHING


def test_hand_over_takes_what_was_merged_along(case, soha):
    gone = CaseFactory(lead=case.lead, merged_into=case, status="cancelled", ended_at=NOON)
    joined = report_in(gone)

    case_access.change_lead(case=case, to_partner=soha, by=user_at(soha), at=LATER, reason="They can act")

    gone.refresh_from_db()
    assert gone.lead == soha
    assert level(soha, joined) == ADD


def test_who_takes_a_restricted_case_over_is_named(case, soha):
    CaseNamedFactory(case=case, user=user_at(case.lead))
    Case.objects.filter(pk=case.pk).update(restricted=True, restricted_because="A colleague is in it")
    by, colleague = user_at(soha), user_at(soha)

    case = case_access.change_lead(case=case, to_partner=soha, by=by, at=LATER, reason="They can act")

    assert Case.objects.visible_to(by).filter(pk=case.pk).exists()
    assert not Case.objects.visible_to(colleague).filter(pk=case.pk).exists()


def test_hand_over_to_its_own_lead_or_to_a_stranger_is_refused(case):
    given = {"case": case, "by": user_at(case.lead), "at": LATER, "reason": "So"}
    with pytest.raises(CannotChangeLead, match=r"leads .* already"):
        case_access.change_lead(to_partner=case.lead, **given)
    with pytest.raises(CannotChangeLead, match="not in this partnership"):
        case_access.change_lead(to_partner=PartnerFactory(), **given)
