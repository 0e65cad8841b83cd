"""The first page of a case: what is going on, who is at risk, what is next, what was done, who sees it."""

import dataclasses
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from cases.enums import Risk
from cases.models import CaseLink, CaseMerge, CaseReference, Category, Report, RiskAssessment
from cases.services.case_edits import place_is_protected, where_of
from cases.services.case_links import Linked, links_of
from cases.services.cases import children, hung_on
from cases.services.risk import people_at_risk
from cases.services.timeline import Latest, TimelineItem, latest_in, newest_of
from cases.views.case_shell import CaseShell
from csp.actions.models import Action

MOST_REPORTS = 100
MOST_ACTIONS = 20
MOST_ASSESSMENTS = 500
MOST_DONE = 10


@dataclasses.dataclass(frozen=True)
class AtRisk:
    """One victim and how much they are at risk; `latest` is None until somebody has scored it."""

    person: Any
    latest: RiskAssessment | None = None
    before: RiskAssessment | None = None

    @property
    def trend(self) -> str:
        if self.latest is None or self.before is None:
            return ""
        change = self.latest.score - self.before.score
        return "no change" if change == 0 else f"{'up' if change > 0 else 'down'} from {self.before.score}"


@dataclasses.dataclass(frozen=True)
class Overview:
    """What the page says, each part through its own gate. What never happened is not asked for."""

    shell: CaseShell

    @property
    def case(self) -> Any:
        return self.shell.case

    @cached_property
    def latest(self) -> Latest:
        return latest_in(self.case)

    @property
    def categories(self) -> list[str]:
        kinds: list[str] = self.shell.facts.kinds
        return kinds

    @cached_property
    def where(self) -> str:
        """The address, for readers in full; a hidden one only for the team that leads."""
        if not self.shell.in_full or not (self.shell.leads or not place_is_protected(self.case)):
            return ""
        return where_of(self.case)

    @property
    def area(self) -> str:
        parts = dict.fromkeys(filter(None, [self.case.ward, self.case.local_area]))
        return ", ".join(str(part) for part in parts)

    @cached_property
    def reports(self) -> list[Report]:
        """Each with its kinds, and with `in_full`: whether the reader may read what happened."""
        user = self.shell.user
        if Report not in self.latest:
            return []
        in_full = Exists(Report.objects.readable_by(user).filter(pk=OuterRef("pk")))
        kinds = Category.objects.filter(reports=OuterRef("pk")).order_by("position", "label")
        shown = children(Report, self.case, user).annotate(
            in_full=in_full, kinds=ArraySubquery(kinds.values("label"))
        )
        shown = shown.select_related("local_area", "ward")
        return list(shown.order_by("-received_at", "-pk")[:MOST_REPORTS])

    @cached_property
    def links(self) -> list[Linked]:
        return links_of(self.case, self.shell.user) if CaseLink in self.latest else []

    @cached_property
    def merges(self) -> list[CaseMerge]:
        """What is part of this case, for those who may see that too."""
        if CaseMerge not in self.latest:
            return []
        visible = type(self.case).objects.visible_to(self.shell.user)
        merges = self.case.merges.filter(undone_at=None, gone__in=visible)
        return list(merges.select_related("gone", "by").order_by("at"))

    @cached_property
    def at_risk(self) -> list[AtRisk]:
        if not self.shell.in_full:
            return []
        people = people_at_risk(self.case, self.shell.user)
        shown = [AtRisk(person, *self._scored.get(person.pk, [])[:2]) for person in people]
        return sorted(shown, key=lambda each: -(each.latest.risk if each.latest else Risk.STANDARD - 1))

    @cached_property
    def _scored(self) -> dict[int, list[RiskAssessment]]:
        """By person, the newest first."""
        by_person: dict[int, list[RiskAssessment]] = {}
        if RiskAssessment in self.latest:
            scored = children(RiskAssessment, self.case, self.shell.user).select_related("person")
            for each in scored.order_by("-at", "-pk")[:MOST_ASSESSMENTS]:
                by_person.setdefault(each.person.merged_into_id or each.person_id, []).append(each)
        return by_person

    @cached_property
    def actions(self) -> list[Action]:
        """Outstanding ones on the case and its parts: the ones due first."""
        if Action not in self.latest:
            return []
        hung = Action.objects.visible_to(self.shell.user).outstanding().filter(hung_on(self.case))
        return list(hung.select_related("owner", "person").order_by("due_on", "pk")[:MOST_ACTIONS])

    @cached_property
    def done(self) -> list[TimelineItem]:
        return newest_of(self.case, self.shell.user, MOST_DONE, self.latest)

    @cached_property
    def references(self) -> list[CaseReference]:
        """Every agency's for the team that leads it; an agency's own for itself."""
        known = self.case.agency_references.select_related("partner")
        own = known if self.shell.leads else known.filter(partner__in=self.shell.user.partner_ids)
        return list(own.order_by("partner__name"))
