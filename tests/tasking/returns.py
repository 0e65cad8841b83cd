"""What the tests of returns share: a meeting in five working days that asks something of an agency."""

import datetime as dt

from django.urls import reverse

from csp.agencies.enums import Role
from csp.core.calendar import local_day
from tasking.enums import ItemKind
from tasking.models import MeetingPartner
from tasking.services.return_cards import cards_of
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory

TODAY = local_day(NOON)


class Scene:
    """A team, the police and housing; one item and one action for housing."""

    def __init__(self):
        self.team = PartnerFactory(name="Community Safety", receiving=True)
        here = {"partnership": self.team.partnership}
        self.housing = PartnerFactory(name="Soha", **here)
        self.police = PartnerFactory(name="Police", **here)
        self.officer = user_at(self.team, Role.OFFICER, name="A. Officer")
        self.ann = user_at(self.housing, name="Ann Tenancy", email="ann@soha.example")
        self.bob = user_at(self.housing, name="Bob Tenancy", email="bob@soha.example")
        self.pc = user_at(self.police, name="P. Constable")
        self.series = SeriesFactory(lead=self.team, name="Tasking")
        self.meeting = MeetingFactory(series=self.series, invite=[self.housing, self.police])
        self.seat = self.seat_of(self.housing)
        self.item = self.tabled("Towpath", self.housing)
        self.action = ActionFactory(lead=self.team, owner=self.housing, due_on=self.meeting.day)

    def seat_of(self, partner, meeting=None):
        seats = MeetingPartner.objects.select_related("meeting__series", "partner")
        return seats.get(meeting=meeting or self.meeting, partner=partner)

    def tabled(self, title, *partners, **fields):
        fields = {"kind": ItemKind.PLACE, "place": PlaceFactory(lead=self.team)} | fields
        return AgendaItemFactory(meeting=self.meeting, title=title, open_to=partners, **fields)

    def cards(self, user=None):
        return cards_of(self.seat, user or self.ann)

    def seen(self, user=None):
        """The marks of every card, as a page would send them back."""
        return {f"{card.key}-seen": card.seen for card in self.cards(user).all}

    def url(self, name="return"):
        return reverse(f"meetings:{name}", args=[self.meeting.reference])

    def answered(self):
        """A whole return, as it is posted."""
        return {
            f"i{self.item.pk}-known": "known",
            f"i{self.item.pk}-risks": "Knife seen",
            f"a{self.action.pk}-answer": "complete",
            f"a{self.action.pk}-text": "Visited on Monday",
        }


DAY = dt.timedelta(days=1)
