"""How an action goes, quarter by quarter, as those who lead it say it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from cases.services.prints import Prints, refuse_unseen
from csp.agencies.models import Partner, User
from csp.audit.services import record
from csp.core.calendar import Period, local_day
from csp.core.errors import RuleBroken
from csp.core.keeping import all_or_none, keep
from csp.core.storage import sha256_of
from performance.enums import MeasureKind
from performance.models import PlanAction, PlanMeasure, PlanUpdate, PlanUpdateFile
from performance.models.plan_quarters import quarters_of
from performance.services.plans import prints_of


class CannotUpdate(RuleBroken): ...


@dataclass(frozen=True)
class UpdateDetails:
    rating: str = ""
    narrative: str = ""
    value: Decimal | None = None


def details_of(update: PlanUpdate | None) -> UpdateDetails:
    """Empty ones where nothing was said yet."""
    if update is None:
        return UpdateDetails()
    value = None if update.value is None else update.value.normalize() + 0
    return UpdateDetails(update.rating, update.narrative, value)


def counted_measure(action: PlanAction) -> PlanMeasure | None:
    """The measure whose number the update gives: the first that is a number."""
    found = sorted(action.measures.all(), key=lambda each: (each.position, each.pk))
    return next((each for each in found if each.kind == MeasureKind.COUNT), None)


def partner_of(user: User, action: PlanAction) -> Partner | None:
    """The agency for which the person speaks: the one that leads it, else the one they work at here."""
    seats = [seat.partner for seat in user.seats if seat.partner.partnership_id == action.plan.partnership_id]
    leads = {each.pk for each in action.leads.all()}
    return next((each for each in seats if each.pk in leads), seats[0] if seats else None)


@transaction.atomic
def write_update(
    *,
    action: PlanAction,
    quarter: Period,
    details: UpdateDetails,
    files: Sequence[Any] = (),
    seen: Prints,
    by: User,
    at: dt.datetime,
) -> PlanUpdate:
    """The first time or again. Raises `CannotUpdate`, `UploadRefused`, and `ChangedMeanwhile` where
    a colleague wrote first.
    """
    locked = PlanAction.objects.select_for_update(of=("self",)).select_related("plan__partnership")
    current = locked.get(pk=action.pk)
    if quarter not in quarters_of(current.plan, local_day(at)):
        raise CannotUpdate(f"{quarter} is no quarter of this plan, or has not begun yet")
    partner = partner_of(by, current)
    if partner is None:
        raise CannotUpdate("Only people who work in this partnership can write updates")
    update = PlanUpdate.objects.filter(action=current, quarter=quarter.first).first()
    before = details_of(update)
    refuse_unseen(prints_of(before), seen, before, "update")
    is_new = update is None
    update = update or PlanUpdate(action=current, quarter=quarter.first)
    if is_new or before != details:
        for name, value in {**vars(details), "partner": partner, "by": by, "at": at}.items():
            setattr(update, name, value)
        update.save()
        verb = "plan_update.written" if is_new else "plan_update.changed"
        record(
            verb, by=by, target=update, partnership=current.plan.partnership,
            action=current.ref, quarter=quarter.name, rating=details.rating,
        )  # fmt: skip
    _keep_files(update, current, files, by, at)
    return update


def _keep_files(
    update: PlanUpdate, action: PlanAction, files: Sequence[Any], by: User, at: dt.datetime
) -> None:
    """The same file twice is kept once."""
    had = set(update.files.values_list("sha256", flat=True))
    with all_or_none() as kept:
        for file in files:
            if (print_of := sha256_of(file)) in had:
                continue
            had.add(print_of)
            stored = keep(PlanUpdateFile(update_of=update, added_by=by, added_at=at), file)
            kept.append(stored)
            there = action.plan.partnership
            record("plan_update.evidence_added", by=by, target=update, partnership=there, file=stored.pk)
