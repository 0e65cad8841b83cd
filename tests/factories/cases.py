import datetime as dt
import itertools

import factory

from cases.enums import CallerKind, Channel, LinkRole, ReportStatus, Risk
from cases.models import Case, Category, Person, Place, Report, ReportPerson
from cases.services.keys import sound_keys
from csp.agencies.enums import ShareLevel
from csp.agencies.services.sharing import grant
from csp.core.clocks import Unit
from tests.factories.agencies import PartnerFactory

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
_numbers = itertools.count(1)


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    partnership = factory.SelfAttribute("lead.partnership")
    code = factory.Sequence(lambda n: f"kind-{n}")
    label = factory.Sequence(lambda n: f"Kind {n}")
    qualifier = "nuisance"

    class Params:
        lead = factory.SubFactory(PartnerFactory, receiving=True)


class PlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    partnership = factory.SelfAttribute("lead.partnership")
    address = factory.Sequence(lambda n: f"{n} Mill Road, Didcot")
    address_key = factory.LazyAttribute(lambda p: p.address.lower().replace(",", ""))
    postcode = "OX11 7AA"

    class Params:
        lead = factory.SubFactory(PartnerFactory, receiving=True)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    partnership = factory.SelfAttribute("lead.partnership")
    name = factory.Sequence(lambda n: f"Ann Brown {n}")
    search_key = factory.LazyAttribute(lambda p: p.name.casefold())
    sound_keys = factory.LazyAttribute(lambda p: sound_keys(p.name))
    created_at = NOON

    class Params:
        lead = factory.SubFactory(PartnerFactory, receiving=True)


class ReportFactory(factory.django.DjangoModelFactory):
    """Awaiting triage at the lead partner, whose group holds its permission rows."""

    class Meta:
        model = Report
        skip_postgeneration_save = True

    lead = factory.SubFactory(PartnerFactory, receiving=True)
    partnership = factory.SelfAttribute("lead.partnership")
    reference = factory.LazyFunction(lambda: f"SV-R-26-{next(_numbers):06}")
    channel = Channel.PHONE
    caller_kind = CallerKind.PERSON
    received_at = NOON
    logged_at = NOON
    what_happened = "Shouting in the street after midnight"
    status = ReportStatus.NEW
    risk = Risk.STANDARD
    clock_started_at = NOON
    clock_due_at = NOON + dt.timedelta(days=5)
    clock_amber_at = NOON + dt.timedelta(days=3)
    clock_unit = Unit.WORKING_DAYS

    @factory.post_generation
    def permission_rows_given(self, create, extracted, **kwargs):
        grant(record=self, partner=self.lead, level=ShareLevel.CONTRIBUTE)


class ReportPersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportPerson

    report = factory.SubFactory(ReportFactory)
    person = factory.SubFactory(PersonFactory, partnership=factory.SelfAttribute("..report.partnership"))
    role = LinkRole.COMPLAINANT
    is_caller = True


class CaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Case
        skip_postgeneration_save = True

    lead = factory.SubFactory(PartnerFactory, receiving=True)
    partnership = factory.SelfAttribute("lead.partnership")
    reference = factory.LazyFunction(lambda: f"SV-C-26-{next(_numbers):06}")
    title = "Noise, Mill Road"
    opened_at = NOON

    @factory.post_generation
    def permission_rows_given(self, create, extracted, **kwargs):
        grant(record=self, partner=self.lead, level=ShareLevel.CONTRIBUTE)
