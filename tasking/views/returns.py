"""The return of an agency before a meeting: saved as it is typed, and sent at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from csp.actions.services import add_files
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken
from csp.core.forms.base import PUT_BACK
from csp.core.keeping import SHOWN_IN_THE_PAGE
from csp.core.text import tidy
from csp.core.words import time_words
from tasking.enums import Known
from tasking.forms.returns import CHOICES, LABELS, FilesForm, answers_for, form_of
from tasking.models import MeetingPartner
from tasking.services.return_cards import (
    ACTION_BOXES,
    ITEM_BOXES,
    LONGEST,
    ActionCard,
    Card,
    ReturnCards,
    Values,
    cards_of,
)
from tasking.services.returns import CardRefused, Saved, Typed, save_typed, send_return
from tasking.views.meeting_shell import MeetingShell, open_meeting

ACTIVE = "meetings:return"
SEEN, EVIDENCE = "-seen", "-evidence"
PUT_BACK_SAVED = (
    "You were signed out before this was sent. It is saved: check it, choose any files again, and send it"
)


@dataclass
class Return:
    """One agency's return at one meeting, while somebody works at it."""

    request: StaffRequest
    shell: MeetingShell
    seat: MeetingPartner
    cards: ReturnCards | None = None
    typed: dict[str, Typed] = field(default_factory=dict)
    lost: list[Values] = field(default_factory=list)
    """Words that found no place: shown, so that nobody has to remember them."""
    broken: str = ""

    @property
    def url(self) -> str:
        return reverse(ACTIVE, args=[self.shell.meeting.reference])


def open_return(request: StaffRequest, reference: str) -> Return:
    shell = open_meeting(request, reference, "meetings.answer", active=ACTIVE)
    seats = shell.meeting.invited.filter(partner__in=request.user.partner_ids)
    own = list(seats.select_related("partner", "sent_by").order_by("pk"))
    if not own:
        raise PermissionDenied
    acting = [seat for seat in own if request.partner and seat.partner_id == request.partner.pk]
    seat = (acting or own)[0]
    seat.meeting = shell.meeting
    return Return(request, shell, seat, typed=dict(typed_in(request)))


def typed_in(request: StaffRequest) -> Iterator[tuple[str, Typed]]:
    """What each card of the page held. A card is on the page where its mark is."""
    for name, seen in request.POST.items():
        key = name.removesuffix(SEEN)
        if name.endswith(SEEN) and isinstance(seen, str):
            boxes = ACTION_BOXES if key.startswith("a") else ITEM_BOXES
            values = {box: tidy(request.POST.get(f"{key}-{box}", ""))[:LONGEST] for box in boxes}
            yield key, Typed(values, seen)


@require_safe
def page(request: StaffRequest, reference: str) -> HttpResponse:
    return show(open_return(request, reference))


def show(work: Return) -> HttpResponse:
    cards = work.cards or cards_of(work.seat, work.request.user)
    prepared = work.shell.meeting.is_prepared
    asked_to = work.request.method == "POST" or "change" in work.request.GET
    form_open = not work.seat.sent_at or cards.unsent or cards.done < cards.total or asked_to
    context = {
        "shell": work.shell,
        "meeting": work.shell.meeting,
        "seat": work.seat,
        "cards": cards,
        "writing": prepared and form_open,
        "prepared": prepared,
        "problems": list(problems_of(cards, work.broken)),
        "lost": [[word for word in values.values() if word] for values in work.lost],
        "known": Known.choices,
        "pictures": SHOWN_IN_THE_PAGE,
    }
    for card in cards.actions:
        card.choices = answers_for(card)
    return render(work.request, "tasking/return.html", context)


def problems_of(cards: ReturnCards, broken: str) -> Iterator[dict[str, str]]:
    if broken:
        yield {"anchor": "main-content", "words": broken}
    for card in cards.all:
        for box, found in card.problems.items():
            for words in found:
                yield {"anchor": f"{card.key}-{box}", "words": f"{card.thing}: {words}"}


def keep(work: Return) -> Saved | None:
    """Save what was typed, and the files that came with it. None where the returns are closed by now."""
    now = timezone.now()
    try:
        saved = save_typed(seat=work.seat, typed=work.typed, by=work.request.user, at=now)
    except RuleBroken as problem:
        work.broken = str(problem)
        work.lost = [typed.values for typed in work.typed.values() if any(typed.values.values())]
        return None
    work.cards = saved.cards
    work.lost = saved.gone
    for card in saved.clashes:
        box = next(name for name in card.boxes if card.values[name] != (card.theirs or {}).get(name))
        card.problems[box] = [clash_words(card)]
        card.clash = list(theirs_of(card))
    for card in saved.cards.actions:
        keep_files(work, card)
    return saved


def clash_words(card: Card) -> str:
    return f"{card.saved_by} wrote here while you did. Bring the two together, then save again"


