"""Writing and sending the return of an agency: its actions, and what it knows of the items."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from csp.actions import services as actions
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken
from tasking.enums import Known
from tasking.models import ItemAnswer, MeetingPartner, ReturnDraft
from tasking.services.return_cards import (
    DETAILS,
    ActionCard,
    Card,
    ItemCard,
    ReturnCards,
    Values,
    cards_of,
    mark_of,
)

STAMP_EVERY = dt.timedelta(minutes=5)
"""How exactly we say when something was last typed: each time leaves a row in the history."""
KEPT_DAYS = 30
NOTE, DROP = "note", "drop"
"""What to do with words for an action that somebody has finished meanwhile."""


class CannotAnswer(RuleBroken): ...


class CardRefused(CannotAnswer):
    """One card stands in the way. Nothing was sent."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True)
class Typed:
    """What one card of the page held, and the mark of what it had shown before."""

    values: Values
    seen: str

    @property
    def version(self) -> str:
        return self.seen.partition(":")[0]

    @property
    def mark(self) -> str:
        return self.seen.partition(":")[2]


@dataclass
class Saved:
    """`seen` are the new marks of what was saved, `clashes` the cards where a colleague wrote first."""

    cards: ReturnCards
    seen: dict[str, str] = field(default_factory=dict)
    clashes: list[Card] = field(default_factory=list)
    gone: list[Values] = field(default_factory=list)
    """Words for what is no longer on the return."""


def must_be_prepared(seat: MeetingPartner) -> None:
    meeting = seat.meeting
    if meeting.is_prepared:
        return
    if meeting.is_before:
        raise CannotAnswer(f"The agenda of {meeting} is not open yet: come back when you are told that it is")
    raise CannotAnswer(f"{meeting} is {meeting.get_status_display().lower()}: its returns are closed")


def _lock(seat: MeetingPartner) -> MeetingPartner:
    held = MeetingPartner.objects.select_for_update(of=("self",))
    return held.select_related("meeting__series", "meeting__lead", "partner").get(pk=seat.pk)


@transaction.atomic
def save_typed(*, seat: MeetingPartner, typed: Mapping[str, Typed], by: User, at: dt.datetime) -> Saved:
    """Keep what was typed, as it was typed. Nobody outside the agency sees it. Raises `CannotAnswer`.

    A card that a colleague changed since the page showed it is left as the colleague wrote it.
    """
    current = _lock(seat)
    must_be_prepared(current)
    saved = Saved(cards_of(current, by))
    here = saved.cards.by_key
    for key, given in typed.items():
        card = here.get(key)
        if card is None:
            saved.gone.append(given.values)
        elif _is_changed(card, given):
            _save_card(saved, card, given, by, at)
        elif given.values == card.saved and given.mark != mark_of(card.saved):
            saved.seen[key] = _mark(given)
    if saved.seen and (current.saved_at is None or at - current.saved_at >= STAMP_EVERY):
        current.saved_at = at
        current.save(update_fields=["saved_at"])
    return saved


def _is_changed(card: Card, given: Typed) -> bool:
    """The person wrote something else than the page had shown them, and than what is saved."""
    return mark_of(given.values) != given.mark and given.values != card.saved


def _save_card(saved: Saved, card: Card, given: Typed, by: User, at: dt.datetime) -> None:
    if given.mark != mark_of(card.saved) and card.saved_by not in (None, by):
        card.theirs, card.typed = card.saved, given.values
        saved.clashes.append(card)
        return
    _keep(saved.cards.seat, card, given.values, by, at)
    saved.seen[card.key] = _mark(given)


def _mark(given: Typed) -> str:
    """Of a page whose boxes hold what is saved, even where it never heard that they were saved."""
    return f"{given.version}:{mark_of(given.values)}"


def _keep(seat: MeetingPartner, card: Card, values: Values, by: User, at: dt.datetime) -> None:
    if values == card.sent:
        if card.draft is not None:
            card.draft.delete()
        card.draft = None
        return
    about = {"item": card.item} if isinstance(card, ItemCard) else {"action": card.thing}
    fields = {"typed": values, "saved_by": by, "saved_at": at}
    card.draft, _ = ReturnDraft.objects.update_or_create(seat=seat, **about, defaults=fields)


