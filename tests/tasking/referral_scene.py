"""Soha and the police are invited to a meeting that Community Safety runs; Health is not."""

import datetime as dt

from django.utils import timezone

from csp.agencies.enums import Role
from tasking.models import MeetingPartner
from tasking.services import referrals
from tasking.services.meetings import plan_meeting
from tasking.services.referral_subjects import Subject
from tasking.services.referrals import ReferralDetails
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, PersonFactory, PlaceFactory, ReportFactory, ReportPersonFactory
from tests.factories.tasking import MeetingFactory, ReferralGroupFactory, SeriesFactory

DAY = dt.timedelta(days=1)


class Scene:
    def __init__(self):
        self.now = timezone.now()
        self.team = PartnerFactory(receiving=True, name="Community Safety", email="safety@council.example")
        given = {"partnership": self.team.partnership}
        self.soha = PartnerFactory(**given, name="Soha", email="asb@soha.example")
        self.police = PartnerFactory(**given, name="Police")
        self.health = PartnerFactory(**given, name="Health")
        self.ann = user_at(self.team, Role.OFFICER, name="Ann Officer", email="ann@council.example")
        self.bob = user_at(self.team, Role.OFFICER, name="Bob Officer", email="bob@council.example")
        self.sam = user_at(self.soha, name="Sam Soha", email="sam@soha.example")
        self.kim = user_at(self.police, name="Kim Police", email="kim@police.example")
        self.hal = user_at(self.health, name="Hal Health")
        self.series = SeriesFactory(
            lead=self.team, name="Joint Tasking Meeting", invite=[self.soha, self.police]
        )
        given = {"series": self.series, "invite": [self.soha, self.police], "chair": self.ann}
        self.meeting = MeetingFactory(**given, starts_at=self.now + 14 * DAY)
        self.group = ReferralGroupFactory(lead=self.team, label="Repeat victims")
        self.case = CaseFactory(lead=self.soha, partnership=self.team.partnership, title="Damage, Mill Road")
        self.place = PlaceFactory(lead=self.team, address="4 Garage Court, Didcot")

    @property
    def invited(self):
        return MeetingPartner.objects.filter(meeting=self.meeting)

    def later(self, days=28, series=None):
        """Another meeting of the series, planned."""
        return plan_meeting(
            series=series or self.series,
            starts_at=self.meeting.starts_at + days * DAY,
            by=self.ann,
            at=self.now,
        )

    def person(self):
        """Somebody in a report of Soha's."""
        report = ReportFactory(lead=self.soha, partnership=self.team.partnership)
        person = PersonFactory(partnership=self.team.partnership, name="Vera Tims")
        ReportPersonFactory(report=report, person=person)
        return person

    def details(self, **words):
        given = {
            "title": "Damage, Mill Road",
            "group": self.group,
            "why": "Windows are broken every week",
            "wanted": "A joint visit",
            "tried": "Letters",
            "gateway": "cda_115",
            "necessity": "Each agency holds a part of it",
            "consent": "given",
            "needed_by": (self.police,),
        }
        return ReferralDetails(**given | words)

    def refer(self, *, meeting=None, subject=None, partner=None, by=None, at=None, **words):
        return referrals.refer(
            meeting=meeting or self.meeting,
            subject=subject or Subject(case=self.case),
            details=self.details(**words),
            partner=partner or self.soha,
            by=by or self.sam,
            at=at or self.now,
        )
