"""Everything that happened in a case, in order, cut to what the reader may see.

It is read from the records themselves, each through its own gate, at a number of queries that does not depend
on how much there is.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from cases.enums.timeline import TimelineKind
from cases.models import (
    AccessRequest,
    Case,
    CaseContact,
    CaseLink,
    CaseMerge,
    CaseNamed,
    CaseShare,
    Closure,
    Contact,
    DashAssessment,
    Decision,
    Evidence,
    FurtherInformation,
    HandOver,
    Intervention,
    InterventionBreach,
    Note,
    Report,
    RiskAssessment,
)
from cases.services.timeline import history, record, sharing, work, writings
from cases.services.timeline.items import Reading, TimelineItem
from cases.services.timeline.latest import Latest, latest_in
from cases.services.timeline.moments import CaseVersion
from csp.actions.models import Action, ActionUpdate
from csp.agencies.models import Partner, User

MOST_ITEMS = 1_000

Source = Callable[[Reading], Iterator[TimelineItem]]
SOURCES: dict[TimelineKind, dict[Source, Any]] = {
    TimelineKind.CASE: {
        history.opened: Case,
        history.changes: CaseVersion,
        record.merges: CaseMerge,
        record.links: CaseLink,
        record.hand_overs: HandOver,
        record.closures: Closure,
    },
    TimelineKind.REPORT: {
        record.reports: Report,
        record.information: FurtherInformation,
        record.decisions: Decision,
    },
    TimelineKind.NOTE: {writings.notes: Note},
    TimelineKind.EVIDENCE: {writings.evidence: Evidence},
    TimelineKind.CONTACT: {writings.contacts: CaseContact, writings.messages: Contact},
    TimelineKind.RISK: {work.risk: RiskAssessment, work.dash: DashAssessment},
    TimelineKind.POWER: {work.interventions: Intervention, work.breaches: InterventionBreach},
    TimelineKind.ACTION: {work.actions: Action, work.answers: ActionUpdate},
    TimelineKind.SHARING: {
        sharing.shares: CaseShare,
        sharing.requests: AccessRequest,
        sharing.named: CaseNamed,
    },
}
"""By kind: each source, and the records that it reads."""

__all__ = ["MOST_ITEMS", "Latest", "TimelineItem", "latest_in", "newest_of", "of_partner", "timeline_of"]


def timeline_of(
    case: Case, user: User, kinds: Collection[str] = (), partner: Partner | None = None
) -> list[TimelineItem]:
    """Newest first. Without `kinds`, of every kind; with `partner`, only what was done for that partner."""
    reading = Reading(case, user)
    wanted = [source for kind in SOURCES if not kinds or kind in kinds for source in SOURCES[kind]]
    items = in_order({source: list(source(reading)) for source in wanted})
    return of_partner(items, partner) if partner else items


def newest_of(case: Case, user: User, most: int, latest: Latest) -> list[TimelineItem]:
    """The first `most` of its timeline. `latest` comes from `latest_in(case)`.

    The source whose records are newest is asked first, for as many as are wanted, and so on until what was
    found is newer than anything that the other sources could have.
    """
    reading = Reading(case, user, most)
    found: dict[Source, list[TimelineItem]] = {history.opened: list(history.opened(reading))}
    for model, source in _newest_first(latest):
        lines = in_order(found)[:most]
        if len(lines) == most and latest[model] < lines[-1].at:
            break
        found[source] = list(source(reading))
    return in_order(found)[:most]


def _newest_first(latest: Latest) -> list[tuple[Any, Source]]:
    records = [(model, source) for sources in SOURCES.values() for source, model in sources.items()]
    happened = [(model, source) for model, source in records if model in latest]
    return sorted(happened, key=lambda each: latest[each[0]], reverse=True)


def in_order(found: dict[Source, list[TimelineItem]]) -> list[TimelineItem]:
    """Newest first. What happened at one moment stands in the order of the sources."""
    sources = [source for kind in SOURCES.values() for source in kind if source in found]
    items = [item for source in sources for item in found[source]]
    return sorted(items, key=lambda item: item.at, reverse=True)


def of_partner(items: list[TimelineItem], partner: Partner) -> list[TimelineItem]:
    return [item for item in items if item.partner == partner]
