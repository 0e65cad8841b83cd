import datetime as dt

import pytest
from django.http import Http404
from django.urls import reverse

from cases.models import Report, ReportShare
from csp.agencies import access, tasks
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.agencies.services.sharing import CannotShare
from csp.agencies.services.visibility import who_can_see
from csp.audit.models import Event
from tests.factories.actions import ActionFactory
from tests.factories.agencies import MembershipFactory, PartnerFactory, UserFactory, user_at
from tests.factories.cases import NOON, ReportFactory

TERMS = {
    "gateway": "cda_115",
    "purpose": "Joint visit",
    "necessity": "They hold the tenancy",
    "consent": "given",
}
LATER = NOON + dt.timedelta(days=7)


@pytest.fixture
def report():
    return ReportFactory()


@pytest.fixture
def soha(report):
    return PartnerFactory(partnership=report.partnership, name="Soha")


def share(report, partner, level=ShareLevel.FULL, **terms):
    return sharing.share(
        record=report, to_partner=partner, level=level, by=None, at=NOON, **{**TERMS, **terms}
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("level", "seen", "read"),
    [
        (ShareLevel.EXISTENCE, False, False),
        (ShareLevel.SUMMARY, True, False),
        (ShareLevel.FULL, True, True),
        (ShareLevel.CONTRIBUTE, True, True),
    ],
)
def test_each_level_opens_what_it_says_and_no_more(report, soha, level, seen, read):
    user = user_at(soha)
    share(report, soha, level)

    assert Report.objects.visible_to(user).exists() is seen
    assert Report.objects.readable_by(user).exists() is read
    assert access.level_for(user, report) == level


@pytest.mark.django_db
def test_level_is_none_for_strangers_and_for_people_without_casework(report, soha):
    share(report, soha)

    for user in (user_at(PartnerFactory()), user_at(soha, Role.BOARD), UserFactory(is_superuser=True)):
        assert access.level_for(user, report) is None


@pytest.mark.django_db
def test_superuser_opens_nothing(report):
    user = UserFactory(is_superuser=True)

    assert not Report.objects.visible_to(user).exists()
    assert not user.has_perm("reports.triage", report)
    with pytest.raises(Http404):
        access.get_permitted(Report.objects.all(), user, "reports.view", pk=report.pk)


@pytest.mark.django_db
def test_share_records_the_disclosure(report, soha):
    made = share(report, soha, consent_note="By phone", handling="Do not print")

    assert (made.from_partner, made.to_partner, made.consent_note) == (report.lead, soha, "By phone")
    event = Event.objects.get()
    assert (event.verb, event.target_id, event.partner, event.reason) == (
        "report.shared",
        report.pk,
        soha,
        "Joint visit",
    )


@pytest.mark.django_db
def test_share_is_refused(report, soha):
    gone = PartnerFactory(partnership=report.partnership, left_on=dt.date(2026, 3, 4))

    with pytest.raises(CannotShare, match="not in this partnership"):
        share(report, PartnerFactory())
    with pytest.raises(CannotShare, match="left the partnership on 4 March 2026"):
        share(report, gone)
    with pytest.raises(CannotShare, match="leads this already"):
        share(report, report.lead)
    with pytest.raises(CannotShare, match="must end in the future"):
        share(report, soha, ends_at=NOON)
    share(report, soha)
    with pytest.raises(CannotShare, match="shared with Soha already"):
        share(report, soha)


@pytest.mark.django_db
def test_share_that_ran_out_does_not_stand_in_the_way_of_a_new_one(report, soha):
    first = share(report, soha, ends_at=LATER)

    sharing.share(record=report, to_partner=soha, level=ShareLevel.SUMMARY, by=None, at=LATER, **TERMS)

    first.refresh_from_db()
    assert first.ended_at == LATER
    assert access.level_for(user_at(soha), report) == ShareLevel.SUMMARY


@pytest.mark.django_db
def test_end_of_a_share_closes_the_record(report, soha):
    made = share(report, soha)

    sharing.end_share(share=made, reason="Visit done", by=None, at=LATER)

    assert not Report.objects.visible_to(user_at(soha)).exists()
    assert Event.objects.filter(verb="report.unshared", reason="Visit done").count() == 1
    with pytest.raises(CannotShare, match="ended already"):
        sharing.end_share(share=made, reason="Again", by=None, at=LATER)


