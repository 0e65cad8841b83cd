"""Answering somebody who asks what is held about them (UK GDPR article 15; DPA 2018 section 45)."""

import datetime as dt

from django.db import transaction

from cases.enums import AccessStatus, Exemption, ReleaseDecision
from cases.models import Person, SubjectAccess, SubjectAccessItem
from cases.services.gathering import gather
from csp.agencies.models import Partner, User
from csp.audit.services import record
from csp.core.calendar import add_months, local_day
from csp.core.errors import RuleBroken
from csp.core.pdf import render_pdf
from csp.core.text import count
from csp.core.words import date_words

MONTHS_TO_ANSWER = 1
MONTHS_MORE = 2
KEPT_BACK = (ReleaseDecision.REDACT, ReleaseDecision.WITHHOLD)


class CannotAnswer(RuleBroken): ...


@transaction.atomic
def open_access(
    *, person: Person, partner: Partner, received_on: dt.date, identity: str, by: User, at: dt.datetime
) -> SubjectAccess:
    """Start the clock, and gather what is held. The answer is due on the corresponding date next month."""
    if received_on > local_day(at):
        raise CannotAnswer("The day the request came must be today or in the past")
    waiting = SubjectAccess.objects.filter(
        person=person, partner=partner, status__in=[AccessStatus.OPEN, AccessStatus.READY]
    )
    if waiting.exists():
        raise CannotAnswer("A request of this person is being answered already")
    access = SubjectAccess.objects.create(
        partnership=partner.partnership,
        partner=partner,
        person=person,
        received_on=received_on,
        due_on=add_months(received_on, MONTHS_TO_ANSWER),
        identity=identity,
        opened_by=by,
        opened_at=at,
    )
    items = [
        SubjectAccessItem(
            request=access,
            position=position,
            source=held.source[:200],
            at=held.at,
            text=held.text,
            released=held.without_others,
        )
        for position, held in enumerate(gather(person, partner, by), start=1)
    ]
    SubjectAccessItem.objects.bulk_create(items)
    record("subject_access.opened", by=by, target=access, person=person.pk, items=len(items))
    return access


@transaction.atomic
def decide_item(
    *,
    item: SubjectAccessItem,
    decision: str,
    released: str = "",
    exemption: str = "",
    reason: str = "",
    by: User,
    at: dt.datetime,
) -> SubjectAccessItem:
    access = _open(item.request, AccessStatus.OPEN)
    current = SubjectAccessItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if decision in KEPT_BACK and not (exemption and reason.strip()):
        raise CannotAnswer("Choose the exemption, and say why it applies here")
    if decision == ReleaseDecision.REDACT:
        _must_be_a_part(released, current.text)
    texts = {
        ReleaseDecision.RELEASE: current.text,
        ReleaseDecision.REDACT: released,
        ReleaseDecision.WITHHOLD: "",
    }
    current.decision, current.released = decision, texts[ReleaseDecision(decision)]
    current.exemption = exemption if decision in KEPT_BACK else ""
    current.reason = reason if decision in KEPT_BACK else ""
    current.decided_by, current.decided_at = by, at
    current.save()
    record(
        "subject_access.item_decided",
        by=by,
        target=access,
        item=current.position,
        decision=decision,
        exemption=current.exemption,
    )
    return current


def _must_be_a_part(released: str, text: str) -> None:
    """However browsers end lines."""
    if not released.strip():
        raise CannotAnswer(
            "Nothing is left of it. Leave the words that they may have, or keep all of it back"
        )
    if released.split() == text.split():
        raise CannotAnswer("Nothing has been taken out. Take it out, or release it as it is")


@transaction.atomic
def extend_access(*, access: SubjectAccess, because: str, by: User, at: dt.datetime) -> SubjectAccess:
    """Two more months for a complex request, while the first month runs. The person is told why."""
    current = _open(access, AccessStatus.OPEN, AccessStatus.READY)
    if current.extended_because:
        raise CannotAnswer("The time has been extended already, and the law allows that once")
    if local_day(at) > current.due_on:
        raise CannotAnswer(
            f"It was due on {date_words(current.due_on)}: time can be extended until that day only"
        )
    current.due_on = add_months(current.received_on, MONTHS_TO_ANSWER + MONTHS_MORE)
    current.extended_because = because
    current.save(update_fields=["due_on", "extended_because"])
    record("subject_access.extended", by=by, target=current, reason=because)
    return current


@transaction.atomic
def make_ready(*, access: SubjectAccess, by: User, at: dt.datetime) -> SubjectAccess:
    current = _open(access, AccessStatus.OPEN)
    undecided = current.items.filter(decision=ReleaseDecision.UNDECIDED).count()
    if undecided:
        raise CannotAnswer(f"Decide the {count(undecided, 'item')} that nobody has decided yet")
    _move(current, AccessStatus.READY)
    record("subject_access.made_ready", by=by, target=current)
    return current


@transaction.atomic
def open_again(*, access: SubjectAccess, by: User, at: dt.datetime) -> SubjectAccess:
    current = _open(access, AccessStatus.READY)
    _move(current, AccessStatus.OPEN)
    record("subject_access.changed", by=by, target=current)
    return current


@transaction.atomic
def mark_sent(*, access: SubjectAccess, by: User, at: dt.datetime) -> SubjectAccess:
    current = _open(access, AccessStatus.READY)
    _end(current, AccessStatus.SENT, by, at)
    record("subject_access.sent", by=by, target=current, items=current.items.count())
    return current


@transaction.atomic
def refuse_access(*, access: SubjectAccess, because: str, by: User, at: dt.datetime) -> SubjectAccess:
    current = _open(access, AccessStatus.OPEN)
    current.refused_because = because
    _end(current, AccessStatus.REFUSED, by, at)
    record("subject_access.refused", by=by, target=current, reason=because)
    return current


@transaction.atomic
def withdraw_access(*, access: SubjectAccess, by: User, at: dt.datetime) -> SubjectAccess:
    current = _open(access, AccessStatus.OPEN, AccessStatus.READY)
    _end(current, AccessStatus.WITHDRAWN, by, at)
    record("subject_access.withdrawn", by=by, target=current)
    return current


def access_pdf(*, access: SubjectAccess, by: User, at: dt.datetime) -> bytes:
    """What goes to the person: the released words, and which exemption keeps the rest."""
    if access.status not in (AccessStatus.READY, AccessStatus.SENT):
        raise CannotAnswer("Decide every item and mark the answer as ready first")
    items = list(access.items.order_by("position"))
    exemptions = sorted({Exemption(item.exemption).label for item in items if item.exemption})
    record("subject_access.printed", by=by, target=access, items=len(items))
    context = {"access": access, "items": items, "exemptions": exemptions, "today": local_day(at)}
    return render_pdf("cases/access_answer.pdf.html", context, title="What we hold about you", marking="")


def _open(access: SubjectAccess, *expected: str) -> SubjectAccess:
    current = SubjectAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if current.status not in expected:
        raise CannotAnswer(f"This request is {current.get_status_display().lower()}")
    return current


def _move(access: SubjectAccess, status: AccessStatus) -> None:
    access.move_to(status)
    access.save(update_fields=["status"])


def _end(access: SubjectAccess, status: AccessStatus, by: User, at: dt.datetime) -> None:
    access.move_to(status)
    access.ended_by, access.ended_at = by, at
    access.save()