def theirs_of(card: Card) -> Iterator[tuple[str, str]]:
    """What the colleague wrote, in the boxes where the reader wrote something else."""
    theirs = card.theirs or {}
    for box in card.boxes:
        if theirs.get(box) != card.values[box]:
            yield LABELS[box], CHOICES.get(theirs.get(box, ""), theirs.get(box, "")) or "Nothing"


def keep_files(work: Return, card: ActionCard) -> None:
    files = work.request.FILES.getlist(f"{card.key}{EVIDENCE}")
    if not files:
        return
    form = FilesForm({}, {"evidence": files})
    try:
        if form.is_valid():
            given = form.cleaned_data["evidence"]
            now = timezone.now()
            card.files += add_files(action=card.action, files=given, by=work.request.user, at=now)
        else:
            card.problems["evidence"] = [str(words) for words in form.errors["evidence"]]
    except RuleBroken as problem:
        card.problems["evidence"] = [str(problem)]


@require_POST
def save(request: StaffRequest, reference: str) -> HttpResponse:
    """As it is typed, by a script; or by “Save for later”."""
    work = open_return(request, reference)
    saved = keep(work)
    if "X-Requested-With" in request.headers:
        return JsonResponse(saved_words(work, saved))
    if saved is None or saved.clashes or work.lost or has_problems(saved.cards):
        return show(work)
    messages.success(
        request,
        PUT_BACK_SAVED if PUT_BACK in request.POST else "Saved. Nobody else sees it until you send it",
    )
    return redirect(work.url)


def saved_words(work: Return, saved: Saved | None) -> dict[str, Any]:
    if saved is None:
        return {"told": work.broken}
    answer: dict[str, Any] = {f"{key}{SEEN}": seen for key, seen in saved.seen.items()}
    answer |= {
        "saved": time_words(timezone.localtime().time()),
        "done": saved.cards.done,
        "total": saved.cards.total,
    }
    if saved.clashes:
        first = saved.clashes[0]
        answer["told"] = (
            f"{first.thing}: {first.saved_by} wrote here while you did. Press “Save for later” to see both"
        )
    elif work.lost:
        answer["told"] = (
            "Something you wrote about is no longer on your return. Press “Save for later” to see it"
        )
    return answer


def has_problems(cards: ReturnCards) -> bool:
    return any(card.problems for card in cards.all)


@require_POST
def nothing(request: StaffRequest, reference: str) -> HttpResponse:
    """“Nothing known” about one item, in one click; what else was typed is saved with it."""
    work = open_return(request, reference)
    key = request.POST.get("nothing", "")
    if key in work.typed:
        given = work.typed[key]
        work.typed[key] = Typed({**given.values, "known": Known.NOT_KNOWN}, given.seen)
    saved = keep(work)
    if saved is None or saved.clashes or work.lost or has_problems(saved.cards):
        return show(work)
    return redirect(f"{work.url}?change#{after(saved.cards, key)}")


def after(cards: ReturnCards, key: str) -> str:
    """The card that comes next and still waits; the end of the page where none does."""
    keys = [card.key for card in cards.all]
    later = cards.all[keys.index(key) + 1 :] if key in keys else cards.all
    return next((card.key for card in later if card.counts and not card.done), "send")


@require_POST
def send(request: StaffRequest, reference: str) -> HttpResponse:
    if PUT_BACK in request.POST:
        return save(request, reference)
    work = open_return(request, reference)
    saved = keep(work)
    if saved is None:
        return show(work)
    answers = read_answers(saved.cards)
    if work.lost or has_problems(saved.cards):
        return show(work)
    try:
        seen = {key: typed.seen for key, typed in work.typed.items()} | saved.seen
        send_return(seat=work.seat, seen=seen, answers=answers, by=request.user, at=timezone.now())
    except CardRefused as refused:
        return show_refused(work, refused)
    except RuleBroken as problem:
        work.broken = str(problem)
        return show(work)
    messages.success(request, "Your return is sent. You can change it until the meeting begins")
    return redirect(work.url)


def read_answers(cards: ReturnCards) -> Mapping[str, Mapping[str, Any]]:
    """What each card says that holds something new; its problems stay with the card."""
    answers = {}
    for card in cards.all:
        if card.problems or (card.draft is None and (card.done or not card.counts)):
            continue
        form = form_of(card)
        if form.is_valid():
            answers[card.key] = form.cleaned_data
        else:
            card.problems = {box: [str(words) for words in found] for box, found in form.errors.items()}
    return answers


def show_refused(work: Return, refused: CardRefused) -> HttpResponse:
    """Nothing was sent. The page says where it stopped, with everything as it is now."""
    work.cards = cards_of(work.seat, work.request.user)
    card = work.cards.by_key.get(refused.key)
    if card is None:
        work.broken = str(refused)
    else:
        card.problems = {card.boxes[0]: [str(refused)]}
    return show(work)
