import pytest
from django.urls import reverse
from django.utils import timezone

from csp.agencies.enums import Role
from csp.agencies.models import Membership, User
from csp.agencies.services import accounts
from csp.agencies.views import users
from csp.audit.models import Event
from tests.factories.agencies import MembershipFactory, PartnerFactory, UserFactory, user_at

NAMES = ["users", "invite"]


@pytest.fixture
def partner():
    return PartnerFactory()


@pytest.fixture
def lead(partner, client):
    user = user_at(partner, Role.AGENCY_LEAD)
    client.force_login(user)
    return user


@pytest.fixture
def administrator(partner, client):
    user = user_at(PartnerFactory(partnership=partner.partnership), Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def names(response):
    return [person.name for person in response.context["page"].object_list]


@pytest.mark.django_db
def test_list_shows_the_people_of_the_leads_own_partner(client, partner, lead):
    colleague = user_at(partner)
    MembershipFactory(partner=PartnerFactory(partnership=partner.partnership))

    response = client.get(reverse("agencies:users"))

    assert set(names(response)) == {lead.name, colleague.name}


@pytest.mark.django_db
def test_list_shows_an_administrator_the_whole_partnership(client, partner, administrator):
    here = user_at(partner)
    MembershipFactory()

    assert set(names(client.get(reverse("agencies:users")))) == {administrator.name, here.name}


@pytest.mark.django_db
def test_list_is_filtered_and_each_filter_can_be_taken_away(client, partner, administrator):
    ann = user_at(partner, name="Ann Brown")
    user_at(partner, name="Bob Green", is_active=False)
    url = reverse("agencies:users")

    assert names(client.get(url, {"text": "ann b"})) == ["Ann Brown"]
    assert names(client.get(url, {"state": "disabled"})) == ["Bob Green"]
    assert names(client.get(url, {"partner": partner.pk, "state": "open"})) == [ann.name]
    assert "Bob Green" not in names(client.get(url, {"state": "without_second_step"}))
    assert names(client.get(url, {"state": "invited"})) == []
    assert len(names(client.get(url, {"state": "nonsense", "partner": "x", "page": "99"}))) == 3
    chips = client.get(url, {"text": "ann", "state": "open"}).context["form"].chips()
    assert chips == [
        {"label": "ann", "url": "?state=open"},
        {"label": "Can sign in", "url": "?text=ann"},
    ]


@pytest.mark.django_db
def test_list_query_count(client, lead, partner, queries):
    user_at(partner)
    one = queries(client, reverse("agencies:users"))
    for _ in range(2):
        user_at(partner)

    assert one == queries(client, reverse("agencies:users")) <= 12


@pytest.mark.django_db
def test_detail_query_count(client, lead, partner, queries):
    person = user_at(partner)
    url = reverse("agencies:user", args=[person.pk])
    one = queries(client, url)
    for role in [Role.PROVIDER, Role.AGENCY_LEAD]:
        MembershipFactory(user=person, partner=partner, role=role)

    assert one == queries(client, url) <= 14


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_pages_are_closed_to_who_gives_no_roles(client, partner, name):
    client.force_login(user_at(partner, Role.OFFICER))

    assert client.get(reverse(f"agencies:{name}")).status_code == 403


@pytest.mark.django_db
def test_person_is_not_found_by_strangers_and_closed_to_colleagues(client, partner):
    person = user_at(partner)
    seat = person.memberships.get()
    pages = [
        reverse("agencies:user", args=[person.pk]),
        reverse("agencies:add_role", args=[person.pk]),
        reverse("agencies:account_verb", args=[person.pk, "disable"]),
        reverse("agencies:change_role", args=[seat.pk]),
    ]
    client.force_login(user_at(PartnerFactory(partnership=partner.partnership), Role.AGENCY_LEAD))
    assert [client.get(page).status_code for page in pages] == [404] * 4
    client.force_login(user_at(partner))
    assert [client.get(page).status_code for page in pages] == [403] * 4
    client.force_login(person)
    assert [client.get(page).status_code for page in pages] == [403] * 4


@pytest.mark.django_db
def test_lead_invites(client, partner, lead):
    typed = {"name": "Ann Brown", "email": "ann@demo.example", "partner": partner.pk, "role": "practitioner"}

    response = client.post(reverse("agencies:invite"), typed, follow=True)

    assert "An email is on its way to Ann Brown" in response.content.decode()
    assert "Invited" in response.content.decode()
    assert User.objects.get(email="ann@demo.example").memberships.get().partner == partner


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": "nonsense"}, "Enter an email address in the correct format"),
        ({"name": ""}, "Enter their name"),
        ({"role": ""}, "Select what they do"),
        ({"role": "administrator"}, "Select what do they do there"),
        ({"partner": ""}, "Select where they work"),
        ({"email": "me@demo.example"}, "You cannot invite yourself"),
    ],
)
def test_invitation_form_refuses_and_keeps_what_was_typed(client, partner, change, said):
    client.force_login(user_at(partner, Role.AGENCY_LEAD, email="me@demo.example"))
    typed = {"name": "Ann Brown", "email": "ann@demo.example", "partner": partner.pk, "role": "practitioner"}

    response = client.post(reverse("agencies:invite"), {**typed, **change})

    assert response.context["form"]["email"].value() == {**typed, **change}["email"]
    assert not User.objects.filter(name="Ann Brown").exists()
    if "role" not in change or change["role"] == "":
        assert said in response.content.decode()


