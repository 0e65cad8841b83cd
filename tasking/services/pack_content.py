"""What an agency's papers say: gathered in a fixed number of questions, each through the agency's own gate.

Nothing here asks who presses the button: papers are for the agency as a whole, so they hold what everybody
who does casework there may see. The print of all that is gathered tells whether a file still says the same.
"""

import dataclasses
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from cases.models import Case, CaseGroupPermission, Person
from csp.actions.models import Action, ActionGroupPermission
from csp.actions.models import ActionQuerySet as Actions
from csp.agencies.access import LEVEL_VERBS, codename
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner
from tasking.enums import WRITTEN_UP, MeetingStatus, PackKind
from tasking.models import (
    AgendaItem,
    AgendaItemGroupPermission,
    Attendance,
    ItemAction,
    ItemAnswer,
    ItemShare,
    Meeting,
)
from tasking.services.pack_lines import (
    ActionLine,
    AnswerLine,
    AttendanceLine,
    EarlierLine,
    Heading,
    ItemLine,
    OtherLine,
    Papers,
)

EARLIER = 5
"""So many earlier decisions of an item are printed, the newest."""
SHOWN = ("case", "person", "place", "group", "issue", "area", "referred_by")
ANSWERS = (
    ("Last contact", "last_contact"),
    ("Who works on it", "worker"),
    ("Risks", "risks"),
    ("In progress", "in_progress"),
    ("Can offer", "offer"),
)
WITHHELD = "the address is kept off paper"


def gather(meeting: Meeting, partner: Partner, kind: str) -> Papers:
    """`meeting` with its series, lead and chair fetched."""
    return _minutes(meeting, partner) if kind == PackKind.MINUTES else _pack(meeting, partner)


