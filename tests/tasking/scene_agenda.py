"""A team, two agencies invited and one that is not, and the terms on which items are tabled."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from csp.agencies.enums import Role
from tasking.enums import ItemKind, MeetingStatus
from tasking.services.tabling import TablingTerms, add_item, table_for
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory
from tests.factories.tasking import MeetingFactory, SeriesFactory

NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
FIRST = dt.datetime(2026, 3, 10, 10, tzinfo=dt.UTC)
NEXT = dt.datetime(2026, 4, 14, 9, tzinfo=dt.UTC)
TERMS = TablingTerms(
    gateway="cda_115", purpose="Problem solving", necessity="They hold the tenancy", consent="not_needed"
)


class Scene:
    def __init__(self):
        self.team = PartnerFactory(name="Community Safety", receiving=True)
        here = {"partnership": self.team.partnership}
        self.police, self.soha, self.health = (
            PartnerFactory(name=name, **here) for name in ("Police", "Soha", "Health")
        )
        self.officer = user_at(self.team, Role.OFFICER)
        self.pc, self.worker = user_at(self.police), user_at(self.soha)
        self.series = SeriesFactory(lead=self.team, invite=[self.police, self.soha])
        self.meeting = self.another(FIRST)

    def another(self, starts_at, status=MeetingStatus.AGENDA_OPEN, invite=None, **fields):
        seats = [self.police, self.soha] if invite is None else invite
        return MeetingFactory(series=self.series, starts_at=starts_at, status=status, invite=seats, **fields)

    def item(self, meeting=None, case=None, **fields):
        case = case or CaseFactory(lead=self.team)
        return add_item(
            meeting=meeting or self.meeting, kind=ItemKind.CASE, title="Noise", case=case,
            by=self.officer, at=NOW, **fields,
        )  # fmt: skip


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def table(scene, item, *partners):
    return table_for(item=item, partners=partners, terms=TERMS, by=scene.officer, at=timezone.now())
