"""The gate under chance: lists, pages, counts and "who can see this" give one answer."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Report
from csp.agencies.access import get_permitted, level_for
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.agencies.services.visibility import who_can_see
from tests.agencies.test_sharing import TERMS
from tests.factories.agencies import MembershipFactory, PartnerFactory, PartnershipFactory, UserFactory
from tests.factories.cases import ReportFactory

DAY = dt.timedelta(days=1)
PARTNERS, USERS, REPORTS = 4, 4, 3
DAYS = st.sampled_from([None, -2, 0, 3])  # of an end: none, passed, today, to come

seats = st.lists(
    st.tuples(st.integers(0, USERS - 1), st.integers(0, PARTNERS - 1), st.sampled_from(Role), DAYS),
    max_size=8,
)
shares = st.lists(
    st.tuples(
        st.integers(0, REPORTS - 1),
        st.integers(0, PARTNERS - 1),
        st.sampled_from(ShareLevel),
        st.booleans(),  # ended again
    ),
    max_size=6,
)
leavers = st.lists(st.tuples(st.integers(0, PARTNERS - 1), DAYS), max_size=2)
disabled = st.sets(st.integers(0, USERS - 1), max_size=2)


def build(seats, shares, leavers, disabled):
    """Two partnerships; the last partner is in the other one."""
    now = timezone.now()
    today = timezone.localdate(now)
    here = PartnershipFactory()
    partners = [PartnerFactory(partnership=here) for _ in range(PARTNERS - 1)] + [PartnerFactory()]
    users = [UserFactory(is_active=number not in disabled) for number in range(USERS)]
    reports = [ReportFactory(lead=partners[number]) for number in range(REPORTS)]
    for report, partner, level, ended in shares:
        try:
            made = sharing.share(
                record=reports[report], to_partner=partners[partner], level=level, by=None, at=now, **TERMS
            )
        except sharing.CannotShare:
            continue
        if ended:
            sharing.end_share(share=made, reason="Done", by=None, at=now)
    for user, partner, role, ends in dict.fromkeys(seats):
        if not users[user].memberships.filter(partner=partners[partner], role=role, ends_on=None).exists():
            ends_on = None if ends is None else today + ends * DAY
            MembershipFactory(user=users[user], partner=partners[partner], role=role, ends_on=ends_on)
    for partner, days in leavers:
        partners[partner].left_on = None if days is None else today + days * DAY
        partners[partner].save(update_fields=["left_on"])
    for user in users:
        user.forget_seats()
    return users, reports, now


def opens(user, report):
    try:
        return get_permitted(Report.objects.all(), user, "reports.view", pk=report.pk) == report
    except (Http404, PermissionDenied):
        return False


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seats=seats, shares=shares, leavers=leavers, disabled=disabled)
def test_list_page_count_and_who_can_see_agree(seats, shares, leavers, disabled):
    users, reports, now = build(seats, shares, leavers, disabled)
    pks = [report.pk for report in reports]
    told = {
        report.pk: {
            seat.user_id: each.level
            for each in sorted(who_can_see(report, now), key=lambda each: each.level)
            for seat in each.memberships
        }
        for report in reports
    }

    for user in users:
        listed = Report.objects.visible_to(user).filter(pk__in=pks)
        names = {report.pk for report in listed}
        assert listed.count() == len(names)
        assert names == {report.pk for report in reports if opens(user, report)}
        assert names == {pk for pk, people in told.items() if people.get(user.pk, 0) >= ShareLevel.SUMMARY}
        assert set(Report.objects.readable_by(user).filter(pk__in=pks).values_list("pk", flat=True)) == {
            report.pk for report in reports if (level_for(user, report) or 0) >= ShareLevel.FULL
        }
