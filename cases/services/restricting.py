"""Restricted cases: only the people named on one see it, and what hangs on it, whatever their partner holds.

What was merged into the case is restricted with it. Where somebody restricted that before on its own, it
follows only those who are named on it themselves.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet

from cases import tasks
from cases.models import Case, CaseGroupPermission, CaseNamed, Report
from csp.actions.models import Action
from csp.actions.services import keep_in_step
from csp.agencies.enums import CASEWORK_ROLES
from csp.agencies.models import Membership, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken

GLASS_HOLDS = dt.timedelta(hours=24)
RESTRICTED_IT = "Restricted the case"
GLASS_BROKEN = "case.glass_broken"


class CannotRestrict(RuleBroken): ...


def could_be_named(case: Case, on: dt.date) -> QuerySet[User]:
    """Who does casework for a partner that holds the case."""
    holding = CaseGroupPermission.objects.filter(content_object=case).values("group")
    seats = Membership.objects.current(on).filter(partner__group__in=holding, role__in=CASEWORK_ROLES)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("name", "pk")


@transaction.atomic
def restrict(*, case: Case, people: Sequence[User], reason: str, by: User, at: dt.datetime) -> Case:
    """From now on only `people` and `by` see it. Raises `CannotRestrict`."""
    current: Case = sharing.hold(case)
    if current.restricted:
        raise CannotRestrict(f"{current} is restricted already. Change who is named on it")
    if current.merged_into_id is not None:
        raise CannotRestrict(f"{current} is part of another case now. Restrict that one instead")
    everybody = {person.pk: person for person in (by, *people)}
    for person in everybody.values():
        _check_holds(current, person, at)
    for each in _family_open_to(by, current):
        each.restricted, each.restricted_because = True, reason
        each.save(update_fields=["restricted", "restricted_because"])
        for person in everybody.values():
            _name(each, person, RESTRICTED_IT if person.pk == by.pk else reason, by, at)
        keep_actions_in_step(each)
    record("case.restricted", by=by, target=current, reason=reason, people=sorted(everybody))
    return Case.objects.get(pk=current.pk)


@transaction.atomic
def name_person(*, case: Case, person: User, reason: str, by: User, at: dt.datetime) -> CaseNamed:
    """Open the restricted case to one more person."""
    current = _restricted(case)
    _check_holds(current, person, at)
    if _current(current).filter(user=person, broke_glass=False).exists():
        raise CannotRestrict(f"{person} is named on {current} already")
    made = _name_in(_family_open_to(by, current), current, person, reason, by, at)
    record("case.person_named", by=by, target=current, reason=reason, person=person.pk)
    return made


@transaction.atomic
def unname_person(*, named: CaseNamed, by: User, at: dt.datetime) -> None:
    """Close the restricted case to somebody. Somebody of the team that leads it stays."""
    current = _restricted(named.case)
    theirs = _current(current).filter(user=named.user)
    if not theirs.exists():
        raise CannotRestrict(f"{named.user} is not named on {current} any more")
    others = _current(current).exclude(user=named.user).filter(broke_glass=False).values("user")
    seats = Membership.objects.current(local_day(at)).filter(partner=current.lead_id, user__in=others)
    if not seats.filter(role__in=CASEWORK_ROLES, user__is_active=True).exists():
        raise CannotRestrict(
            f"Nobody else of {current.lead} is named, so nobody there could open it. Name somebody else first"
        )
    for each in _family_open_to(by, current):
        _current(each).filter(user=named.user).update(ended_at=at, ended_by=by)
        keep_actions_in_step(each)
    record("case.person_unnamed", by=by, target=current, person=named.user_id)


@transaction.atomic
def lift(*, case: Case, reason: str, by: User, at: dt.datetime) -> Case:
    """Everybody whose partner holds the case sees it again."""
    current = _restricted(case)
    for each in _family_open_to(by, current):
        each.restricted, each.restricted_because = False, ""
        each.save(update_fields=["restricted", "restricted_because"])
        _current(each).update(ended_at=at, ended_by=by)
        keep_actions_in_step(each)
    record("case.restriction_lifted", by=by, target=current, reason=reason)
    return Case.objects.get(pk=current.pk)


@transaction.atomic
def break_glass(*, case: Case, reason: str, by: User, at: dt.datetime) -> CaseNamed:
    """A colleague of the team that leads it opens it for a day, since somebody may come to harm.

    The managers are told at once.
    """
    current = _restricted(case)
    if current.lead_id not in by.partner_ids:
        raise CannotRestrict(f"Only {current.lead} can open it in an emergency. Phone them")
    if _current(current).filter(user=by).exists():
        raise CannotRestrict(f"You may open {current} already")
    glass = {"broke_glass": True, "ends_at": at + GLASS_HOLDS}
    made = _name_in(list(current.family), current, by, reason, by, at, **glass)
    record(GLASS_BROKEN, by=by, target=current, reason=reason, named=made.pk)
    tasks.tell_glass_broken.delay_on_commit(named_id=made.pk)
    return made


@transaction.atomic
def mark_glass_read(*, named: CaseNamed, by: User) -> None:
    """A manager has read that, and why, somebody opened the case."""
    record("case.glass_read", by=by, target=named.case, named=named.pk)


def keep_actions_in_step(case: Case) -> None:
    """Actions on the case and its reports are open to whom the case is."""
    cases, reports = (ContentType.objects.get_for_model(model) for model in (Case, Report))
    hung = Q(target_type=cases, target_id=case.pk)
    hung |= Q(target_type=reports, target_id__in=case.reports.values("pk"))
    keep_in_step(Action.objects.filter(hung), case.named_now())


def keep_report_actions_in_step(report: Report) -> None:
    """The report came into a case, or left it."""
    kind = ContentType.objects.get_for_model(Report)
    keep_in_step(Action.objects.filter(target_type=kind, target_id=report.pk), report.named_now())


def _restricted(case: Case) -> Case:
    current: Case = sharing.hold(case)
    if not current.restricted:
        raise CannotRestrict(f"{current} is not restricted")
    return current


def _current(case: Case) -> Any:
    return CaseNamed.objects.current().filter(case=case)


def _family_open_to(by: User, case: Case) -> list[Case]:
    """The case, and what was merged into it as far as `by` sees it: nobody opens what is closed to them."""
    seen = Case.objects.visible_to(by).filter(pk__in=case.family)
    return [each for each in case.family if each.pk == case.pk or seen.filter(pk=each.pk).exists()]


def _name_in(
    family: Sequence[Case],
    case: Case,
    person: User,
    reason: str,
    by: User,
    at: dt.datetime,
    **fields: Any,
) -> CaseNamed:
    """On each of the family. Returns the row of the case itself."""
    rows = {each.pk: _name(each, person, reason, by, at, **fields) for each in family}
    for each in family:
        keep_actions_in_step(each)
    return rows[case.pk]


def _name(case: Case, person: User, reason: str, by: User, at: dt.datetime, **fields: Any) -> CaseNamed:
    """A row before it, such as one that ran out, ends."""
    CaseNamed.objects.filter(case=case, user=person, ended_at=None).update(ended_at=at, ended_by=by)
    return CaseNamed.objects.create(case=case, user=person, reason=reason, added_by=by, added_at=at, **fields)


def _check_holds(case: Case, person: User, at: dt.datetime) -> None:
    if not could_be_named(case, local_day(at)).filter(pk=person.pk).exists():
        raise CannotRestrict(
            f"{person} does not do casework for an agency that holds {case}. Share it with their agency first"
        )
