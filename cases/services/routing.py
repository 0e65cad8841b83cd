"""Who gets a new report. The first rule that matches wins, and the report says which rule it was."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from cases.models import Report, RoutingRule
from csp.agencies.enums import CASEWORK_ROLES, Consent, Gateway, ShareLevel
from csp.agencies.models import Membership, Partner, Partnership, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.calendar import local_day

LONGEST_REASON = Report._meta.get_field("routed_because").max_length


@dataclass(frozen=True)
class Routed:
    """Where the rules send a report, and why in words. Nowhere is an answer too."""

    rule: RoutingRule | None = None
    officer: User | None = None
    partner: Partner | None = None
    because: str = ""


class RoutingTable:
    """The rules of one partnership on one day, read once: an import asks it for every row."""

    def __init__(self, partnership: Partnership, day: dt.date) -> None:
        self.partnership, self.day = partnership, day
        rules = RoutingRule.objects.on(day).filter(partnership=partnership)
        self.rules = list(
            rules.select_related("area", "officer", "partner__agency").order_by("position", "starts_on", "pk")
        )
        officers = [rule.officer_id for rule in self.rules if rule.officer_id]
        self._seats = set(
            Membership.objects.current(day)
            .filter(user__in=officers, user__is_active=True, role__in=CASEWORK_ROLES)
            .values_list("user", "partner")
        )

    def route(
        self,
        *,
        category_ids: Iterable[int],
        area_paths: Iterable[str],
        received_at: dt.datetime,
        lead: Partner,
    ) -> Routed:
        """`area_paths` are those of the report's ward and local area, none where its place is not known."""
        categories, paths, skipped = set(category_ids), list(area_paths), []
        for rule in self.rules:
            if not matches(rule, category_ids=categories, area_paths=paths, received_at=received_at):
                continue
            if problem := self._cannot_take_it(rule, lead):
                skipped.append(f"'{rule.name}' skipped: {problem}")
                continue
            because = ". ".join([f"Routed by '{rule.name}'", *skipped])
            return Routed(rule, rule.officer, rule.partner, because[:LONGEST_REASON])
        return Routed(because=". ".join(skipped)[:LONGEST_REASON])

    def _cannot_take_it(self, rule: RoutingRule, lead: Partner) -> str:
        """Why a rule that matches cannot be followed; nothing where it can."""
        partner = rule.partner or lead
        if partner.partnership_id != self.partnership.pk:
            return f"{partner} is not in this partnership"
        if partner.left_on and partner.left_on <= self.day:
            return f"{partner} has left the partnership"
        if rule.officer is None:
            return ""
        if not rule.officer.is_active:
            return f"the account of {rule.officer} is disabled"
        if (rule.officer_id, partner.pk) not in self._seats:
            return f"{rule.officer} does not do casework for {partner}"
        return ""


def matches(
    rule: RoutingRule, *, category_ids: set[int], area_paths: Iterable[str], received_at: dt.datetime
) -> bool:
    """Does everything that the rule names fit? What it leaves open fits always."""
    if rule.category_id is not None and rule.category_id not in category_ids:
        return False
    if rule.area is not None and not any(path.startswith(rule.area.path) for path in area_paths):
        return False
    return _fits_time(rule, timezone.localtime(received_at))


def _fits_time(rule: RoutingRule, at: dt.datetime) -> bool:
    """A night that begins on a Friday is Friday's until it ends, also after midnight."""
    day, clock = at.date(), at.time()
    if rule.from_time is not None and rule.until_time is not None:
        if rule.from_time <= rule.until_time:
            if not rule.from_time <= clock < rule.until_time and rule.from_time != rule.until_time:
                return False
        elif clock < rule.until_time:
            day -= dt.timedelta(days=1)
        elif clock < rule.from_time:
            return False
    return not rule.weekdays or day.weekday() in rule.weekdays


def route(*, report: Report, at: dt.datetime) -> Routed:
    """Give a new report to whom the rules name. Call it inside the transaction that makes the report."""
    areas = [area for area in (report.ward, report.local_area) if area is not None]
    routed = RoutingTable(report.partnership, local_day(report.received_at)).route(
        category_ids=report.categories.values_list("pk", flat=True),
        area_paths=[area.path for area in areas],
        received_at=report.received_at,
        lead=report.lead,
    )
    if not routed.because:
        return routed
    report.routed_because = routed.because
    if routed.officer is not None:
        report.officer, report.claimed_at = routed.officer, at
    report.save(update_fields=["routed_because", "officer", "claimed_at"])
    if routed.partner is not None and routed.partner.pk != report.lead_id:
        _hand_over(report, routed.partner, routed.because, at)
    record("report.routed", target=report, partner=routed.partner, reason=routed.because)
    return routed


def _hand_over(report: Report, partner: Partner, because: str, at: dt.datetime) -> None:
    """The other partner triages it. The team that received it keeps sight of it, and the share says why."""
    team = report.lead
    for share in report.shares.filter(to_partner=partner, ended_at=None):
        sharing.end_share(share=share, reason=f"{partner} leads it now", by=None, at=at)
    report.lead = partner
    report.save(update_fields=["lead"])
    sharing.grant(record=report, partner=partner, level=ShareLevel.CONTRIBUTE)
    sharing.share(
        record=report,
        to_partner=team,
        level=ShareLevel.FULL,
        gateway=Gateway.CDA_115,
        purpose=f"{team} received the report and passed it on. {because}",
        necessity="The team that receives all reports keeps sight of what becomes of them",
        consent=Consent.NOT_NEEDED,
        by=None,
        at=at,
    )
