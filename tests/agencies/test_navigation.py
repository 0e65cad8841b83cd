import pytest
from django.urls import reverse
from django.utils import timezone

from csp.agencies import navigation
from csp.agencies.enums import Role
from csp.agencies.models import User
from csp.agencies.navigation import NavItem, Need
from tests.factories.agencies import MembershipFactory, PartnerFactory, UserFactory, user_at


@pytest.fixture
def items(monkeypatch):
    """A menu of our own, whatever the rooms have registered."""
    monkeypatch.setattr(navigation, "_items", {})
    return navigation


@pytest.mark.django_db
def test_menu_shows_what_the_user_may_open_in_order_and_with_counts(items):
    user = user_at(PartnerFactory(), Role.OFFICER)
    UserFactory.create_batch(2)
    items.register(NavItem("Account", "agencies:account", position=20))
    items.register(NavItem("Way out", "account_logout", count=lambda *_: User.objects.all(), position=10))
    items.register(NavItem("Log in", "account_login", perm="nobody.may"))

    lines = items.menu(user, user.partnerships[0], "/account/")

    assert [(line.label, line.active, line.count) for line in lines] == [
        ("Home", False, None),
        ("Way out", False, 3),
        ("Account", True, None),
    ]


@pytest.mark.django_db
def test_needs_for_which_nothing_waits_are_not_asked_for(monkeypatch):
    monkeypatch.setattr(navigation, "_need_sources", {})
    navigation.register_need(lambda *_: [Need("/", "always")])
    navigation.register_need(lambda *_: [Need("/", "some")], lambda *_: User.objects.all())
    navigation.register_need(lambda *_: [Need("/", "none")], lambda *_: User.objects.filter(name="Nobody"))
    user = user_at(PartnerFactory())

    needs = navigation.needs(user, user.partnerships[0], timezone.now())

    assert [need.title for need in needs] == ["always", "some"]


@pytest.mark.django_db
def test_home_opens_for_somebody_without_a_seat(client):
    client.force_login(UserFactory())

    response = client.get(reverse("home"))

    assert response.status_code == 200
    assert (response.wsgi_request.partnership, response.wsgi_request.partner) == (None, None)


@pytest.mark.django_db
def test_seat_is_the_first_and_casework_goes_before_other_roles(client):
    user = user_at(PartnerFactory(), Role.BOARD)
    casework = MembershipFactory(
        user=user, partner__partnership=user.partnerships[0], role=Role.PRACTITIONER
    ).partner
    MembershipFactory(user=user, role=Role.OFFICER)
    client.force_login(user)

    request = client.get(reverse("home")).wsgi_request

    assert (request.partner, request.partnership) == (casework, casework.partnership)


@pytest.mark.django_db
def test_switch_changes_the_partnership(client):
    user = user_at(PartnerFactory())
    other = MembershipFactory(user=user).partner
    client.force_login(user)

    client.post(reverse("agencies:switch"), {"partnership": other.partnership_id})

    assert client.get(reverse("home")).wsgi_request.partner == other


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", ["", "0", "x"])
def test_switch_to_a_partnership_of_others_is_not_found(client, chosen):
    stranger = PartnerFactory()
    client.force_login(user_at(PartnerFactory()))

    for value in (chosen, stranger.partnership_id):
        assert client.post(reverse("agencies:switch"), {"partnership": value}).status_code == 404
