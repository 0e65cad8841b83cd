"""Everything that happened in a case, in order, cut to what the reader may see.

It is read from the records themselves, each through its own gate, at a number of queries that does not depend
on how much there is.
"""

from collections.abc import Callable, Collection, Iterator

from cases.enums.timeline import TimelineKind
from cases.models import Case
from cases.services.timeline import history, record, sharing, work, writings
from cases.services.timeline.items import Reading, TimelineItem
from csp.agencies.models import Partner, User

MOST_ITEMS = 1_000

Source = Callable[[Reading], Iterator[TimelineItem]]
SOURCES: dict[TimelineKind, tuple[Source, ...]] = {
    TimelineKind.CASE: (
        history.opened,
        history.changes,
        record.merges,
        record.links,
        record.hand_overs,
        record.closures,
    ),
    TimelineKind.REPORT: (record.reports, record.information, record.decisions),
    TimelineKind.NOTE: (writings.notes,),
    TimelineKind.EVIDENCE: (writings.evidence,),
    TimelineKind.CONTACT: (writings.contacts, writings.messages),
    TimelineKind.RISK: (work.risk, work.dash),
    TimelineKind.POWER: (work.interventions, work.breaches),
    TimelineKind.ACTION: (work.actions, work.answers),
    TimelineKind.SHARING: (sharing.shares, sharing.requests, sharing.named),
}

__all__ = ["MOST_ITEMS", "TimelineItem", "of_partner", "timeline_of"]


def timeline_of(
    case: Case, user: User, kinds: Collection[str] = (), partner: Partner | None = None
) -> list[TimelineItem]:
    """Newest first. Without `kinds`, of every kind; with `partner`, only what was done for that partner."""
    reading = Reading(case, user)
    items = [
        item
        for kind, sources in SOURCES.items()
        if not kinds or kind in kinds
        for source in sources
        for item in source(reading)
    ]
    items.sort(key=lambda item: item.at, reverse=True)
    return of_partner(items, partner) if partner else items


def of_partner(items: list[TimelineItem], partner: Partner) -> list[TimelineItem]:
    return [item for item in items if item.partner == partner]
