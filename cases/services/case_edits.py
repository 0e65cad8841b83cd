"""What a case says of itself. Of two people at once, the second is told what changed."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from cases.enums import CaseStatus
from cases.models import Case, CaseReference, Category, Person
from cases.services.cases import lock_case
from cases.services.keys import split_postcode
from cases.services.people import place_of
from cases.services.prints import Prints, prints, refuse_unseen
from cases.services.texts import refuse_unstorable, refuse_unstorable_in
from csp.agencies.models import Area, Partner, User
from csp.audit.services import record
from csp.core.errors import RuleBroken


class CannotEdit(RuleBroken): ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseDetails:
    """What a case says, in the shape in which it is typed."""

    title: str
    summary: str = ""
    categories: tuple[Category, ...] = ()
    where: str = ""
    """Address or postcode."""
    area: Area | None = None
    """Ward or local area, where there is no address that says it."""
    referring_partner: Partner | None = None


def details_of(case: Case) -> CaseDetails:
    return CaseDetails(
        title=case.title,
        summary=case.summary,
        categories=tuple(case.categories.order_by("position", "label")),
        where=where_of(case),
        area=case.ward or case.local_area,
        referring_partner=case.referring_partner,
    )


def where_of(case: Case) -> str:
    place = case.place
    return ", ".join(dict.fromkeys(filter(None, [place.address, place.postcode]))) if place else ""


def prints_of(details: CaseDetails) -> Prints:
    values = {field.name: getattr(details, field.name) for field in dataclasses.fields(details)}
    values["categories"] = sorted(category.pk for category in details.categories)
    values["area"] = details.area and details.area.pk
    values["referring_partner"] = details.referring_partner and details.referring_partner.pk
    return prints(values)


@transaction.atomic
def edit_case(
    *, case: Case, details: CaseDetails, seen: Mapping[str, str], by: User, at: dt.datetime
) -> Case:
    """Change what a case says. `seen` are the prints of what the editor had before them.

    Raises `ChangedMeanwhile` where the case says something else now.
    """
    refuse_unstorable_in(details)
    current = lock_case(case)
    before = details_of(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before, "case")
    changed = [name for name in was if becomes[name] != was[name]]
    if not changed:
        return current
    _refuse_ended(current)
    _put(current, details, changed)
    record("case.edited", by=by, target=current, fields=changed)
    return current


def _put(case: Case, details: CaseDetails, changed: list[str]) -> None:
    case.title, case.summary = details.title, details.summary
    case.referring_partner = details.referring_partner
    if "where" in changed:
        address, postcode = split_postcode(details.where)
        case.place = place_of(partnership=case.partnership, address=address, postcode=postcode)
        if case.place and case.place.ward and "area" not in changed:
            case.ward, case.local_area = case.place.ward, case.place.local_area
    if "area" in changed:
        _put_area(case, details.area)
    case.save(
        update_fields=["title", "summary", "referring_partner", "place", "ward", "local_area"],
    )
    if "categories" in changed:
        case.categories.set(details.categories)


def _put_area(case: Case, area: Area | None) -> None:
    """A ward lies in its local area."""
    is_ward = area is not None and area.kind == "ward"
    above = area.parent if area is not None and is_ward else area
    case.ward = area if is_ward else None
    case.local_area = above if above is not None and above.kind == "local_area" else None


@transaction.atomic
def put_reference(*, case: Case, partner: Partner, reference: str, by: User, at: dt.datetime) -> str:
    """An agency's own reference for the case; an empty one takes it away."""
    refuse_unstorable("The reference", reference)
    current = lock_case(case)
    if reference:
        CaseReference.objects.update_or_create(
            case=current, partner=partner, defaults={"reference": reference}
        )
    else:
        CaseReference.objects.filter(case=current, partner=partner).delete()
    record("case.agency_reference_changed", by=by, target=current, partner=partner, given=bool(reference))
    return reference


def place_is_protected(case: Case) -> bool:
    """Somebody whose address must not be disclosed lives where it happens."""
    return (
        case.place_id is not None
        and Person.objects.filter(do_not_disclose=True, place=case.place_id).exists()
    )


def _refuse_ended(case: Case) -> None:
    if case.status == CaseStatus.CLOSED:
        raise CannotEdit(f"{case} is closed. Reopen it to change what it says")
    if case.status == CaseStatus.CANCELLED:
        raise CannotEdit(f"{case} is cancelled. What it says stays as it is")