@pytest.mark.django_db
def test_lead_changes_and_ends_roles(client, partner, lead):
    person = user_at(partner)
    seat = person.memberships.get()
    url = reverse("agencies:change_role", args=[seat.pk])

    assert "Select what they do" in client.post(url, {"role": ""}).content.decode()
    assert "already" in client.post(url, {"role": "practitioner"}).content.decode()
    response = client.post(url, {"role": "provider"}, follow=True)
    assert f"The role of {person} is changed" in response.content.decode()
    seat = Membership.objects.get(user=person, role="provider")
    response = client.post(reverse("agencies:end_role", args=[seat.pk]), follow=True)

    assert "is no longer funded provider" in response.content.decode()
    again = client.post(reverse("agencies:end_role", args=[seat.pk]), follow=True)
    assert "This role has ended already" in again.content.decode()


@pytest.mark.django_db
def test_lead_gives_another_role(client, partner, lead):
    person = user_at(partner)
    url = reverse("agencies:add_role", args=[person.pk])

    refused = client.post(url, {"partner": partner.pk, "role": "practitioner"})
    given = client.post(url, {"partner": partner.pk, "role": "agency_lead"}, follow=True)

    assert "already" in refused.content.decode()
    assert "has the role from now on" in given.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verb", "event"),
    [
        ("disable", "user.disabled"),
        ("enable", "user.enabled"),
        ("new-password", "user.password_withdrawn"),
    ],
)
def test_account_verbs_ask_why_and_are_recorded(client, partner, lead, verb, event):
    person = user_at(partner, is_active=verb != "enable")
    url = reverse("agencies:account_verb", args=[person.pk, verb])

    assert "Say why" in client.post(url, {"reason": ""}).content.decode()
    response = client.post(url, {"reason": "Asked by phone"}, follow=True)

    assert response.status_code == 200
    assert Event.objects.filter(verb=event, actor=lead, reason="Asked by phone").count() == 1


@pytest.mark.django_db
def test_account_verb_that_a_rule_refuses_says_so(client, partner, lead):
    person = user_at(partner)

    url = reverse("agencies:account_verb", args=[person.pk, "remove-second-steps"])

    assert "has no second step to remove" in client.post(url, {"reason": "Lost"}).content.decode()
    assert client.get(reverse("agencies:account_verb", args=[person.pk, "crown"])).status_code == 404


@pytest.mark.django_db
def test_invitation_is_sent_again(client, partner, lead):
    person = accounts.invite(
        email="ann@demo.example",
        name="Ann",
        partner=partner,
        role=Role.PRACTITIONER,
        by=lead,
        at=timezone.now(),
    )
    url = reverse("agencies:invite_again", args=[person.pk])

    assert "A new invitation is on its way" in client.post(url, follow=True).content.decode()
    accounts.accept_invitation(user=person, password="three-random-words")
    assert "nothing to invite them to" in client.post(url, follow=True).content.decode()


@pytest.mark.django_db
def test_person_with_roles_elsewhere_shows_only_those_here(client, partner, lead):
    person = user_at(partner)
    elsewhere = MembershipFactory(user=person).partner

    page = client.get(reverse("agencies:user", args=[person.pk])).content.decode()

    assert elsewhere.name not in page
    assert "the account itself is for an administrator" in page


@pytest.mark.django_db
def test_own_details_are_changed_or_refused(client):
    user = UserFactory()
    client.force_login(user)
    url = reverse("agencies:details")

    refused = client.post(url, {"name": "", "phone": "12"})
    assert "Enter a phone number" in refused.content.decode()
    assert refused.context["form"]["phone"].value() == "12"
    client.post(url, {"name": "Ann Brown", "phone": "01235 555 555"})

    user.refresh_from_db()
    assert user.name == "Ann Brown"
    assert "Ann Brown" in client.get(reverse("agencies:account")).content.decode()


@pytest.mark.django_db
def test_long_list_has_pages(client, lead, partner, monkeypatch):
    monkeypatch.setattr(users, "PER_PAGE", 1)
    user_at(partner)

    first = client.get(reverse("agencies:users"), {"text": "person"}).content.decode()
    second = client.get(reverse("agencies:users"), {"text": "person", "page": 2}).content.decode()

    assert 'href="?text=person&amp;page=2"' in first
    assert 'href="?text=person&amp;page=1"' in second
