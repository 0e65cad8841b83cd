import datetime as dt
import itertools

import factory
from django.utils import timezone

from csp.agencies.enums import ShareLevel
from csp.agencies.services.sharing import grant
from csp.core.calendar import add_working_days, local_day
from tasking.enums import Cadence, ItemKind, MeetingStatus, SeriesKind
from tasking.models import (
    AgendaItem,
    ItemAnswer,
    Meeting,
    MeetingOutcome,
    MeetingPartner,
    Referral,
    ReferralGroup,
    Series,
    SeriesPartner,
)
from tasking.services.meetings import deadlines
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import NOON

_numbers = itertools.count(1)
HELD_AT = {
    MeetingStatus.IN_SESSION: ("begun_at",),
    MeetingStatus.MINUTES_DRAFT: ("begun_at", "closed_at"),
    MeetingStatus.APPROVED: ("begun_at", "closed_at", "approved_at"),
}


class SeriesFactory(factory.django.DjangoModelFactory):
    """Run by `lead`; `invite=[partner, …]` invites others to every meeting."""

    class Meta:
        model = Series
        skip_postgeneration_save = True

    lead = factory.SubFactory(PartnerFactory, receiving=True)
    partnership = factory.SelfAttribute("lead.partnership")
    name = factory.Sequence(lambda n: f"Joint Tasking Meeting {n}")
    kind = SeriesKind.JOINT_TASKING
    cadence = Cadence.MONTHLY
    first_on = dt.date(2026, 1, 1)
    confidentiality = "What is said here stays here."

    @factory.post_generation
    def invite(self, create, extracted, **kwargs):
        for partner in extracted or ():
            SeriesPartner.objects.create(series=self, partner=partner)


class MeetingFactory(factory.django.DjangoModelFactory):
    """Five working days ahead with its agenda open; `invite=[partner, …]` seats agencies beside the lead.

    `status=MeetingStatus.IN_SESSION` and those after it carry their times.
    """

    class Meta:
        model = Meeting
        skip_postgeneration_save = True

    series = factory.SubFactory(SeriesFactory)
    lead = factory.SelfAttribute("series.lead")
    partnership = factory.SelfAttribute("series.partnership")
    area = factory.SelfAttribute("series.area")
    reference = factory.LazyFunction(lambda: f"SV-M-26-{next(_numbers):06}")
    starts_at = factory.LazyFunction(
        lambda: (
            timezone.now().replace(hour=10, minute=0, second=0, microsecond=0)
            + (add_working_days(local_day(timezone.now()), 5) - local_day(timezone.now()))
        )
    )
    minutes_long = 120
    venue = "Abbey House, Abingdon"
    status = MeetingStatus.AGENDA_OPEN

    @classmethod
    def _create(cls, model, *args, **fields):
        starts_at = fields["starts_at"]
        given = dict.fromkeys(HELD_AT.get(fields["status"], ()), starts_at)
        return super()._create(
            model, *args, **deadlines(fields["series"], local_day(starts_at)) | given | fields
        )

    @factory.post_generation
    def invite(self, create, extracted, **kwargs):
        for partner in dict.fromkeys([self.lead, *(extracted or ())]):
            grant(record=self, partner=partner, level=ShareLevel.CONTRIBUTE)
            MeetingPartner.objects.create(meeting=self, partner=partner)


class AgendaItemFactory(factory.django.DjangoModelFactory):
    """A standing item open to the team that runs the meeting; give `kind` with `case`, `person` or `place`.

    `open_to=[partner, …]` opens it to agencies without a share: for what only reads permission rows.
    """

    class Meta:
        model = AgendaItem
        skip_postgeneration_save = True

    meeting = factory.SubFactory(MeetingFactory)
    lead = factory.SelfAttribute("meeting.lead")
    partnership = factory.SelfAttribute("meeting.partnership")
    reference = factory.LazyFunction(lambda: f"SV-I-26-{next(_numbers):06}")
    kind = ItemKind.STANDING
    title = factory.Sequence(lambda n: f"Item {n}")
    position = factory.Sequence(lambda n: n)
    made_at = NOON

    @factory.post_generation
    def open_to(self, create, extracted, **kwargs):
        for partner in dict.fromkeys([self.lead, *(extracted or ())]):
            grant(record=self, partner=partner, level=ShareLevel.CONTRIBUTE)


class ReferralGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReferralGroup

    partnership = factory.SelfAttribute("lead.partnership")
    code = factory.Sequence(lambda n: f"group-{n}")
    label = factory.Sequence(lambda n: f"Group {n}")

    class Params:
        lead = factory.SubFactory(PartnerFactory, receiving=True)


class MeetingOutcomeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MeetingOutcome

    partnership = factory.SelfAttribute("lead.partnership")
    code = factory.Sequence(lambda n: f"result-{n}")
    label = factory.Sequence(lambda n: f"Result {n}")

    class Params:
        lead = factory.SubFactory(PartnerFactory, receiving=True)


class ReferralFactory(factory.django.DjangoModelFactory):
    """Waiting for the chair; give `kind` with its subject."""

    class Meta:
        model = Referral

    meeting = factory.SubFactory(MeetingFactory)
    partnership = factory.SelfAttribute("meeting.partnership")
    lead = factory.SelfAttribute("meeting.lead")
    from_partner = factory.SelfAttribute("meeting.lead")
    kind = ItemKind.PLACE
    title = factory.Sequence(lambda n: f"Gatherings {n}")
    why = "It happens every weekend"
    wanted = "A joint patrol"
    gateway = "cda_115"
    necessity = "Each agency holds a part of it"
    consent = "not_needed"
    made_at = NOON


class ItemAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ItemAnswer

    item = factory.SubFactory(AgendaItemFactory)
    seat = factory.LazyAttribute(lambda a: a.item.meeting.invited.first())
    saved_at = NOON
