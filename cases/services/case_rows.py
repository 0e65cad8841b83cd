"""What the list says of each case, cut to what the case opens to its reader."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, Subquery

from cases.models import Case, CaseGroupPermission, CaseReference, CaseShare
from cases.models.cases import NEVER
from csp.actions.models import Action
from csp.agencies.access import codename, permission_ids
from csp.agencies.enums import ShareLevel
from csp.agencies.models import User
from csp.core.calendar import local_day
from csp.core.words import date_words

LEVEL_WORDS = {
    ShareLevel.SUMMARY: "Summary",
    ShareLevel.FULL: "In full",
    ShareLevel.CONTRIBUTE: "In full, and we add to it",
}


def rows_of(cases: Iterable[Case], user: User, at: dt.datetime) -> "list[CaseRow]":
    found = list(cases)
    facts = facts_of(found, user, at) if found else {}
    return [CaseRow(case, facts[case.pk], user, local_day(at)) for case in found if case.pk in facts]


def facts_of(cases: list[Case], user: User, at: dt.datetime) -> dict[int, dict[str, Any]]:
    """What the rows of one page show besides the cases themselves, by case, in one query.

    Apart from the list's own query, so that nothing here sways how the database finds the page.
    """
    ours, this_case = user.partner_ids, OuterRef("pk")
    kinds = Case.categories.through.objects.filter(case=this_case).order_by("category__position")
    own = CaseReference.objects.filter(case=this_case, partner__in=ours).order_by("pk")
    shares = CaseShare.objects.current(at).filter(record=this_case)
    by_us = shares.filter(record__lead__in=ours).order_by("to_partner__name")
    held = CaseGroupPermission.objects.filter(content_object=this_case, group__in=user.partner_groups)
    asked = Action.objects.visible_to(user).outstanding().owned_by(ours)
    on_it = asked.filter(target_type=ContentType.objects.get_for_model(Case), target_id=this_case)
    facts = Case.objects.filter(pk__in=[case.pk for case in cases]).values(
        "pk",
        lead_name=F("lead__name"),
        officer_name=F("officer__name"),
        area=F("local_area__name"),
        ward_name=F("ward__name"),
        kinds=ArraySubquery(kinds.values("category__label")),
        own_reference=Subquery(own.values("reference")[:1]),
        shared_with=ArraySubquery(by_us.values("to_partner__name")),
        handling=Subquery(shares.filter(to_partner__in=ours).values("handling")[:1]),
        held=ArraySubquery(held.values("permission")),
        asked=ArraySubquery(on_it.order_by("due_on").values("due_on")),
    )
    return {each["pk"]: dict(each) for each in facts}


@dataclass(frozen=True)
class CaseRow:
    """One case of the list as one reader sees it."""

    case: Case
    facts: dict[str, Any]
    user: User
    today: dt.date

    @property
    def leads(self) -> bool:
        return self.case.lead_id in self.user.partner_ids

    @property
    def level(self) -> str:
        if self.leads:
            return "We lead it"
        ids = permission_ids(connection.settings_dict["NAME"])
        held = (level for level in LEVEL_WORDS if ids["cases", codename(Case, level)] in self.facts["held"])
        return LEVEL_WORDS.get(max(held, default=ShareLevel.EXISTENCE), "")

    @property
    def asked(self) -> str:
        """Of the reader's agency, on this case."""
        due: list[dt.date] = self.facts["asked"]
        late = sum(day < self.today for day in due)
        return f"{len(due)}, {late} late" if late else str(len(due) or "")

    @property
    def is_asked_late(self) -> bool:
        return any(day < self.today for day in self.facts["asked"])

    @property
    def area(self) -> str:
        return self.facts["area"] or self.facts["ward_name"] or ""

    @property
    def next_due(self) -> dt.date | None:
        """For the team that leads, the first of the case's clocks; for others, what is asked of them."""
        if not self.leads:
            return self.facts["asked"][0] if self.facts["asked"] else None
        dates = (self.case.update_due_on, self.case.risk_due_on, self.case.hold_until)
        first = min((day for day in dates if day), default=NEVER)
        return None if first == NEVER else first

    @property
    def due(self) -> str:
        day, case = self.next_due, self.case
        if day is None or not case.is_open:
            return ""
        what = {case.hold_until: "Look again", case.risk_due_on: "Risk", case.update_due_on: "Update"}
        said = what.get(day, "") if self.leads else "Action"
        return f"{said} {date_words(day)}{', late' if day < self.today else ''}"

    def cell(self, column: str) -> str:
        return CELLS[column](self)


CELLS: dict[str, Callable[[CaseRow], str]] = {
    "reference": lambda row: row.case.reference,
    "title": lambda row: row.case.title,
    "status": lambda row: row.case.get_status_display(),
    "priority": lambda row: row.case.get_risk_display(),
    "lead": lambda row: row.facts["lead_name"],
    "officer": lambda row: row.facts["officer_name"] or "Nobody",
    "area": lambda row: row.area,
    "categories": lambda row: ", ".join(row.facts["kinds"]),
    "opened": lambda row: date_words(local_day(row.case.opened_at)),
    "due": lambda row: row.due,
    "level": lambda row: row.level,
    "asked": lambda row: row.asked,
    "own_reference": lambda row: row.facts["own_reference"] or "",
    "shared_with": lambda row: ", ".join(row.facts["shared_with"]),
    "handling": lambda row: row.facts["handling"] or "",
}
"""What each column says. The page and the file say the same."""

TEAM_COLUMNS = {
    "reference": "Reference",
    "title": "Title",
    "status": "Status",
    "priority": "Priority",
    "lead": "Lead agency",
    "officer": "Officer",
    "area": "Area",
    "categories": "Categories",
    "opened": "Opened",
    "due": "Next due",
    "own_reference": "Our reference",
    "shared_with": "Shared with",
    "level": "What we see",
    "asked": "Asked of us",
}
PARTNER_COLUMNS = {
    "reference": "Reference",
    "title": "Title",
    "asked": "Asked of us",
    "due": "Our next action",
    "level": "What we see",
    "own_reference": "Our reference",
    "status": "Status",
    "priority": "Priority",
    "lead": "Who leads",
    "officer": "Their officer",
    "area": "Area",
    "categories": "Categories",
    "opened": "Opened",
    "handling": "Handling conditions",
}
ALWAYS = ("reference", "title")
USUAL_TEAM = (*ALWAYS, "status", "priority", "officer", "area", "due")
USUAL_PARTNER = (*ALWAYS, "asked", "due", "level", "own_reference", "status", "lead")


def columns_for(*, of_team: bool, chosen: Iterable[str] = ()) -> dict[str, str]:
    """What is chosen, else what is usual, in the order and the words of the reader's side."""
    labels, usual = (TEAM_COLUMNS, USUAL_TEAM) if of_team else (PARTNER_COLUMNS, USUAL_PARTNER)
    shown = {*ALWAYS, *chosen} if set(chosen) & set(labels) else set(usual)
    return {name: label for name, label in labels.items() if name in shown}
