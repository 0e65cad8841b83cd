import datetime as dt

import factory

from csp.actions.enums import ActionStatus
from csp.actions.models import Action
from csp.agencies.enums import ShareLevel
from csp.agencies.services import sharing
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import NOON

DUE = dt.date(2026, 3, 10)


class ActionFactory(factory.django.DjangoModelFactory):
    """An open action that one partner asks of another, with the permission rows both hold."""

    class Meta:
        model = Action
        skip_postgeneration_save = True

    class Params:
        started = factory.Trait(status=ActionStatus.IN_PROGRESS)
        complete = factory.Trait(status=ActionStatus.COMPLETE, outcome="Visited", ended_at=NOON)
        not_needed = factory.Trait(status=ActionStatus.NOT_NEEDED, outcome="Moved away", ended_at=NOON)
        transferred = factory.Trait(status=ActionStatus.TRANSFERRED, outcome="Not ours", ended_at=NOON)

    reference = factory.Sequence(lambda n: f"SV-A-26-{n:06}")
    lead = factory.SubFactory(PartnerFactory)
    partnership = factory.SelfAttribute("lead.partnership")
    owner = factory.SubFactory(PartnerFactory, partnership=factory.SelfAttribute("..partnership"))
    text = "Visit the tenant and write to the landlord"
    due_on = DUE
    asked_at = NOON

    @factory.post_generation
    def granted(self, create, extracted, **kwargs):
        for partner in {self.lead, self.owner}:
            sharing.grant(record=self, partner=partner, level=ShareLevel.CONTRIBUTE)
