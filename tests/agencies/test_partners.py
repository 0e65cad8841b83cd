import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Report
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.models import Agency, Partner, Partnership, User
from csp.agencies.services import partners, sharing
from csp.agencies.services.partners import CannotChangePartner
from csp.audit.models import Event
from tests.agencies.test_sharing import TERMS
from tests.factories.agencies import MembershipFactory, PartnerFactory, user_at
from tests.factories.cases import NOON, ReportFactory

TODAY = NOON.date()
NEW = {"agency_name": "Thames Valley Police", "kind": "police", "name": "Police", "joined_on": TODAY}


@pytest.fixture
def partner():
    return PartnerFactory()


@pytest.fixture
def administrator(partner, client):
    user = user_at(PartnerFactory(partnership=partner.partnership, receiving=True), Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_agency_that_others_have_is_not_made_twice(partner, administrator):
    first = partners.add_partner(partnership=partner.partnership, by=administrator, **NEW)
    elsewhere = {**NEW, "agency_name": "THAMES VALLEY POLICE", "kind": "other"}
    second = partners.add_partner(partnership=PartnerFactory().partnership, by=None, **elsewhere)

    assert first.agency == second.agency == Agency.objects.get(name="Thames Valley Police")
    assert first.group != second.group
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "agency.added",
        "partner.added",
        "partner.added",
    ]


@pytest.mark.django_db
def test_partner_name_is_taken_once(partner, administrator):
    made = partners.add_partner(partnership=partner.partnership, by=administrator, **NEW)

    with pytest.raises(CannotChangePartner, match="Choose another name"):
        partners.add_partner(partnership=partner.partnership, by=administrator, **{**NEW, "name": "POLICE"})
    with pytest.raises(CannotChangePartner, match="Choose another name"):
        partners.change_partner(partner=partner, by=administrator, name="police")
    assert Partner.objects.filter(partnership=made.partnership).count() == 3


@pytest.mark.django_db
def test_partner_that_leaves_sees_nothing_and_its_shares_end(partner, administrator):
    report = ReportFactory(lead=PartnerFactory(partnership=partner.partnership))
    own = ReportFactory(lead=partner)
    share = sharing.share(record=report, to_partner=partner, level=ShareLevel.FULL, by=None, at=NOON, **TERMS)
    user = user_at(partner)
    assert set(Report.objects.visible_to(user)) == {report, own}

    partners.leave(partner=partner, on=TODAY, reason="Merged", by=administrator, at=NOON)

    user = User.objects.get(pk=user.pk)
    assert not Report.objects.visible_to(user).exists()
    assert (user.seats, list(user.groups.all())) == ([], [])
    share.refresh_from_db()
    assert share.end_reason == f"{partner} left the partnership"
    assert own.permission_rows.exists()
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["report.shared", "partner.left", "report.unshared"]


@pytest.mark.django_db
def test_partner_that_leaves_later_works_on_until_then(partner, administrator):
    user = user_at(partner)
    own = ReportFactory(lead=partner)

    partners.leave(
        partner=partner,
        on=timezone.localdate() + dt.timedelta(days=30),
        reason="Merges in spring",
        by=administrator,
        at=timezone.now(),
    )

    assert set(Report.objects.visible_to(User.objects.get(pk=user.pk))) == {own}


@pytest.mark.django_db
def test_partner_that_comes_back_sees_its_own_again(partner, administrator):
    user, own = user_at(partner), ReportFactory(lead=partner)
    partners.leave(partner=partner, on=TODAY, reason="Merged", by=administrator, at=NOON)

    partners.come_back(partner=partner, reason="Split again", by=administrator)

    assert set(Report.objects.visible_to(User.objects.get(pk=user.pk))) == {own}
    with pytest.raises(CannotChangePartner, match="has not left"):
        partners.come_back(partner=partner, reason="?", by=administrator)


@pytest.mark.django_db
def test_partner_does_not_leave_backwards_nor_where_it_is_needed(partner, administrator):
    team, gone = administrator.seats[0].partner, {"reason": "?", "by": administrator, "at": NOON}

    with pytest.raises(CannotChangePartner, match="from today on"):
        partners.leave(partner=partner, on=TODAY - dt.timedelta(days=1), **gone)
    with pytest.raises(CannotChangePartner, match="receives the reports"):
        partners.leave(partner=team, on=TODAY, **gone)
    partners.change_partnership(partnership=partner.partnership, by=administrator, receiving_partner=partner)
    with pytest.raises(CannotChangePartner, match="administer from"):
        partners.leave(partner=team, on=TODAY, **gone)


