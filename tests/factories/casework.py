import datetime as dt

import factory
from django.utils import timezone

from cases.enums import (
    AssessmentKind,
    Audience,
    ContactResult,
    ContactWay,
    EvidenceKind,
    InterventionKind,
    LinkRole,
    NoteKind,
    Risk,
)
from cases.models import (
    CaseContact,
    CaseNamed,
    CaseOutcome,
    CasePerson,
    Evidence,
    Intervention,
    Note,
    RiskAssessment,
    RiskTemplate,
)
from csp.agencies.models import SharingAgreement
from tests.factories.agencies import PartnerFactory, UserFactory
from tests.factories.cases import NOON, CaseFactory, PersonFactory


class CasePersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CasePerson

    case = factory.SubFactory(CaseFactory)
    person = factory.SubFactory(PersonFactory, partnership=factory.SelfAttribute("..case.partnership"))
    role = LinkRole.COMPLAINANT
    added_at = NOON


class CaseNamedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CaseNamed

    case = factory.SubFactory(CaseFactory, restricted=True, restricted_because="A colleague is in it")
    user = factory.SubFactory(UserFactory)
    reason = "Works on it"
    added_at = NOON


class CaseOutcomeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CaseOutcome

    partnership = factory.SelfAttribute("lead.partnership")
    code = factory.Sequence(lambda n: f"outcome-{n}")
    label = factory.Sequence(lambda n: f"Outcome {n}")

    class Params:
        lead = factory.SubFactory(PartnerFactory, receiving=True)


class _OnCase(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    case = factory.SubFactory(CaseFactory)
    partner = factory.SelfAttribute("case.lead")
    audience = Audience.SHARED
    at = NOON


class NoteFactory(_OnCase):
    class Meta:
        model = Note

    kind = NoteKind.FACT
    text = "Saw the door, the lock is broken"


class EvidenceFactory(_OnCase):
    class Meta:
        model = Evidence

    kind = EvidenceKind.PHOTO
    description = "The broken lock"
    obtained_on = dt.date(2026, 3, 4)


class CaseContactFactory(_OnCase):
    class Meta:
        model = CaseContact

    audience = Audience.TEAM
    way = ContactWay.PHONE
    result = ContactResult.SPOKE
    text = "Told her what we did"


class RiskTemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RiskTemplate

    partnership = factory.SelfAttribute("lead.partnership")
    name = "Risk assessment"
    medium_from = 13
    high_from = 23
    starts_on = dt.date(2020, 4, 1)

    class Params:
        lead = factory.SubFactory(PartnerFactory, receiving=True)


class RiskAssessmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RiskAssessment

    case = factory.SubFactory(CaseFactory)
    person = factory.SubFactory(PersonFactory, partnership=factory.SelfAttribute("..case.partnership"))
    template = factory.SubFactory(RiskTemplateFactory, lead=factory.SelfAttribute("..case.lead"))
    kind = AssessmentKind.INTAKE
    score = 14
    scored = Risk.MEDIUM
    risk = factory.SelfAttribute("scored")
    by = factory.SubFactory(UserFactory)
    at = NOON


class InterventionFactory(factory.django.DjangoModelFactory):
    """A draft."""

    class Meta:
        model = Intervention

    case = factory.SubFactory(CaseFactory)
    kind = InterventionKind.WRITTEN_WARNING
    issuer = factory.SelfAttribute("case.lead")
    issued_by = "A. Officer, community safety officer"
    grounds = "Loud music on nine nights"
    made_by = factory.SubFactory(UserFactory)
    made_at = NOON


class SharingAgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SharingAgreement

    partnership = factory.SelfAttribute("lead.partnership")
    title = factory.Sequence(lambda n: f"Information-sharing agreement {n}")
    signed_on = dt.date(2025, 4, 1)
    review_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=100))

    class Params:
        lead = factory.SubFactory(PartnerFactory, receiving=True)
