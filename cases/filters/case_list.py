"""The list of cases as its address asks for it."""

import dataclasses
import datetime as dt
from functools import cached_property

from django.http import QueryDict
from django.utils import timezone

from cases.filters.chips import Chip, chips_of, without_place
from cases.filters.queue import QueueChoices
from cases.forms.case_list import CaseFilterForm
from cases.models import Case
from cases.models.cases import CaseQuerySet
from cases.services.case_list import ENDED, OPEN, ORDERS, PRIORITY, Wanted, find_cases
from cases.services.case_rows import ALWAYS, PARTNER_COLUMNS, TEAM_COLUMNS, CaseRow, columns_for, rows_of
from csp.agencies.models import Partner, Partnership, User

NO_CHIP = frozenset({"tab", "sort", "cols"})


@dataclasses.dataclass(frozen=True)
class CaseList:
    """What one reader asked for, and what they see of it."""

    query: QueryDict
    user: User
    partnership: Partnership
    partner: Partner
    names: QueueChoices
    at: dt.datetime

    @classmethod
    def read(cls, user: User, partnership: Partnership, partner: Partner, query: QueryDict) -> "CaseList":
        at = timezone.now()
        return cls(query, user, partnership, partner, QueueChoices.read(partnership, partner, at), at)

    @property
    def tab(self) -> str:
        return ENDED if self.query.get("tab") == ENDED else OPEN

    @property
    def of_team(self) -> bool:
        """The reader acts for the team that receives reports, and so leads most cases."""
        return self.partnership.receiving_partner_id == self.partner.pk

    @cached_property
    def form(self) -> CaseFilterForm:
        all_labels = TEAM_COLUMNS if self.of_team else PARTNER_COLUMNS
        labels = {name: label for name, label in all_labels.items() if name not in ALWAYS}
        query = self.query.copy()
        query.setlist("cols", [name for name in self.columns if name not in ALWAYS])
        return CaseFilterForm(
            query, names=self.names, user=self.user, tab=self.tab, columns=labels, of_team=self.of_team
        )

    @cached_property
    def wanted(self) -> Wanted:
        """What can be read of the address; the rest filters nothing, and its box says why."""
        self.form.is_valid()
        given = self.form.cleaned_data
        sort = given.get("sort") or PRIORITY
        return Wanted(
            tab=self.tab,
            sort=sort if sort in ORDERS else PRIORITY,
            words=given.get("q", ""),
            status=given.get("status", []),
            risk=[int(each) for each in given.get("risk", [])],
            category=_number(given.get("category")),
            areas=self._areas(given.get("area", "")),
            officer=given.get("who", ""),
            lead=_number(given.get("lead")),
            shared_with=_number(given.get("shared")),
            clock=given.get("clock", ""),
            hate=bool(given.get("hate")),
            opened_from=_day(given.get("opened_from")),
            opened_until=_day(given.get("opened_until")),
        )

    def _areas(self, area: str) -> list[int]:
        """The area and everything below it."""
        if not area:
            return []
        path = self.names.area_paths[area]
        return [int(pk) for pk, other in self.names.area_paths.items() if other.startswith(path)]

    @cached_property
    def cases(self) -> CaseQuerySet:
        return find_cases(self.wanted, user=self.user, partnership=self.partnership, at=self.at)

    @property
    def columns(self) -> dict[str, str]:
        return columns_for(of_team=self.of_team, chosen=self.query.getlist("cols"))

    @property
    def chips(self) -> list[Chip]:
        return chips_of(self.form, self.query, without=NO_CHIP)

    @property
    def words(self) -> str:
        """The filters in words, for who reads a file later."""
        kept = "Closed cases" if self.tab == ENDED else "Open cases"
        return "; ".join([kept, *(chip.label for chip in self.chips)])

    @property
    def filters_only(self) -> str:
        """The query without the place in the list."""
        return without_place(self.query).urlencode()

    def sorted_by(self, sort: str) -> str:
        query = without_place(self.query)
        query["sort"] = sort
        return f"?{query.urlencode()}"

    def rows_of(self, cases: list[Case]) -> list[CaseRow]:
        return rows_of(cases, self.user, self.at)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