@pytest.mark.django_db
def test_receiving_team_is_a_partner_here(partner, administrator):
    with pytest.raises(CannotChangePartner, match="must be a partner here"):
        partners.change_partnership(
            partnership=partner.partnership, by=administrator, receiving_partner=PartnerFactory()
        )


@pytest.mark.django_db
def test_unchanged_details_are_no_event(partner, administrator):
    partners.change_partner(partner=partner, by=administrator, name=partner.name)
    partners.change_partnership(
        partnership=partner.partnership, by=administrator, name=partner.partnership.name
    )

    assert not Event.objects.exists()


@pytest.mark.django_db
def test_pages_of_partners_work(client, partner, administrator):
    assert partner.name in client.get(reverse("agencies:partners")).content.decode()
    refused = client.post(reverse("agencies:add_partner"), {"name": "Police"})
    assert "Enter full name of the agency" in refused.content.decode()
    assert refused.context["form"]["name"].value() == "Police"
    added = client.post(
        reverse("agencies:add_partner"),
        {**NEW, "joined_on": "1 4 2026", "email": "", "phone": ""},
        follow=True,
    )
    assert "Invite its agency lead next" in added.content.decode()
    again = client.post(reverse("agencies:add_partner"), {**NEW, "joined_on": "1 4 2026"})
    assert "Choose another name" in again.content.decode()

    change = reverse("agencies:change_partner", args=[partner.pk])
    assert "Choose another name" in client.post(change, {"name": "Police"}).content.decode()
    client.post(change, {"name": "Soha", "email": "asb@soha.example", "phone": ""})
    partner.refresh_from_db()
    assert (partner.name, partner.email) == ("Soha", "asb@soha.example")


@pytest.mark.django_db
def test_pages_of_leaving_and_coming_back_work(client, partner, administrator):
    leave = reverse("agencies:leave", args=[partner.pk])
    back = reverse("agencies:come_back", args=[partner.pk])

    assert "has not left" in client.post(back, {"reason": "?"}).content.decode()
    assert "Say why" in client.post(leave, {"on": "today", "reason": ""}).content.decode()
    assert (
        "leaves the partnership"
        in client.post(leave, {"on": "today", "reason": "Merged"}, follow=True).content.decode()
    )
    team = reverse("agencies:leave", args=[administrator.seats[0].partner_id])
    assert "receives the reports" in client.post(team, {"on": "today", "reason": "x"}).content.decode()
    assert "is a member" in client.post(back, {"reason": "Split"}, follow=True).content.decode()


@pytest.mark.django_db
def test_page_of_the_partnership_works(client, partner, administrator):
    url = reverse("agencies:partnership")
    typed = {
        "name": "South and Vale",
        "phone": "01235 422 422",
        "email": "",
        "address": "",
        "receiving_partner": "",
    }

    assert "Enter a phone number" in client.post(url, {**typed, "phone": "1"}).content.decode()
    response = client.post(url, {**typed, "receiving_partner": partner.pk}, follow=True)

    assert "details are changed" in response.content.decode()
    here = Partnership.objects.get(pk=partner.partnership_id)
    assert (here.name, here.receiving_partner) == ("South and Vale", partner)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["set_up", "partnership", "partners", "add_partner", "areas", "add_area"])
def test_set_up_is_closed_to_everybody_else(client, partner, name):
    client.force_login(user_at(partner, Role.MANAGER))

    assert client.get(reverse(f"agencies:{name}")).status_code == 403


@pytest.mark.django_db
def test_partner_pages_are_not_found_by_strangers_and_closed_to_colleagues(client, partner):
    url = reverse("agencies:change_partner", args=[partner.pk])
    client.force_login(user_at(PartnerFactory(), Role.ADMINISTRATOR))
    assert client.get(url).status_code == 404
    client.force_login(user_at(partner, Role.MANAGER))
    assert client.get(url).status_code == 403


@pytest.mark.django_db
def test_administrator_of_one_partnership_is_nobody_in_another(client, partner, administrator):
    other = PartnerFactory()
    MembershipFactory(user=administrator, partner=other, role=Role.OFFICER)
    client.post(reverse("agencies:switch"), {"partnership": other.partnership_id})

    assert client.get(reverse("agencies:set_up")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["set_up", "partners"])
def test_set_up_query_count(client, partner, administrator, queries, name):
    one = queries(client, reverse(f"agencies:{name}"))
    for _ in range(2):
        user_at(PartnerFactory(partnership=partner.partnership))

    assert one == queries(client, reverse(f"agencies:{name}")) <= 12
