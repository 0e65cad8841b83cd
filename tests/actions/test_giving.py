import datetime as dt

import pytest

from csp.actions import services
from csp.actions.models import Action
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.factories.actions import DUE
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, ReportFactory


def give(lead, owner, **changes):
    asked = {"text": "Visit the tenant", "due_on": DUE, "by": None, "at": NOON, **changes}
    return services.give_action(lead=lead, owner=owner, **asked)


def test_give_action_makes_it_with_its_reference_update_and_event(asker, soha, officer):
    report = ReportFactory(lead=asker)

    action = give(asker, soha, by=officer, target=report)

    assert action.reference == f"{asker.partnership.code}-A-26-000001"
    assert (action.lead, action.owner, action.asked_by, action.target) == (asker, soha, officer, report)
    assert [(said.kind, said.due_on, said.status) for said in action.updates.all()] == [
        ("given", DUE, "open")
    ]
    event = Event.objects.get()
    assert (event.verb, event.actor, event.target, event.partner) == ("action.given", officer, action, soha)
    assert event.detail == {"on": report.reference, "due": "2026-03-10"}


def test_give_action_opens_it_to_both_sides_and_nobody_else(asker, soha, police):
    action = give(asker, soha)
    elsewhere = user_at(PartnerFactory())

    for user, sees in [
        (user_at(asker), True),
        (user_at(soha), True),
        (user_at(police), False),
        (elsewhere, False),
    ]:
        assert Action.objects.visible_to(user).filter(pk=action.pk).exists() is sees


def test_give_action_to_oneself_needs_no_other_agency(asker, officer):
    action = give(asker, asker, by=officer, person=officer)

    assert (action.owner, action.person) == (asker, officer)
    assert action.permission_rows.values("group").distinct().count() == 1


def test_give_action_refuses_an_agency_of_another_partnership(asker):
    with pytest.raises(services.CannotGive, match="is not in this partnership"):
        give(asker, PartnerFactory())


def test_give_action_refuses_an_agency_that_left(asker):
    left = PartnerFactory(name="Fire", partnership=asker.partnership, left_on=NOON.date())

    with pytest.raises(services.CannotGive, match="Fire left the partnership on 4 March 2026"):
        give(asker, left)


def test_give_action_takes_an_agency_that_will_leave_later(asker):
    leaving = PartnerFactory(partnership=asker.partnership, left_on=NOON.date() + dt.timedelta(days=1))

    assert give(asker, leaving).owner == leaving


def test_give_action_refuses_a_date_that_is_past(asker, soha):
    assert give(asker, soha, due_on=NOON.date()).due_on == NOON.date()
    with pytest.raises(services.CannotGive, match="must be today or later"):
        give(asker, soha, due_on=NOON.date() - dt.timedelta(days=1))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.BOARD])
def test_give_action_refuses_a_person_who_does_no_casework_there(asker, soha, role):
    for person in (user_at(soha, role), user_at(asker), user_at(soha, is_active=False)):
        with pytest.raises(services.CannotGive, match="does not work for Soha"):
            give(asker, soha, person=person)


def test_give_action_refuses_a_record_of_another_partnership(asker, soha):
    with pytest.raises(services.CannotGive, match="belongs to another partnership"):
        give(asker, soha, target=ReportFactory())
