"""Cases that are part of another, or related to it."""

import dataclasses
import datetime as dt

from django.db import transaction
from django.db.models import Q

from cases.enums import CaseLinkKind
from cases.models import Case, CaseLink
from csp.agencies.models import Partnership, User
from csp.audit.services import record
from csp.core.errors import RuleBroken


class CannotLink(RuleBroken): ...


@dataclasses.dataclass(frozen=True)
class Linked:
    """One link as the page of one of its two cases shows it."""

    link: CaseLink
    words: str
    other: Case


@transaction.atomic
def link_cases(*, case: Case, other: Case, kind: str, why: str, by: User, at: dt.datetime) -> CaseLink:
    """Say that `case` is part of `other`, or related to it. Raises `CannotLink`."""
    hold_partnership(case)
    if case.pk == other.pk:
        raise CannotLink("A case cannot be linked to itself. Enter the reference of the other case")
    if not Case.objects.visible_to(by).filter(pk=other.pk).exists():
        raise CannotLink("There is no case with this reference that you can see")
    if case.partnership_id != other.partnership_id:
        raise CannotLink(f"{other} belongs to another partnership")
    if CaseLink.objects.filter(Q(case=case, other=other) | Q(case=other, other=case)).exists():
        raise CannotLink(f"{case} and {other} are linked already. Take that link away first")
    if kind == CaseLinkKind.PARENT:
        _refuse_ring(case, other, by)
    link = CaseLink.objects.create(case=case, other=other, kind=kind, why=why, made_by=by, made_at=at)
    record("case.linked", by=by, target=case, reason=why, other=other.pk, link=kind)
    return link


def _refuse_ring(case: Case, parent: Case, by: User) -> None:
    """A case is part of one other, and never of one that is itself, further up, part of it."""
    above = CaseLink.objects.filter(case=case, kind=CaseLinkKind.PARENT).select_related("other").first()
    if above is not None:
        seen = Case.objects.visible_to(by).filter(pk=above.other_id).exists()
        named = str(above.other) if seen else "another case"
        raise CannotLink(f"{case} is part of {named} already. Take that link away first")
    step: int | None = parent.pk
    while step is not None:
        if step == case.pk:
            raise CannotLink(f"{parent} is itself part of {case}, so they would go round in a ring")
        parents = CaseLink.objects.filter(case=step, kind=CaseLinkKind.PARENT)
        step = parents.values_list("other", flat=True).first()


@transaction.atomic
def unlink_cases(*, link: CaseLink, by: User, at: dt.datetime) -> None:
    current = CaseLink.objects.select_related("case").filter(pk=link.pk).first()
    if current is None:
        raise CannotLink("This link has been taken away already")
    record("case.unlinked", by=by, target=current.case, other=current.other_id, link=current.kind)
    current.delete()


def links_of(case: Case, user: User) -> list[Linked]:
    """A reader learns of a link only where they may see both cases."""
    links = CaseLink.objects.filter(
        Q(case=case, other__in=Case.objects.visible_to(user))
        | Q(other=case, case__in=Case.objects.visible_to(user))
    )
    return [_as_seen_from(case, link) for link in links.select_related("case", "other").order_by("pk")]


def _as_seen_from(case: Case, link: CaseLink) -> Linked:
    if link.case_id == case.pk:
        return Linked(link, link.get_kind_display(), link.other)
    words = "Includes" if link.kind == CaseLinkKind.PARENT else link.get_kind_display()
    return Linked(link, words, link.case)


def hold_partnership(case: Case) -> None:
    """One at a time may tie cases of a partnership together, so that no ring closes between two people."""
    Partnership.objects.select_for_update(no_key=True).get(pk=case.partnership_id)
