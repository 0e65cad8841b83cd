"""The return of an agency as one person sees it: a card for each action and each item.

What stands on a card is what was typed last, whether or not it was sent. The page sends back a mark of what
it showed, so that of two colleagues who write at once the second is told.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from csp.actions.models import Action, ActionFile, ActionUpdate
from csp.actions.services import Target, show_targets
from csp.agencies.models import User
from tasking.enums import ItemKind, Known
from tasking.models import AgendaItem, ItemAnswer, MeetingPartner, ReturnDraft
from tasking.models.asked import Asked, asked_of

LONGEST = 4000
ITEM_BOXES = ("known", "last_contact", "worker", "risks", "in_progress", "offer")
ACTION_BOXES = ("answer", "text", "until")
DETAILS = ("last_contact", "worker", "risks", "in_progress")
"""What only an agency that knows the subject says."""

Values = dict[str, str]


def mark_of(values: Mapping[str, str]) -> str:
    """A short print of what stands in the boxes."""
    said = json.dumps([values.get(name, "") for name in sorted(values)])
    return hashlib.sha256(said.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Box:
    """One box of a card, as the page draws it."""

    id: str
    value: str
    problems: list[str]


@dataclass(kw_only=True)
class Card:
    key: str
    draft: ReturnDraft | None = None
    answered_before: bool = False
    """By an answer that was sent, or one given since the series met last."""
    problems: dict[str, list[str]] = field(default_factory=dict)
    theirs: Values | None = None
    """What a colleague saved meanwhile, where the boxes hold something else."""
    typed: Values | None = None
    """What the page sends back to its reader, where it is not what is saved."""

    clash: list[tuple[str, str]] = field(default_factory=list)
    """The same in words, box by box."""
    boxes: tuple[str, ...] = ()

    @property
    def thing(self) -> Any:
        """The item or action it is about."""
        return None

    @property
    def sent(self) -> Values:
        """What the boxes hold where nothing is typed."""
        return dict.fromkeys(self.boxes, "")

    @property
    def version(self) -> int:
        """Goes up when somebody sends or answers."""
        return 0

    @property
    def saved(self) -> Values:
        if self.draft is None:
            return self.sent
        return {name: str(self.draft.typed.get(name, "")) for name in self.boxes}

    @property
    def values(self) -> Values:
        return self.saved if self.typed is None else self.typed

    @property
    def box(self) -> dict[str, Box]:
        """By name. Evidence is a box that holds nothing when the page is drawn."""
        values = self.values | {"evidence": ""}
        return {
            name: Box(f"{self.key}-{name}", value, self.problems.get(name, []))
            for name, value in values.items()
        }

    @property
    def seen(self) -> str:
        return f"{self.version}:{mark_of(self.saved)}"

    @property
    def counts(self) -> bool:
        """It waits for an answer."""
        return True

    @property
    def chosen(self) -> str:
        return self.values[self.boxes[0]]

    @property
    def done(self) -> bool:
        return bool(self.saved[self.boxes[0]]) or self.answered_before

    @property
    def words(self) -> str:
        """What was typed, without what was chosen."""
        return " · ".join(value for name, value in self.saved.items() if value and name != self.boxes[0])

    @property
    def saved_by(self) -> User | None:
        return self.draft.saved_by if self.draft else None


@dataclass(kw_only=True)
class ItemCard(Card):
    item: AgendaItem
    answer: ItemAnswer | None = None
    boxes: tuple[str, ...] = ITEM_BOXES

    @property
    def thing(self) -> AgendaItem:
        return self.item

    @property
    def standing(self) -> bool:
        return bool(self.item.kind == ItemKind.STANDING)

    @property
    def counts(self) -> bool:
        return not self.standing

    @property
    def sent(self) -> Values:
        return {name: getattr(self.answer, name) if self.answer else "" for name in self.boxes}

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0

    @property
    def saved_by(self) -> User | None:
        return self.draft.saved_by if self.draft else self.answer.saved_by if self.answer else None

    @property
    def is_known(self) -> bool:
        return self.chosen == Known.KNOWN


@dataclass(kw_only=True)
class ActionCard(Card):
    action: Action
    latest: ActionUpdate | None = None
    target: Target | None = None
    files: list[ActionFile] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    boxes: tuple[str, ...] = ACTION_BOXES

    @property
    def thing(self) -> Action:
        return self.action

    @property
    def version(self) -> int:
        return int(self.action.said)  # type: ignore[attr-defined]  # counted by `_actions`

    @property
    def counts(self) -> bool:
        return not self.ended

    @property
    def ended(self) -> bool:
        """Somebody finished it while words for it were kept here."""
        return not self.action.is_outstanding

    @property
    def own(self) -> bool:
        """The agency asked itself: there is nobody to hand it back to."""
        return self.action.owner_id == self.action.lead_id


@dataclass
class ReturnCards:
    seat: MeetingPartner
    actions: list[ActionCard]
    items: list[ItemCard]

    @property
    def all(self) -> list[Card]:
        return [*self.actions, *self.items]

    @property
    def by_key(self) -> dict[str, Card]:
        return {card.key: card for card in self.all}

    @property
    def asked(self) -> list[Card]:
        return [card for card in self.all if card.counts]

    @property
    def total(self) -> int:
        return len(self.asked)

    @property
    def done(self) -> int:
        return sum(card.done for card in self.asked)

    @property
    def unsent(self) -> bool:
        """Something is typed that nobody else sees yet."""
        return any(card.draft is not None for card in self.all)


def cards_of(seat: MeetingPartner, user: User) -> ReturnCards:
    """The seat comes with its meeting and partner. As many queries for sixty items as for one."""
    asked = asked_of([seat], user)[seat.pk]
    drafts = ReturnDraft.objects.visible_to(user).filter(seat=seat).select_related("saved_by")
    by_item: dict[int, ReturnDraft] = {}
    by_action: dict[int, ReturnDraft] = {}
    for draft in drafts:
        if draft.item_id:
            by_item[draft.item_id] = draft
        elif draft.action_id:
            by_action[draft.action_id] = draft
    return ReturnCards(seat, _action_cards(asked, by_action, user), _item_cards(asked, by_item))


def _item_cards(asked: Asked, drafts: Mapping[int, ReturnDraft]) -> list[ItemCard]:
    answers = ItemAnswer.objects.filter(seat=asked.seat).select_related("saved_by")
    given = {answer.item_id: answer for answer in answers}
    items = AgendaItem.objects.filter(pk__in=[*asked.items, *asked.standing])
    return [
        ItemCard(
            key=f"i{item.pk}",
            item=item,
            answer=given.get(item.pk),
            draft=drafts.get(item.pk),
            answered_before=item.pk in asked.answered_items,
        )
        for item in items.select_related("case", "group", "issue", "area").in_order()
    ]


def _action_cards(asked: Asked, drafts: Mapping[int, ReturnDraft], user: User) -> list[ActionCard]:
    actions = list(_actions([*asked.actions, *drafts]))
    targets = show_targets(actions, user)
    latest = ActionUpdate.objects.filter(action__in=actions).order_by("action", "-pk").distinct("action")
    said = {update.action_id: update for update in latest.select_related("by")}
    return [
        ActionCard(
            key=f"a{action.pk}",
            action=action,
            latest=said.get(action.pk),
            target=targets.get(action.pk),
            files=list(action.files.all()),
            draft=drafts.get(action.pk),
            answered_before=action.pk in asked.answered_actions,
        )
        for action in actions
    ]


def _actions(ids: Iterable[int]) -> QuerySet[Action]:
    files = Prefetch("files", ActionFile.objects.select_related("added_by").order_by("pk"))
    found = Action.objects.filter(pk__in=set(ids)).annotate(said=Count("updates"))
    return found.select_related("lead", "person").prefetch_related(files).order_by("due_on", "pk")
