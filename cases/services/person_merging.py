"""Two people found to be one, and told apart again. What moves is written down, so that it can go back."""

import datetime as dt
from typing import Any

from django.db import models, transaction

from cases.enums import ReportStatus
from cases.models import (
    Alias,
    Case,
    CaseContact,
    CasePerson,
    Contact,
    DashAssessment,
    Intervention,
    Person,
    PersonMerge,
    Report,
    ReportPerson,
    RiskAssessment,
    SubjectAccess,
)
from cases.services.assessment import weigh
from cases.services.keys import phone_key
from cases.services.names import NAME_KEYS, put_name_keys
from cases.services.people import UNNAMED
from cases.services.search import contact_open_to
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken

ONCE: dict[type[models.Model], tuple[str, ...]] = {
    ReportPerson: ("report_id", "role"),
    CasePerson: ("case_id", "role"),
    Alias: ("name",),
}
"""Rows of which a person has one for each of these. What both have is set aside, and comes back on undo."""

MANY: tuple[type[models.Model], ...] = (
    RiskAssessment,
    DashAssessment,
    CaseContact,
    Contact,
    Intervention,
    SubjectAccess,
)
GAPS = (
    "known_as",
    "born_on",
    "phone",
    "email",
    "place",
    "contact_method",
    "contact_when",
    "language",
    "gender",
)
"""Taken from the one that goes where the one that stays has nothing."""

JOINED = ("contact_avoid", "contact_warning")
"""What keeps somebody safe is kept from both."""

LONGEST_WARNING = 300

SETTLED = ["name", *GAPS, *JOINED, "vulnerability", "do_not_disclose", "phone_key", *NAME_KEYS]


class CannotMerge(RuleBroken): ...


@transaction.atomic
def merge_people(*, kept: Person, gone: Person, reason: str, by: User, at: dt.datetime) -> PersonMerge:
    """`gone` is found to be `kept`. Everything about the one is about the other from now on."""
    kept, gone = _locked(kept, gone)
    _refuse_merge(kept, gone, by)
    merge = PersonMerge(kept=kept, gone=gone, reason=reason, by=by, at=at)
    _take(merge)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    _settle(kept)
    record("person.merged", by=by, target=kept, reason=reason, gone=gone.pk, merge=merge.pk)
    return merge


@transaction.atomic
def unmerge_people(*, merge: PersonMerge, reason: str, by: User, at: dt.datetime) -> PersonMerge:
    """They are two after all. What moved goes back, and nothing else.

    What later merges took from others stays: they are undone and done again round this one.
    """
    kept, gone = _locked(merge.kept, merge.gone)
    merge = PersonMerge.objects.get(pk=merge.pk)
    if merge.undone_at is not None:
        raise CannotMerge("Somebody else undid this already")
    if kept.merged_into is not None:
        raise CannotMerge(f"{kept} was found to be {kept.merged_into} later. Undo that first")
    later = list(kept.merges.filter(undone_at=None, pk__gt=merge.pk).order_by("pk"))
    for each in [*reversed(later), merge]:
        _give_back(each, kept)
    merge.undone_by, merge.undone_at, merge.undo_reason = by, at, reason
    merge.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    for each in later:
        each.kept = kept
        _take(each)
    _settle(kept, gone)
    record("person.unmerged", by=by, target=kept, reason=reason, gone=gone.pk, merge=merge.pk)
    return merge


def _locked(*people: Person) -> list[Person]:
    """Both, as they are now, in one order for everybody."""
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=[person.pk for person in people])
    found = {person.pk: person for person in rows.order_by("pk")}
    return [found[person.pk] for person in people]


def _refuse_merge(kept: Person, gone: Person, by: User) -> None:
    if kept.pk == gone.pk:
        raise CannotMerge("This is one and the same record. Choose another person to merge it with")
    if kept.partnership_id != gone.partnership_id:
        raise CannotMerge("They belong to different partnerships, which keep their records apart")
    for person in (kept, gone):
        if person.merged_into is not None:
            raise CannotMerge(
                f"{person} was found to be {person.merged_into} already. Merge {person.merged_into} instead"
            )
    if len(contact_open_to(by, [kept, gone])) < len({kept.pk, gone.pk}):
        raise CannotMerge(
            "Where one of them lives is not to be disclosed, and another team keeps it. Ask that team"
        )
    if any(len(_joined(kept, gone, field)) > LONGEST_WARNING for field in JOINED):
        raise CannotMerge("Their warnings are too long to stand together. Shorten one of them first")


