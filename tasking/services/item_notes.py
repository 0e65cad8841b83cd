"""What is written of an item while the meeting discusses it. Nobody's words are overwritten unseen."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from cases.services.prints import Prints, prints
from csp.agencies.models import User
from csp.audit.services import record_once
from csp.core.errors import RuleBroken
from tasking.enums import MeetingStatus
from tasking.models import AgendaItem, Meeting, MeetingOutcome
from tasking.services.endings import Ending, apply_ending, must_fit
from tasking.services.meetings import lock_meeting, tell_screens

WRITTEN_IN = (MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT)
"""Words that were kept while a connection was away may come when the meeting is just over."""


class CannotNote(RuleBroken): ...


@dataclass(frozen=True, kw_only=True)
class Notes:
    discussion: str = ""
    decision: str = ""
    outcomes: tuple[int, ...] = ()
    """Keys of the partnership's outcomes, in ascending order."""
    ending: Ending = dataclasses.field(default_factory=Ending)

    @property
    def says_something(self) -> bool:
        return bool(self.discussion or self.decision or self.outcomes or self.ending.is_decided)


class BothWrote(RuleBroken):
    """Somebody else changed the same boxes first. `now` is what they say, `fields` which ones."""

    def __init__(self, fields: list[str], now: Notes) -> None:
        super().__init__(
            "Somebody else wrote here while you were writing. Nothing is overwritten: read both, then choose"
        )
        self.fields, self.now = fields, now


def notes_of(item: AgendaItem) -> Notes:
    return Notes(
        discussion=item.discussion,
        decision=item.decision,
        outcomes=tuple(sorted(outcome.pk for outcome in item.outcomes.all())),
        ending=Ending.of(item),
    )


def prints_of(notes: Notes) -> Prints:
    ending = notes.ending
    return prints(
        {
            "discussion": notes.discussion,
            "decision": notes.decision,
            "outcomes": list(notes.outcomes),
            "ending": [str(ending.status), ending.because, str(ending.returns_on or "")],
        }
    )


def must_be_written_now(meeting: Meeting) -> None:
    if meeting.status not in WRITTEN_IN:
        raise CannotNote(
            f"{meeting} is {meeting.get_status_display().lower()}: nothing can be written for its items now"
        )


@transaction.atomic
def save_notes(
    *, item: AgendaItem, notes: Notes, seen: Mapping[str, str], by: User, at: dt.datetime
) -> AgendaItem:
    """Save the boxes that `by` changed, over what they had before them (`seen`, its prints).

    Boxes that only others changed keep what the others wrote. Raises `BothWrote` where both changed the same,
    `CannotNote`, `CannotEndItem`.
    """
    meeting = lock_meeting(item.meeting)
    must_be_written_now(meeting)
    current = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    now = notes_of(current)
    wanted = _put_together(now, notes, seen)
    if wanted != now:
        if wanted.ending != now.ending:
            must_fit(wanted.ending, current, at)
        _write(current, wanted, now, by, at)
        tell_screens(meeting)
    return current


def _put_together(now: Notes, typed: Notes, seen: Mapping[str, str]) -> Notes:
    were, are = prints_of(now), prints_of(typed)
    mine = [name for name in are if seen.get(name) != are[name]]
    both = [name for name in mine if seen.get(name) != were[name] and are[name] != were[name]]
    if both:
        raise BothWrote(both, now)
    return dataclasses.replace(now, **{name: getattr(typed, name) for name in mine})


def _write(item: AgendaItem, wanted: Notes, now: Notes, by: User, at: dt.datetime) -> None:
    item.discussion, item.decision = wanted.discussion, wanted.decision
    item.version += 1
    if item.discussed_at is None and wanted.says_something:
        item.discussed_at = at
    item.save(update_fields=["discussion", "decision", "version", "discussed_at"])
    if wanted.outcomes != now.outcomes:
        outcomes = MeetingOutcome.objects.filter(partnership=item.partnership_id, pk__in=wanted.outcomes)
        item.outcomes.set(outcomes)
    record_once("agenda_item.noted", by=by, target=item)
    if wanted.ending != now.ending:
        apply_ending(item, wanted.ending, by=by)
