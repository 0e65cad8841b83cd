"""Everything at one place that the reader may see."""

import dataclasses
import datetime as dt
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from cases.models import Case, Intervention, Person, Place, Report
from cases.services.search import contact_open_to
from cases.views.ways import Found, lists_from, ways_from
from csp.agencies.models import User
from csp.core.calendar import LONDON, add_months, local_day, start_of_day

MOST_ROWS = 50
MONTHS = 12


@dataclasses.dataclass(frozen=True)
class PlacePage:
    place: Place
    user: User
    at: dt.datetime

    @property
    def ways(self) -> list[dict[str, str]]:
        return ways_from("place", self.place.pk, self.user)

    @property
    def lists(self) -> list[tuple[str, list[Found]]]:
        return lists_from("place", self.place.pk, self.user)

    @cached_property
    def reports(self) -> list[Report]:
        return list(self._reports.order_by("-received_at", "-pk")[:MOST_ROWS])

    @property
    def _reports(self) -> QuerySet[Report]:
        return Report.objects.readable_by(self.user).filter(self._told, place=self.place)

    @cached_property
    def _told(self) -> Q:
        """Where somebody is kept safe from being found, what others lead does not say that it was here."""
        kept_safe = Person.objects.filter(do_not_disclose=True, place=self.place).exists()
        return Q(lead__in=self.user.partner_ids) if kept_safe else Q()

    @cached_property
    def cases(self) -> list[Case]:
        cases = (
            Case.objects.readable_by(self.user).filter(self._told, place=self.place).select_related("lead")
        )
        return list(cases.order_by("-opened_at", "-pk")[:MOST_ROWS])

    @cached_property
    def residents(self) -> list[Person]:
        """Known people who live here, as far as the reader may know where they live."""
        people = Person.objects.visible_to(self.user).filter(place=self.place, merged_into=None)
        known = list(people.order_by("name", "pk")[:MOST_ROWS])
        open_to = contact_open_to(self.user, known)
        return [person for person in known if person.pk in open_to]

    @cached_property
    def interventions(self) -> list[Intervention]:
        told = Case.objects.filter(self._told)
        steps = Intervention.objects.visible_to(self.user).filter(place=self.place, case__in=told)
        return list(steps.select_related("case", "person").order_by("-made_at", "-pk")[:MOST_ROWS])

    @cached_property
    def months(self) -> list[tuple[dt.date, int]]:
        """How many reports there were in each of the last twelve months that had any, newest first."""
        first = add_months(local_day(self.at).replace(day=1), 1 - MONTHS)
        since = self._reports.filter(received_at__gte=start_of_day(first))
        rows = since.values(month=TruncMonth("received_at", tzinfo=LONDON)).annotate(n=Count("pk"))
        return [(row["month"].date(), row["n"]) for row in rows.order_by("-month")]