def _take(merge: PersonMerge) -> None:
    """Move what is about the one to the other, and write down what moved."""
    kept, gone = merge.kept, merge.gone
    journal: dict[str, Any] = {"moved": {}, "aside": {}, "caller": [], "filled": {}}
    for model, unique in ONCE.items():
        journal["aside"][_name(model)] = _set_aside(model, unique, kept, gone, journal)
    for model in (*ONCE, *MANY):
        rows = model._default_manager.filter(person=gone)
        journal["moved"][_name(model)] = sorted(rows.values_list("pk", flat=True))
        rows.update(person=kept)
    journal["filled"] = _fill(kept, gone)
    merge.moved = journal
    merge.save()


def _name(model: type[models.Model]) -> str:
    return str(model._meta.model_name)


def _set_aside(
    model: type[models.Model], unique: tuple[str, ...], kept: Person, gone: Person, journal: dict[str, Any]
) -> list[dict[str, Any]]:
    """Rows of the one that goes where the other has such a row already."""
    own = {tuple(row[1:]): row[0] for row in _rows(model, kept).values_list("pk", *unique)}
    aside = []
    for row in _rows(model, gone).order_by("pk"):
        same = own.get(tuple(getattr(row, name) for name in unique))
        if same is None:
            continue
        aside.append({field.attname: _plain(getattr(row, field.attname)) for field in _columns(model)})
        is_caller = getattr(row, "is_caller", False)
        row.delete()
        if is_caller:
            journal["caller"].append(same)
            ReportPerson.objects.filter(pk=same).update(is_caller=True)
    return aside


def _rows(model: type[models.Model], person: Person) -> models.QuerySet[Any]:
    return model._default_manager.filter(person=person)


def _fill(kept: Person, gone: Person) -> dict[str, list[Any]]:
    """What the one that stays learns, with what it said before."""
    values: dict[str, Any] = {
        name: getattr(gone, name) for name in GAPS if getattr(gone, name) and not getattr(kept, name)
    }
    if kept.name == UNNAMED:
        values["name"] = gone.name
    values |= {name: _joined(kept, gone, name) for name in JOINED}
    values["vulnerability"] = sorted({*kept.vulnerability, *gone.vulnerability})
    values["do_not_disclose"] = kept.do_not_disclose or gone.do_not_disclose
    filled = {}
    for name, value in values.items():
        before = getattr(kept, name)
        setattr(kept, name, value)
        if value != before:
            filled[name] = [_plain(before), _plain(value)]
    return filled


def _joined(kept: Person, gone: Person, field: str) -> str:
    return ". ".join(dict.fromkeys(filter(None, [getattr(kept, field), getattr(gone, field)])))


def _give_back(merge: PersonMerge, kept: Person) -> None:
    """What moved and is still there goes back. What was taken out or changed meanwhile stays so."""
    journal = merge.moved
    ReportPerson.objects.filter(pk__in=journal["caller"], person=kept).update(is_caller=False)
    for model in (*ONCE, *MANY):
        _rows(model, kept).filter(pk__in=journal["moved"][_name(model)]).update(person=merge.gone_id)
    for model in ONCE:
        for values in journal["aside"][_name(model)]:
            _bring_back(model, values)
    for name, (before, after) in journal["filled"].items():
        field = Person._meta.get_field(name)
        if _plain(getattr(kept, name)) == after:
            setattr(kept, field.attname, field.to_python(before))  # type: ignore[union-attr]


def _columns(model: type[models.Model]) -> list[Any]:
    return list(model._meta.concrete_fields)


def _bring_back(model: type[models.Model], values: dict[str, Any]) -> None:
    row = model(**{field.attname: field.to_python(values[field.attname]) for field in _columns(model)})
    of = getattr(row, "report_id" if model is ReportPerson else "case_id", None)
    record_model = {ReportPerson: Report, CasePerson: Case}.get(model)
    if record_model is None or record_model._default_manager.filter(pk=of).exists():  # not destroyed since
        row.save(force_insert=True)


def _plain(value: Any) -> Any:
    """As the journal holds it."""
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if isinstance(value, dt.date) else value


def _settle(*people: Person) -> None:
    """Keys for the search, and what their waiting reports weigh now."""
    for person in people:
        person.phone_key = phone_key(person.phone)
        put_name_keys(person)
        person.save(update_fields=SETTLED)
    waiting = Report.objects.filter(links__person__in=people, status=ReportStatus.NEW).distinct()
    for report in waiting.order_by("pk"):
        weigh(report=report)
