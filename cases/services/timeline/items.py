import dataclasses
import datetime as dt
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.enums.timeline import TimelineKind
from cases.models import Case, Report
from cases.services.timeline.moments import newest
from csp.agencies.models import Partner, User
from csp.core.calendar import local_day, start_of_day
from csp.core.words import date_words, moment_words


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimelineItem:
    """One thing that happened, as one reader may read it."""

    at: dt.datetime
    kind: TimelineKind
    title: str
    text: str = ""
    who: str = ""
    partner: Partner | None = None
    """For whom they acted."""
    url: str = ""
    timed: bool = True
    """Whether more than the day is known."""

    @property
    def when(self) -> str:
        return moment_words(self.at) if self.timed else date_words(local_day(self.at))

    @property
    def byline(self) -> str:
        return ", ".join(filter(None, [self.who, str(self.partner or "")]))

    @classmethod
    def on(cls, day: dt.date, **told: Any) -> "TimelineItem":
        return cls(at=start_of_day(day), timed=False, **told)


@dataclasses.dataclass(frozen=True)
class Reading:
    """One person reads the timeline of one case. What was merged into it shows through its own gate."""

    case: Case
    user: User
    most: int | None = None
    """How many lines are wanted of each source. None for all."""

    @cached_property
    def cases(self) -> dict[int, Any]:
        """Those of the family that they see at all, by id."""
        in_full = Exists(Case.objects.readable_by(self.user).filter(pk=OuterRef("pk")))
        reports = ArraySubquery(Report.objects.filter(case=OuterRef("pk")).values("pk"))
        seen = self.case.family.visible_to(self.user)  # type: ignore[attr-defined]
        seen = seen.annotate(in_full=in_full, report_ids=reports)
        return {each.pk: each for each in seen.select_related("lead", "officer", "referring_partner")}

    @cached_property
    def in_full(self) -> list[int]:
        """Those they read in full."""
        return [pk for pk, case in self.cases.items() if case.in_full]

    def newest(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """Newest first, and no more rows than make the lines that are wanted: each makes one or more."""
        rows: QuerySet[Any] = found.order_by(newest(found.model).desc(), "-pk")[: self.most]
        return rows

    @property
    def reports(self) -> list[int]:
        """Those of the family: where to look. What hangs on them has its own gate.

        As numbers, so that an index of what hangs on them is used.
        """
        return [pk for case in self.cases.values() for pk in case.report_ids]

    @property
    def reports_in_full(self) -> list[int]:
        """Those of the cases that are read in full, which do not all have to be read in full themselves."""
        return [pk for case_id in self.in_full for pk in self.cases[case_id].report_ids]

    @property
    def led(self) -> list[int]:
        """Those their own team leads."""
        return [pk for pk in self.in_full if self.cases[pk].lead_id in self.user.partner_ids]

    def both_seen(self, model: Any, one: str, other: str) -> QuerySet[Any]:
        """Of what joins two cases: where the family has one, and they see both."""
        seen = Case.objects.visible_to(self.user)
        here = Q(**{f"{one}__in": self.cases}) | Q(**{f"{other}__in": self.cases})
        found: QuerySet[Any] = model.objects.filter(
            here, **{f"{one}__in": seen.values("pk"), f"{other}__in": seen.values("pk")}
        )
        return found

    def people(self, ids: set[int]) -> dict[int, User]:
        officers = {case.officer_id: case.officer for case in self.cases.values() if case.officer_id}
        known = officers | {self.user.pk: self.user}
        return known | (User.objects.in_bulk(unknown) if (unknown := ids - set(known)) else {})

    def partners(self, ids: set[int]) -> dict[int, Partner]:
        known = {case.lead_id: case.lead for case in self.cases.values()}
        return known | (Partner.objects.in_bulk(unknown) if (unknown := ids - set(known)) else {})

    def named(self, case_id: int) -> str:
        """How to speak of a case of the family: by its reference where it is not the one that is read."""
        return "The case" if case_id == self.case.pk else f"Case {self.cases[case_id]}"
