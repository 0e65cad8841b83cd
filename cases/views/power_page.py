"""A power as one reader sees it: what it says, where it stands, its limits and what can be done with it."""

import dataclasses
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.urls import reverse

from cases.enums import (
    APPEALABLE,
    ESCALATION,
    GIVEN_ONCE,
    STANDING,
    TIMED_TO_THE_MINUTE,
    InterventionKind,
    InterventionStatus,
)
from cases.forms.powers import before_words
from cases.models import Evidence, Intervention, InterventionBreach
from cases.services.cases import children
from cases.services.interventions import address_of, rules_for
from cases.services.power_limits import until_words
from cases.services.power_rules import limit_words, source_words
from cases.views.case_shell import CaseShell
from csp.agencies.access import StaffRequest, get_permitted
from csp.core.calendar import local_day
from csp.core.words import date_words, moment_words, money_words

STATUS = InterventionStatus
TAB = "cases:powers"
WITH = ("case__partnership", "case__lead", "person__place", "place", "issuer", "follows__person", "made_by")


@dataclasses.dataclass(frozen=True)
class PowerShown:
    shell: CaseShell
    power: Intervention

    @property
    def url(self) -> str:
        return reverse("cases:power", args=[self.shell.case.reference, self.power.pk])

    @property
    def status_words(self) -> str:
        """What was given once is not in force: it was given."""
        power = self.power
        once = power.kind in GIVEN_ONCE and power.status == STATUS.IN_FORCE
        return "Given" if once else power.get_status_display()

    @property
    def about(self) -> str:
        power = self.power
        return str(power.person or power.body or self.where or power.area)

    @cached_property
    def edits(self) -> bool:
        return self.shell.user.has_perm("powers.edit", self.power)

    @property
    def where(self) -> str:
        return address_of(self.power, self.shell.user)

    @property
    def came_after(self) -> str:
        """What was merged into the case has its own gate."""
        seen = Intervention.objects.visible_to(self.shell.user).with_kept_safe()
        before = seen.select_related("case", "person", "place").filter(followed_by=self.power).first()
        return before_words(before, self.shell.user) if before else ""

    @property
    def runs(self) -> str:
        power = self.power
        if power.served_at is None or power.starts_at is None:
            return "Not served yet"
        if power.kind in GIVEN_ONCE:
            return f"Given on {date_words(local_day(power.served_at))}"
        exact = power.served_at == power.starts_at or power.kind in TIMED_TO_THE_MINUTE
        starts = moment_words(power.starts_at) if exact else date_words(local_day(power.starts_at))
        ends = f"until {until_words(power.ends_at)}" if power.ends_at else "with no end date"
        return f"From {starts} {ends}"

    @property
    def appeal(self) -> str:
        power = self.power
        if power.appealed_on:
            said = f": {power.appeal_result}" if power.appeal_result else ", not decided yet"
            return f"Lodged on {date_words(power.appealed_on)}{said}"
        if power.appeal_by is None:
            return ""
        open_still = local_day(self.shell.at) <= power.appeal_by
        return f"{'Until' if open_still else 'The time ended on'} {date_words(power.appeal_by)}"

    @property
    def rows(self) -> list[dict[str, str]]:
        power = self.power
        served = ""
        if power.served_at:
            whom = f" to {power.served_to}" if power.served_to else ""
            served = f"{moment_words(power.served_at)}, {power.get_service_method_display().lower()}{whom}"
        found = {
            "About": str(power.person or power.body or ""),
            "Premises": self.where,
            "Area": power.area,
            "Grounds": power.grounds,
            "Came after": self.came_after,
            "Consulted or told": power.consulted,
            "Issued by": f"{power.issued_by}, {power.issuer}",
            "Served": served,
            "Runs": self.runs if power.served_at else "",
            "Fixed penalty": money_words(power.penalty) if power.penalty is not None else "",
            "Heard by the court": moment_words(power.hearing_at) if power.hearing_at else "",
            "Review": date_words(power.review_on) if power.review_on else "",
            "Appeal": self.appeal,
            "Ended": date_words(power.ended_on) if power.ended_on else "",
            "Outcome": power.outcome,
        }
        return [{"label": label, "value": value} for label, value in found.items() if value]

    @property
    def limits(self) -> list[dict[str, str]]:
        rules = rules_for(self.power, local_day(self.shell.at))
        return [{"words": limit_words(rule), "source": source_words(rule)} for rule in rules]

    @property
    def breaches(self) -> list[dict[str, Any]]:
        """Evidence shows to those it is for."""
        found = self.power.breaches.select_related("condition", "evidence").order_by("-happened_on", "-pk")
        seen = set(children(Evidence, self.shell.case, self.shell.user).values_list("pk", flat=True))
        return [{"breach": breach, "evidence": _shown(breach, seen)} for breach in found]

    @property
    def verbs(self) -> list[dict[str, str]]:
        """What may be done now, what is done most often first."""
        power = self.power
        if not self.edits:
            return []
        once, standing = power.kind in GIVEN_ONCE, power.status in STANDING
        appealable = power.kind in APPEALABLE and power.status == STATUS.IN_FORCE
        can = {
            "Record as served": ("power_serve", power.status == STATUS.DRAFT),
            "Change the draft": ("power_edit", power.status == STATUS.DRAFT),
            "Record a breach": ("power_breach", power.served_at is not None and not once),
            "Extend": ("power_extend", standing and not once and power.ends_at is not None),
            "Record a review": ("power_review", standing and not once),
            "Record an appeal": ("power_appeal", appealable),
            "Record the appeal's result": ("power_result", power.status == STATUS.APPEALED),
            "End": ("power_end", standing),
            "Withdraw": ("power_withdraw", standing or power.status == STATUS.DRAFT),
        }
        address = [self.shell.case.reference, power.pk]
        return [
            {"label": label, "url": reverse(f"cases:{name}", args=address)}
            for label, (name, possible) in can.items()
            if possible
        ]

    @property
    def has_sheet(self) -> bool:
        return self.power.served_at is not None and self.power.conditions.exists()


def _shown(breach: InterventionBreach, seen: set[int]) -> Evidence | None:
    return breach.evidence if breach.evidence_id in seen else None


def powers_of(shell: CaseShell) -> Any:
    powers: Any = children(Intervention, shell.case, shell.user)
    return powers.with_kept_safe().select_related(*WITH)


def find_power(request: StaffRequest, shell: CaseShell, pk: int, perm: str = "cases.read") -> PowerShown:
    """One power of the case or of those merged into it: 404 to strangers, 403 without the right."""
    powers = powers_of(shell)
    if perm == "cases.read":  # whoever sees the row reads the case in full
        return PowerShown(shell, get_permitted(powers, request.user, "cases.view", pk=pk))
    return PowerShown(shell, get_permitted(powers, request.user, perm, pk=pk))


def by_kind(shell: CaseShell) -> list[dict[str, Any]]:
    """Powers under the headings of escalation, the newest first."""
    counted = powers_of(shell).annotate(breach_count=Count("breaches", distinct=True))
    shown = list(counted.prefetch_related("conditions").order_by("-made_at", "-pk"))
    place = {kind: heading for heading, kinds in ESCALATION for kind in kinds}
    groups: dict[str, list[PowerShown]] = {heading: [] for heading, _ in ESCALATION}
    for each in shown:
        groups[place[InterventionKind(each.kind)]].append(PowerShown(shell, each))
    return [{"heading": heading, "powers": powers} for heading, powers in groups.items() if powers]