@transaction.atomic
def send_return(
    *,
    seat: MeetingPartner,
    seen: Mapping[str, str],
    answers: Mapping[str, Mapping[str, Any]],
    by: User,
    at: dt.datetime,
) -> MeetingPartner:
    """Answer the actions and hand in the items, all or nothing. `seen` are the marks of what the page showed,
    `answers` what was read from each card that holds something new. Raises `CardRefused`, `CannotAnswer`.
    """
    current = _lock(seat)
    must_be_prepared(current)
    cards = cards_of(current, by)
    for card in cards.all:
        _refuse_unseen(card, seen.get(card.key))
    done: dict[str, Any] = {"items": 0, "actions": 0}
    for card in cards.all:
        if card.draft is not None:
            _send_card(current, card, answers.get(card.key), by, at)
            done["items" if isinstance(card, ItemCard) else "actions"] += 1
        elif card.counts and not card.done:
            raise CardRefused(card.key, "Answer this before you send")
    ReturnDraft.objects.filter(pk__in=[card.draft.pk for card in cards.all if card.draft]).delete()
    again = current.sent_at is not None
    current.saved_at = current.sent_at = at
    current.sent_by = by
    current.save(update_fields=["saved_at", "sent_at", "sent_by"])
    record("return.sent", by=by, target=current.meeting, partner=current.meeting.lead, again=again, **done)
    return current


def _refuse_unseen(card: Card, seen: str | None) -> None:
    if seen == card.seen:
        return
    if seen is None:
        raise CardRefused(
            card.key, "This came to your return while you had it open. Answer it, then send again"
        )
    if isinstance(card, ActionCard) and seen.partition(":")[0] != str(card.version):
        raise CardRefused(
            card.key,
            "Somebody updated this action while you had it open. Read what they said, then send again",
        )
    raise CardRefused(
        card.key, f"{card.saved_by} wrote here while you had the page open. Read it, then send again"
    )


def _send_card(
    seat: MeetingPartner, card: Card, answer: Mapping[str, Any] | None, by: User, at: dt.datetime
) -> None:
    if answer is None:
        raise CardRefused(card.key, "Answer this before you send")
    if isinstance(card, ItemCard):
        _hand_in(seat, card, answer, by, at)
    elif isinstance(card, ActionCard):
        try:
            _answer_action(card, answer, by, at)
        except RuleBroken as broken:
            raise CardRefused(card.key, str(broken)) from broken


def _hand_in(
    seat: MeetingPartner, card: ItemCard, answer: Mapping[str, Any], by: User, at: dt.datetime
) -> None:
    """What an agency said and then took back, by saying that it does not know them, is not handed in."""
    said = {name: answer.get(name) or "" for name in card.boxes}
    if card.standing:
        said["known"] = Known.KNOWN if said["in_progress"] else Known.NOTHING_TO_ADD
    elif said["known"] != Known.KNOWN:
        said |= dict.fromkeys(DETAILS, "")
    fields = {**said, "version": card.version + 1, "saved_by": by, "saved_at": at}
    ItemAnswer.objects.update_or_create(seat=seat, item=card.item, defaults=fields)


def _answer_action(card: ActionCard, answer: Mapping[str, Any], by: User, at: dt.datetime) -> None:
    said = answer["answer"]
    if said == DROP:
        return
    given: dict[str, Any] = {"action": card.action, "text": answer.get("text") or "", "by": by, "at": at}
    if said == NOTE:
        actions.add_note(**given, seen=card.version)
    else:
        actions.answer(**given, answer=said, until=answer.get("until"), seen=card.version)


def discard_old_drafts(*, at: dt.datetime) -> int:
    """Words that were never sent do not stay for ever: nobody decided to keep them. Returns how many went."""
    over = at - dt.timedelta(days=KEPT_DAYS)
    gone, _ = ReturnDraft.objects.filter(seat__meeting__starts_at__lt=over).delete()
    return gone
