import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from csp.agencies import tasks
from csp.agencies.enums import Role
from csp.agencies.models import User, invitation_token
from csp.agencies.services import accounts
from csp.agencies.services.accounts import CannotChangeAccount, CannotInvite
from csp.agencies.services.memberships import CannotChangeRoles
from csp.audit.models import Event
from tests.factories.agencies import MembershipFactory, PartnerFactory, UserFactory, user_at
from tests.factories.cases import NOON

NEW = {"email": "New.Person@demo.example", "name": "New Person", "role": Role.PRACTITIONER, "at": NOON}
GOOD = {"password": "three-random-words", "again": "three-random-words"}


@pytest.fixture
def lead():
    return user_at(PartnerFactory(), Role.AGENCY_LEAD)


@pytest.fixture
def partner(lead):
    return lead.seats[0].partner


def verbs():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("eager")
def test_invitation_reaches_the_person_and_lets_them_choose_a_password(
    client, lead, partner, django_capture_on_commit_callbacks, settings
):
    with django_capture_on_commit_callbacks(execute=True):
        user = accounts.invite(partner=partner, by=lead, **NEW)

    assert (user.email, user.is_invited, user.has_usable_password()) == (
        "new.person@demo.example",
        True,
        False,
    )
    assert verbs() == ["user.invited", "membership.added"]
    (letter,) = mail.outbox
    link = next(word for word in letter.body.split() if word.startswith(settings.PUBLIC_URL))
    path = link.removeprefix(settings.PUBLIC_URL)
    assert "Choose your password" in client.get(path).content.decode()
    response = client.post(path, GOOD, follow=True)
    assert "Your password is set" in response.content.decode()
    user.refresh_from_db()
    assert user.check_password("three-random-words")
    assert verbs()[-1] == "invitation.accepted"
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_invitation_holds_for_a_week_and_until_the_next(client, lead, partner):
    with time_machine.travel(NOON, tick=False) as clock:
        user = accounts.invite(partner=partner, by=lead, **NEW)
        first = reverse("agencies:invitation", args=[invitation_token(user)])
        clock.shift(dt.timedelta(days=6))
        assert client.get(first).status_code == 200
        user = accounts.invite_again(user=user, by=lead, at=NOON + dt.timedelta(days=6))
        assert client.get(first).status_code == 404
        second = reverse("agencies:invitation", args=[invitation_token(user)])
        assert client.get(second).status_code == 200
        clock.shift(dt.timedelta(days=7, seconds=2))
        assert client.get(second).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "x:y:z", "WzEsICJ4Il0:1aaaaa:abc"])
def test_invitation_that_nobody_made_is_void(client, token):
    response = client.get(reverse("agencies:invitation", args=[token]))

    assert (response.status_code, "no longer works" in response.content.decode()) == (404, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "", "again": ""}, "Choose a password"),
        ({"password": "short", "again": "short"}, "This password is too short"),
        ({"password": "three-random-words", "again": "other"}, "The two passwords are not the same"),
    ],
)
def test_invitation_page_refuses_a_bad_password(client, lead, partner, typed, said):
    user = accounts.invite(partner=partner, by=lead, **{**NEW, "at": dt.datetime.now(dt.UTC)})

    response = client.post(reverse("agencies:invitation", args=[invitation_token(user)]), typed)

    assert said in response.content.decode()
    assert not User.objects.get(pk=user.pk).has_usable_password()


@pytest.mark.django_db
def test_invitation_is_accepted_once(lead, partner):
    user = accounts.invite(partner=partner, by=lead, **NEW)
    accounts.accept_invitation(user=user, password="three-random-words")

    with pytest.raises(CannotChangeAccount, match="has been used"):
        accounts.accept_invitation(user=user, password="other-random-words")
    with pytest.raises(CannotChangeAccount, match="has a password already"):
        accounts.invite_again(user=user, by=lead, at=NOON)


@pytest.mark.django_db
@pytest.mark.usefixtures("eager")
def test_inviting_somebody_with_an_account_gives_them_the_role(
    lead, partner, django_capture_on_commit_callbacks
):
    known = user_at(PartnerFactory(), email="known@demo.example")

    with django_capture_on_commit_callbacks(execute=True):
        accounts.invite(partner=partner, by=lead, **{**NEW, "email": "KNOWN@demo.example"})

    known.forget_seats()
    assert partner.pk in known.partner_ids
    assert "You are now Partner practitioner" in mail.outbox[0].body
    assert verbs() == ["membership.added"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["Lead@demo.example", "lead+casework@demo.example"])
