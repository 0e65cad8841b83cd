import datetime as dt

from django.utils import timezone

from csp.actions.services import give_action
from csp.agencies.models import Partner, User
from tasking.models import ItemAction
from tests.e2e.nouns.meetings_minutes import written_up

WHO = {
    "meetings:actions": "officer",
    "meetings:action_board": "manager",
    "meetings:escalate": "officer",
}
NO_PAGE: set[str] = set()


def late_action() -> str:
    """Given to Soha at the meeting that is over, and due yesterday."""
    item = written_up().items.in_order()[0]
    row = ItemAction.objects.filter(item=item, action__text="Lock the bin store").first()
    if row is None:
        now = timezone.now()
        action = give_action(
            lead=item.lead,
            owner=Partner.objects.get(name="Soha", partnership=item.partnership),
            person=None,
            text="Lock the bin store",
            due_on=timezone.localdate(),
            target=item,
            by=User.objects.get(email="officer@demo.example"),
            at=now,
        )
        action.due_on -= dt.timedelta(days=1)
        action.save(update_fields=["due_on"])
        row = ItemAction.objects.create(item=item, action=action)
    reference: str = row.action.reference
    return reference


def _meeting() -> str:
    late_action()
    return written_up().reference


ARGUMENTS = {"meetings:actions": (_meeting,), "meetings:escalate": (late_action,)}
