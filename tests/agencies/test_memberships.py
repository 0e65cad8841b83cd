import datetime as dt

import pytest

from csp.agencies import tasks
from csp.agencies.enums import GIVABLE_ROLES, Role
from csp.agencies.models import Membership, User
from csp.agencies.services import memberships
from csp.agencies.services.memberships import CannotChangeRoles
from csp.audit.models import Event
from tests.factories.agencies import JOINED, MembershipFactory, PartnerFactory, user_at
from tests.factories.cases import NOON, ReportFactory

TODAY = NOON.date()


@pytest.fixture
def partner():
    return PartnerFactory()


@pytest.fixture
def administrator(partner):
    return user_at(PartnerFactory(partnership=partner.partnership), Role.ADMINISTRATOR)


@pytest.mark.django_db
def test_role_given_opens_the_group_and_role_ended_closes_it(partner, administrator):
    user = user_at(PartnerFactory())
    before = set(user.groups.all())

    seat = memberships.add_membership(
        user=user, partner=partner, role=Role.PRACTITIONER, by=administrator, at=NOON
    )
    assert set(user.groups.all()) == before | {partner.group}
    memberships.end_membership(membership=seat, by=administrator, at=NOON)

    assert set(user.groups.all()) == before
    assert list(Event.objects.order_by("pk").values_list("verb", "detail__role", "partner")) == [
        ("membership.added", "practitioner", partner.pk),
        ("membership.ended", "practitioner", partner.pk),
    ]


@pytest.mark.django_db
def test_role_without_casework_opens_no_group(partner, administrator):
    user = user_at(partner, Role.BOARD)

    memberships.add_membership(user=user, partner=partner, role=Role.AUDITOR, by=administrator, at=NOON)

    assert not user.groups.exists()


@pytest.mark.django_db
def test_change_of_role_is_one_event_and_keeps_the_history(partner, administrator):
    seat = MembershipFactory(partner=partner, role=Role.PRACTITIONER)

    memberships.change_role(membership=seat, role=Role.PROVIDER, by=administrator, at=NOON)

    roles = Membership.objects.filter(user=seat.user).order_by("pk").values_list("role", "ends_on")
    assert list(roles) == [("practitioner", TODAY), ("provider", None)]
    assert not seat.user.groups.exists()
    event = Event.objects.get()
    assert (event.verb, event.detail) == (
        "membership.changed",
        {"role": "provider", "before": "practitioner"},
    )


@pytest.mark.django_db
def test_nobody_changes_their_own_roles(partner):
    me = user_at(partner, Role.ADMINISTRATOR)
    seat = me.memberships.get()
    mine = {"by": me, "at": NOON}

    with pytest.raises(CannotChangeRoles, match="your own roles"):
        memberships.add_membership(user=me, partner=partner, role=Role.OFFICER, **mine)
    with pytest.raises(CannotChangeRoles, match="your own roles"):
        memberships.change_role(membership=seat, role=Role.OFFICER, **mine)
    with pytest.raises(CannotChangeRoles, match="your own roles"):
        memberships.end_membership(membership=seat, **mine)
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("giver", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_who_may_give_which_role(giver, role, partner):
    by, user = user_at(partner, giver), user_at(PartnerFactory())
    given = {"user": user, "partner": partner, "role": role, "by": by, "at": NOON}

    if role in GIVABLE_ROLES.get(giver, ()):
        memberships.add_membership(**given)
    else:
        with pytest.raises(CannotChangeRoles, match="cannot give"):
            memberships.add_membership(**given)

    assert Membership.objects.filter(user=user, partner=partner).exists() is (
        role in GIVABLE_ROLES.get(giver, ())
    )


@pytest.mark.django_db
def test_administrator_reaches_their_partnership_and_no_further(administrator):
    elsewhere = MembershipFactory()

    with pytest.raises(CannotChangeRoles, match="cannot give or take"):
        memberships.end_membership(membership=elsewhere, by=administrator, at=NOON)


@pytest.mark.django_db
def test_lead_does_not_end_the_role_of_a_manager(partner):
    boss = MembershipFactory(partner=partner, role=Role.MANAGER)

    with pytest.raises(CannotChangeRoles, match="cannot give or take"):
        memberships.end_membership(membership=boss, by=user_at(partner, Role.AGENCY_LEAD), at=NOON)


@pytest.mark.django_db
def test_refusals_that_change_nothing(partner, administrator):
    seat = MembershipFactory(partner=partner)
    kept = {"by": administrator, "at": NOON}

    with pytest.raises(CannotChangeRoles, match="already"):
        memberships.add_membership(user=seat.user, partner=partner, role=Role.PRACTITIONER, **kept)
    with pytest.raises(CannotChangeRoles, match="already"):
        memberships.change_role(membership=seat, role=Role.PRACTITIONER, **kept)
    memberships.end_membership(membership=seat, **kept)
    with pytest.raises(CannotChangeRoles, match="ended already"):
        memberships.end_membership(membership=seat, **kept)
    partner.left_on = TODAY
    partner.save()
    with pytest.raises(CannotChangeRoles, match="not a member of the partnership"):
        memberships.add_membership(user=seat.user, partner=partner, role=Role.PROVIDER, **kept)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "holds"),
    [
        (JOINED, None, True),
        (TODAY, None, True),
        (TODAY + dt.timedelta(days=1), None, False),
        (JOINED, TODAY, False),
        (JOINED, TODAY + dt.timedelta(days=1), True),
    ],
)
def test_membership_holds_from_its_first_day_to_the_day_before_its_end(starts_on, ends_on, holds):
    seat = MembershipFactory(starts_on=starts_on, ends_on=ends_on)

    assert Membership.objects.current(TODAY).filter(pk=seat.pk).exists() is holds


@pytest.mark.django_db
def test_nightly_sync_follows_dates(partner):
    seat = MembershipFactory(partner=partner, ends_on=TODAY)
    assert seat.user.groups.exists()

    tasks.sync_groups()

    assert not User.objects.get(pk=seat.user_id).groups.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.BOARD, Role.PROVIDER])
def test_role_without_casework_opens_no_report_page(client, role):
    report = ReportFactory()
    client.force_login(user_at(report.lead, role))

    assert client.get(f"/reports/{report.reference}/").status_code in {403, 404}