def test_nobody_invites_themselves(partner, address):
    lead = user_at(partner, Role.ADMINISTRATOR, email="lead@demo.example")

    with pytest.raises(CannotInvite, match="cannot invite yourself"):
        accounts.invite(partner=partner, by=lead, **{**NEW, "email": address, "role": Role.OFFICER})


@pytest.mark.django_db
def test_disabled_person_is_not_invited(lead, partner):
    UserFactory(email="gone@demo.example", is_active=False)

    with pytest.raises(CannotInvite, match="is disabled"):
        accounts.invite(partner=partner, by=lead, **{**NEW, "email": "gone@demo.example"})


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER, Role.BOARD, Role.AUDITOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("giver", [Role.AGENCY_LEAD, Role.MANAGER])
def test_leads_and_managers_give_only_the_roles_of_agencies(partner, role, giver):
    with pytest.raises(CannotChangeRoles, match="cannot give"):
        accounts.invite(partner=partner, by=user_at(partner, giver), **{**NEW, "role": role})

    assert not User.objects.filter(name="New Person").exists()


@pytest.mark.django_db
def test_nobody_is_invited_to_somebody_elses_agency(lead):
    elsewhere = PartnerFactory(partnership=lead.seats[0].partner.partnership)

    with pytest.raises(CannotChangeRoles, match="cannot give"):
        accounts.invite(partner=elsewhere, by=lead, **NEW)


@pytest.mark.django_db
def test_disable_and_enable_say_why_and_move_the_groups(lead, partner):
    user = user_at(partner)

    accounts.disable(user=user, reason="Left the agency", by=lead)
    user.refresh_from_db()
    assert (user.is_active, list(user.groups.all())) == (False, [])
    accounts.enable(user=user, reason="Came back", by=lead)
    user = User.objects.get(pk=user.pk)

    assert (user.is_active, list(user.groups.all())) == (True, [partner.group])
    assert list(Event.objects.order_by("pk").values_list("verb", "reason")) == [
        ("user.disabled", "Left the agency"),
        ("user.enabled", "Came back"),
    ]


@pytest.mark.django_db
def test_verbs_are_refused_where_they_change_nothing(lead, partner):
    user = user_at(partner)

    with pytest.raises(CannotChangeAccount, match="enabled already"):
        accounts.enable(user=user, reason="?", by=lead)
    with pytest.raises(CannotChangeAccount, match="no second step"):
        accounts.remove_second_steps(user=user, reason="?", by=lead)
    accounts.disable(user=user, reason="Left", by=lead)
    with pytest.raises(CannotChangeAccount, match="disabled already"):
        accounts.disable(user=user, reason="?", by=lead)
    with pytest.raises(CannotChangeAccount, match="Enable it first"):
        accounts.require_new_password(user=user, reason="?", by=lead, at=NOON)


@pytest.mark.django_db
@pytest.mark.usefixtures("eager")
def test_lost_phone_and_new_password(lead, partner, django_capture_on_commit_callbacks):
    user = user_at(partner)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})

    with django_capture_on_commit_callbacks(execute=True):
        accounts.remove_second_steps(user=user, reason="Lost phone", by=lead)
        accounts.require_new_password(user=user, reason="Shared it", by=lead, at=NOON)

    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not Authenticator.objects.filter(user=user).exists()
    assert [letter.subject for letter in mail.outbox] == [
        "Your CSP Casework sign-in has changed",
        "Set a new password for CSP Casework",
    ]
    assert verbs()[1:] == ["user.second_steps_removed", "user.password_withdrawn"]


@pytest.mark.django_db
def test_account_of_somebody_with_a_role_beyond_mine_is_not_mine(lead, partner):
    boss = user_at(partner, Role.MANAGER)
    county_wide = user_at(partner)
    MembershipFactory(user=county_wide)

    for user in (boss, county_wide, lead):
        with pytest.raises(CannotChangeAccount, match="do not look after"):
            accounts.disable(user=user, reason="?", by=lead)


@pytest.mark.django_db
def test_account_mail_goes_to_nobody_twice_after_they_accepted(lead, partner, mailoutbox):
    user = accounts.invite(partner=partner, by=lead, **NEW)
    accounts.accept_invitation(user=user, password="three-random-words")

    tasks.send_invitation(user_id=user.pk)

    assert not mailoutbox


@pytest.mark.django_db
def test_change_of_own_details_records_which_fields_and_not_what_they_hold():
    user = UserFactory(name="Ann", phone="")

    accounts.change_own_details(user=user, name="Ann Brown", phone="")
    accounts.change_own_details(user=user, name="Ann Brown", phone="")

    event = Event.objects.get()
    assert (event.verb, event.detail) == ("user.changed", {"fields": ["name"]})