def fingerprint(papers: Papers) -> str:
    """Of everything that the agency may see and that its papers say."""
    said = json.dumps(dataclasses.asdict(papers), default=str, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def open_to(partner: Partner, papers: Papers) -> bool:
    """Another partner may see everything that these papers hold: all items, earlier ones, and actions."""
    items = {item.pk for item in papers.items} | {
        earlier.pk for item in papers.items for earlier in item.earlier
    }
    actions = {action.pk for action in papers.actions} | {
        action.pk for item in papers.items for action in item.actions
    }
    seen = AgendaItem.objects.open_to_partner(partner).filter(pk__in=items).count()
    return seen == len(items) and actions_of(partner).filter(pk__in=actions).count() == len(actions)


def actions_of(partner: Partner) -> Actions:
    """Actions that everybody of the partner may see: asked of it or by it, and none of a restricted case."""
    rows = ActionGroupPermission.objects.filter(
        content_object=OuterRef("pk"),
        group=partner.group_id,
        permission__codename=codename(Action, ShareLevel.SUMMARY),
    )
    return Action.objects.filter(Exists(rows), restricted=False)


def _pack(meeting: Meeting, partner: Partner) -> Papers:
    items = _items(meeting, partner)
    numbers, others = _numbered(meeting, items)
    answers, earlier = _answers(items), _earlier(items, partner)
    handling = _handling(items, partner)
    levels = _levels(items, partner)
    safe = _places_kept_safe(items)
    lines = tuple(
        ItemLine(
            **_shown(item, numbers.get(item.pk), levels, safe),
            gist=item.gist,
            wanted=item.wanted,
            tried=item.tried,
            handling=handling.get(item.pk, ""),
            answers=tuple(answers[item.pk]),
            earlier=tuple(earlier[item.pk]),
        )
        for item in items
    )
    return Papers(
        heading=_heading(meeting, partner),
        items=lines,
        others=tuple(others),
        actions=tuple(_own_actions(meeting, partner)),
        access=_access(items, partner, levels),
    )


def _minutes(meeting: Meeting, partner: Partner) -> Papers:
    items = _items(meeting, partner, "outcomes")
    numbers, _ = _numbered(meeting, items)
    given = _given(items, partner)
    levels = _levels(items, partner)
    safe = _places_kept_safe(items)
    lines = tuple(
        ItemLine(
            **_shown(item, numbers.get(item.pk), levels, safe),
            minute=item.minute_words,
            decision=item.decision,
            outcomes=_outcomes(item),
            ending=ending_words(item),
            actions=tuple(given[item.pk]),
        )
        for item in items
    )
    return Papers(
        heading=_heading(meeting, partner),
        items=lines,
        opening=meeting.opening,
        attendance=tuple(_attendance(meeting)),
        access=_access(items, partner, levels),
    )


def ending_words(item: AgendaItem) -> str:
    """What becomes of the item itself."""
    if item.status == "tabled":
        return ""
    on = f" on {item.returns_on:%-d %B %Y}" if item.returns_on else ""
    because = f": {item.status_because}" if item.status_because else ""
    label = "Comes back" if on else item.get_status_display()
    return f"{label}{on}{because}"


def _heading(meeting: Meeting, partner: Partner) -> Heading:
    return Heading(
        reference=meeting.reference,
        series=meeting.series.name,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        venue=meeting.venue,
        lead=meeting.lead.name,
        chair=str(meeting.chair or ""),
        partner=partner.name,
        confidentiality=meeting.series.confidentiality,
        approved_at=meeting.approved_at,
    )


def _items(meeting: Meeting, partner: Partner, *also: str) -> list[AgendaItem]:
    found = AgendaItem.objects.filter(meeting=meeting).open_to_partner(partner).tabled()
    return list(found.select_related(*SHOWN).prefetch_related(*also).in_order())


def _numbered(meeting: Meeting, items: list[AgendaItem]) -> tuple[dict[int, int], list[OtherLine]]:
    """The number of each item, and the lines of the open part that are for others.

    All agencies read the same numbers in the open part. The closed part has none, so nobody counts it.
    """
    everybody = AgendaItem.objects.filter(meeting=meeting).in_open_part().tabled().in_order()
    rows = list(everybody.values_list("pk", "issue__label", "area__name"))
    numbers = {pk: place for place, (pk, _, _) in enumerate(rows, start=1)}
    own = {item.pk for item in items}
    others = [
        OtherLine(number=numbers[pk], issue=issue or "", area=area or "")
        for pk, issue, area in rows
        if pk not in own
    ]
    return numbers, others


def _shown(
    item: AgendaItem, number: int | None, levels: dict[int, ShareLevel], safe: frozenset[int]
) -> dict[str, Any]:
    return {
        "pk": item.pk,
        "version": item.version,
        "number": number,
        "reference": item.reference,
        "title": item.title,
        "closed": item.closed,
        "subject": _subject(item, levels, safe),
        "group": _label(item.group),
        "issue": _label(item.issue),
        "area": _label(item.area),
        "referred_by": _label(item.referred_by),
        "minutes": item.minutes,
    }


def _label(record: Any) -> str:
    return str(record or "")


def _subject(item: AgendaItem, levels: dict[int, ShareLevel], safe: frozenset[int]) -> str:
    """Its case by reference, a person by name alone, a place by its address unless somebody hides there."""
    if item.case:
        level = levels.get(item.case.pk)
        return f"Case {item.case.reference}" + (f", open to you: {level.label.lower()}" if level else "")
    if item.person:
        return f"Person: {item.person.name}"
    if item.place:
        return f"Place: {WITHHELD if item.place.pk in safe else item.place.full_address}"
    return ""


def _places_kept_safe(items: list[AgendaItem]) -> frozenset[int]:
    places = [item.place_id for item in items if item.place_id]
    return frozenset(
        Person.objects.filter(do_not_disclose=True, place__in=places).values_list("place", flat=True)
    )


def _levels(items: list[AgendaItem], partner: Partner) -> dict[int, ShareLevel]:
    """How much of each case is open to the agency."""
    rows = CaseGroupPermission.objects.filter(
        content_object__in=[item.case_id for item in items if item.case_id], group=partner.group_id
    )
    held: dict[int, set[str]] = defaultdict(set)
    for case, name in rows.values_list("content_object", "permission__codename"):
        held[case].add(name)
    return {
        case: max(level for level in LEVEL_VERBS if codename(Case, level) in names)
        for case, names in held.items()
    }


def _access(
    items: list[AgendaItem], partner: Partner, levels: dict[int, ShareLevel]
) -> tuple[tuple[str, int, str], ...]:
    """The permission rows of the items, how much of each case is open, and the shares behind them."""
    rows = AgendaItemGroupPermission.objects.filter(content_object__in=items, group=partner.group_id)
    shares = ItemShare.objects.filter(record__in=items, to_partner=partner, ended_at=None)
    opened = [("item", pk, name) for pk, name in rows.values_list("content_object", "permission__codename")]
    shared = [("share", pk, str(ends)) for pk, ends in shares.values_list("pk", "ends_at")]
    return tuple(sorted([*opened, *shared, *(("case", pk, level.name) for pk, level in levels.items())]))


def _handling(items: list[AgendaItem], partner: Partner) -> dict[int, str]:
    shares = ItemShare.objects.filter(record__in=items, to_partner=partner, ended_at=None).exclude(
        handling=""
    )
    return dict(shares.values_list("record", "handling"))


def _answers(items: list[AgendaItem]) -> dict[int, list[AnswerLine]]:
    """What agencies answered, once they sent it."""
    sent = ItemAnswer.objects.filter(item__in=items, seat__sent_at__isnull=False).exclude(known="")
    found: dict[int, list[AnswerLine]] = defaultdict(list)
    for answer in sent.select_related("seat__partner").order_by("seat__partner__name", "pk"):
        said = tuple((label, getattr(answer, name)) for label, name in ANSWERS if getattr(answer, name))
        found[answer.item_id].append(
            AnswerLine(partner=answer.seat.partner.name, known=answer.get_known_display(), said=said)
        )
    return found


def _earlier(items: list[AgendaItem], partner: Partner) -> dict[int, list[EarlierLine]]:
    """The newest first, and only those that were open to the agency too and still are. Drafts are for the
    team that writes them.
    """
    steps = ["__".join(["previous"] * n) for n in range(1, EARLIER + 1)]
    chains = AgendaItem.objects.filter(pk__in=[item.pk for item in items], previous__isnull=False)
    before = {pk: [each for each in chain if each] for pk, *chain in chains.values_list("pk", *steps)}
    ids = {each for chain in before.values() for each in chain}
    told = Q(meeting__status=MeetingStatus.APPROVED) | Q(meeting__status__in=WRITTEN_UP, lead=partner)
    decided = AgendaItem.objects.filter(told, pk__in=ids).exclude(decision="")
    open_now = decided.open_to_partner(partner).select_related("meeting").prefetch_related("outcomes")
    by_pk = {item.pk: item for item in open_now}
    found: dict[int, list[EarlierLine]] = defaultdict(list)
    for pk, chain in before.items():
        found[pk] = [_earlier_line(by_pk[each]) for each in chain if each in by_pk]
    return found


def _earlier_line(item: AgendaItem) -> EarlierLine:
    return EarlierLine(
        pk=item.pk,
        meeting=item.meeting.reference,
        day=item.meeting.day,
        decision=item.decision,
        outcomes=_outcomes(item),
    )


def _outcomes(item: AgendaItem) -> tuple[str, ...]:
    chosen = sorted(item.outcomes.all(), key=lambda outcome: (outcome.position, outcome.pk))
    return tuple(outcome.label for outcome in chosen)


def _own_actions(meeting: Meeting, partner: Partner) -> Iterable[ActionLine]:
    """What the agency still has to do in this partnership, the one due first on top."""
    owed = actions_of(partner).outstanding().filter(owner=partner, partnership=meeting.partnership_id)
    actions = list(owed.select_related("owner", "person", "lead").order_by("due_on", "pk"))
    about = _targets(actions, partner)
    return [action_line(action, about.get(action.pk, "")) for action in actions]


def action_line(action: Action, about: str = "") -> ActionLine:
    return ActionLine(
        pk=action.pk,
        reference=action.reference,
        text=action.text,
        owner=action.owner.name,
        person=str(action.person_now or ""),
        asked_by=action.lead.name,
        due_on=action.due_on,
        wanted_due_on=action.wanted_due_on,
        status=action.get_status_display(),
        about=about,
    )


def _targets(actions: list[Action], partner: Partner) -> dict[int, str]:
    """References of the cases and items that actions hang on, as far as they are open to the agency."""
    case = CaseGroupPermission.objects.filter(
        content_object=OuterRef("pk"),
        group=partner.group_id,
        permission__codename=codename(Case, ShareLevel.SUMMARY),
    )
    opened: dict[type[Any], Any] = {
        Case: Case.objects.filter(Exists(case), restricted=False),
        AgendaItem: AgendaItem.objects.open_to_partner(partner),
    }
    found: dict[int, str] = {}
    for model, records in opened.items():
        kind = ContentType.objects.get_for_model(model).pk
        hung = {action.pk: action.target_id for action in actions if action.target_type_id == kind}
        names = dict(records.filter(pk__in=hung.values()).values_list("pk", "reference"))
        found |= {pk: names[target] for pk, target in hung.items() if target in names}
    return found


def _given(items: list[AgendaItem], partner: Partner) -> dict[int, list[ActionLine]]:
    """Actions given for each item, as far as the agency may see them: those asked of it or by it."""
    rows = ItemAction.objects.filter(Q(action__in=actions_of(partner)), item__in=items)
    found: dict[int, list[ActionLine]] = defaultdict(list)
    related = ("action__owner", "action__person", "action__lead")
    for row in rows.select_related(*related).order_by("action__due_on", "action"):
        found[row.item_id].append(action_line(row.action))
    return found


def _attendance(meeting: Meeting) -> Iterable[AttendanceLine]:
    came = Attendance.objects.filter(meeting=meeting).select_related("partner")
    return [
        AttendanceLine(
            name=each.name,
            partner=_label(each.partner),
            status=each.get_status_display(),
            deputy_for=each.deputy_for,
        )
        for each in came.order_by("status", "name", "pk")
    ]