@pytest.mark.django_db
def test_end_of_a_share_leaves_the_rows_of_who_leads_by_now(report, soha):
    made = share(report, soha)
    report.lead = soha
    report.save()
    sharing.grant(record=report, partner=soha, level=ShareLevel.CONTRIBUTE)

    sharing.end_share(share=made, reason="They lead it", by=None, at=LATER)

    assert access.level_for(user_at(soha), report) == ShareLevel.CONTRIBUTE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after"), [(ShareLevel.FULL, ShareLevel.SUMMARY), (ShareLevel.SUMMARY, ShareLevel.FULL)]
)
def test_change_of_level_keeps_both_disclosures(report, soha, before, after):
    made = share(report, soha, before, ends_at=LATER, handling="Do not print")

    changed = sharing.change_level(
        share=made, level=after, purpose="Less is enough", necessity="Name alone", by=None, at=NOON
    )

    assert access.level_for(user_at(soha), report) == after
    assert (changed.ends_at, changed.handling, changed.gateway) == (LATER, "Do not print", "cda_115")
    assert list(ReportShare.objects.order_by("pk").values_list("level", "ended_at")) == [
        (before, NOON),
        (after, None),
    ]
    event = Event.objects.latest("pk")
    assert (event.verb, event.detail["before"]) == ("report.shared", before.label)
    with pytest.raises(CannotShare, match="at that level already"):
        sharing.change_level(share=changed, level=after, purpose="x", necessity="x", by=None, at=NOON)


@pytest.mark.django_db
def test_shares_that_ran_out_or_whose_partner_left_end_by_themselves(report, soha):
    lasting = PartnerFactory(partnership=report.partnership)
    leaving = PartnerFactory(partnership=report.partnership)
    for partner, ends_at in ((soha, LATER), (lasting, None), (leaving, None)):
        share(report, partner, ends_at=ends_at)
    leaving.left_on = LATER.date()
    leaving.save()

    assert sharing.end_lapsed_shares(model=ReportShare, at=LATER) == 2
    assert sharing.end_lapsed_shares(model=ReportShare, at=LATER) == 0

    reasons = ReportShare.objects.exclude(ended_at=None).order_by("pk").values_list("end_reason", flat=True)
    assert list(reasons) == ["The time of the share ran out", f"{leaving} left the partnership"]
    assert ReportShare.objects.get(ended_at=None).to_partner == lasting


@pytest.mark.django_db
def test_beat_task_ends_lapsed_shares_of_every_room(report, soha):
    share(report, soha, ends_at=LATER)

    tasks.end_lapsed_shares()

    assert ReportShare.objects.get().ended_at is not None


@pytest.mark.django_db
def test_membership_that_ended_closes_what_was_shared(report, soha):
    share(report, soha)
    seat = MembershipFactory(partner=soha, ends_on=NOON.date())

    assert not Report.objects.visible_to(seat.user).exists()


@pytest.mark.django_db
def test_page_says_who_can_see_a_record_and_why(client, report, soha):
    share(report, soha, ends_at=LATER)
    user_at(soha, name="Ann Brown")
    client.force_login(user_at(report.lead))

    page = client.get(reverse("agencies:who_can_see", args=[report.reference])).content.decode()

    assert "Leads it" in page
    assert f"Shared by {report.lead}: Joint visit" in page
    assert "Ann Brown" in page
    assert "OFFICIAL-SENSITIVE" in page


@pytest.mark.django_db
def test_page_of_who_can_see_is_for_those_who_read_in_full(client, report, soha):
    url = reverse("agencies:who_can_see", args=[report.reference])
    client.force_login(user_at(PartnerFactory(partnership=report.partnership)))
    assert client.get(url).status_code == 404
    share(report, soha, ShareLevel.SUMMARY)
    client.force_login(user_at(soha))
    assert client.get(url).status_code == 403
    assert client.get(reverse("agencies:who_can_see", args=["nonsense"])).status_code == 404


@pytest.mark.django_db
def test_page_of_who_can_see_query_count(client, report, queries):
    client.force_login(user_at(report.lead))
    url = reverse("agencies:who_can_see", args=[report.reference])
    partners = [PartnerFactory(partnership=report.partnership) for _ in range(3)]
    share(report, partners[0])
    one = queries(client, url)
    for partner in partners[1:]:
        share(report, partner)
        user_at(partner)

    assert one == queries(client, url)


@pytest.mark.django_db
def test_who_can_see_an_action_says_of_whom_it_is_asked():
    action = ActionFactory()

    seen = who_can_see(action, NOON)

    assert [(each.partner, each.why) for each in seen] == [
        (action.lead, "Leads it"),
        (action.owner, "It is asked of them"),
    ]


@pytest.mark.django_db
def test_who_can_see_points_at_a_row_that_no_share_explains(report, soha):
    sharing.grant(record=report, partner=soha, level=ShareLevel.SUMMARY)

    assert "without a share" in who_can_see(report, NOON)[1].why
