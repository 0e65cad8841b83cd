"""Destroying a record for good: its rows, their history and its files. Only counts without people stay.

Each table that points to what is destroyed stands in a list here. A test fails when a new one does not.
"""

import datetime as dt
from collections import Counter
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q

from cases.enums import RecordType
from cases.models import (
    Attachment,
    Case,
    CasePerson,
    Contact,
    Decision,
    Disposal,
    EvidenceFile,
    Intervention,
    Person,
    Report,
    ReportPerson,
    Tombstone,
)
from cases.services.erasing_rooms import (
    add_rows,
    erase_in_rooms,
    keeping,
    rows_of_rooms,
    statistics_of_rooms,
)
from cases.services.erasing_rows import (
    OF_ACTION,
    actions_of,
    erase,
    erase_actions,
    keep_files_until_committed,
)
from cases.services.kept_counts import keep_counts
from csp.actions.models import Action
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken

OF_CASE: dict[str, str] = {
    "cases.AccessRequest": "case",
    "cases.Case_categories": "case",
    "cases.CaseContact_named": "casecontact__case",
    "cases.CaseContact": "case",
    "cases.CaseGroupPermission": "content_object",
    "cases.CaseNamed": "case",
    "cases.CasePerson": "case",
    "cases.CaseReference": "case",
    "cases.CaseShare": "record",
    "cases.Closure_outcomes": "closure__case",
    "cases.Closure": "case",
    "cases.ContactAttempt": "contact__case",
    "cases.Contact": "case",
    "cases.DashAssessment": "case",
    "cases.EvidenceFile": "evidence__case",
    "cases.Evidence_named": "evidence__case",
    "cases.Evidence": "case",
    "cases.HandOver": "case",
    "cases.InterventionBreach": "intervention__case",
    "cases.InterventionCondition": "intervention__case",
    "cases.Intervention": "case",
    "cases.LegalHold": "case",
    "cases.Note_named": "note__case",
    "cases.Note": "case",
    "cases.ProblemSheet": "case",
    "cases.RiskAnswer": "assessment__case",
    "cases.RiskNotice": "case",
    "cases.RiskAssessment": "case",
}
"""Rows that go with a case, and the way from them to it."""
TIES_OF_CASES = {"cases.CaseLink": ("case", "other"), "cases.CaseMerge": ("kept", "gone")}
OF_REPORT: dict[str, str] = {
    "cases.Attachment": "report",
    "cases.ContactAttempt": "contact__report",
    "cases.Contact": "report",
    "cases.Decision": "report",
    "cases.FurtherInformation": "report",
    "cases.ImportedRow": "report",
    "cases.LegalHold": "report",
    "cases.ReportGroupPermission": "content_object",
    "cases.ReportPerson": "report",
    "cases.ReportShare": "record",
    "cases.Report_categories": "report",
    "cases.ToldAgency": "report",
}
OF_PERSON: dict[str, str] = {"cases.Alias": "person", "cases.PersonMerge": "gone"}


class CannotErase(RuleBroken): ...


@transaction.atomic
def erase_case(*, case: Case, disposal: Disposal, at: dt.datetime) -> None:
    """The case, the cases merged into it, their reports and actions, and people known from nowhere else."""
    family = list(case.family.order_by("pk"))
    ids = [each.pk for each in family]
    reports = list(Report.objects.filter(case__in=ids))
    stones = [_bury(each, disposal, at) for each in (case, *(each for each in family if each != case))]
    for report in reports:
        _bury(report, disposal, at)
    keep_counts(stones[0], _rows(ids, [report.pk for report in reports]))
    people = _people(ids, [report.pk for report in reports])
    _refuse_pointed_at([report.pk for report in reports])
    keep_files_until_committed(
        EvidenceFile.objects.filter(evidence__case__in=ids), Attachment.objects.filter(report__in=reports)
    )
    _cut_ties(ids)
    erase_in_rooms(Q(case__in=ids))
    erase_actions(Case, ids)
    _erase_reports([report.pk for report in reports])
    for label, way in OF_CASE.items():
        erase(label, Q(**{f"{way}__in": ids}))
    for label, (one, other) in TIES_OF_CASES.items():
        erase(label, Q(**{f"{one}__in": ids}) | Q(**{f"{other}__in": ids}))
    Disposal.objects.filter(case__in=ids).update(case=None)
    erase("cases.Case", Q(pk__in=ids))
    _erase_people(people, case.ended_at or at, stones[0])


def _rows(cases: list[int], reports: list[int]) -> dict[str, Q]:
    """All that goes with them, by model, but people."""
    found = {"cases.Case": Q(pk__in=cases), "cases.Report": Q(pk__in=reports)}
    hung = actions_of(Case, cases) | actions_of(Report, reports)
    actions = list(Action.objects.filter(hung).values_list("pk", flat=True))
    found["actions.Action"] = Q(pk__in=actions)
    for ways, ids in ((OF_CASE, cases), (OF_REPORT, reports), (OF_ACTION, actions)):
        add_rows(found, {label: Q(**{f"{way}__in": ids}) for label, way in ways.items()})
    add_rows(found, rows_of_rooms(Q(case__in=cases)))
    return found


def _cut_ties(ids: list[int]) -> None:
    """What other records keep: a notice that followed a warning here, a decision that was undone."""
    Intervention.objects.filter(follows__case__in=ids).exclude(case__in=ids).update(follows=None)
    undone = Decision.objects.filter(case__in=ids).exclude(report__case__in=ids)
    Contact.objects.filter(decision__in=undone).update(decision=None)
    erase("cases.Decision", Q(pk__in=list(undone.values_list("pk", flat=True))))


@transaction.atomic
def erase_report(*, report: Report, disposal: Disposal, at: dt.datetime) -> None:
    stone = _bury(report, disposal, at)
    keep_counts(stone, _rows([], [report.pk]))
    people = _people([], [report.pk])
    _refuse_pointed_at([report.pk])
    keep_files_until_committed(Attachment.objects.filter(report=report))
    _erase_reports([report.pk])
    _erase_people(people, report.received_at, stone)


def _erase_reports(ids: list[int]) -> None:
    erase_actions(Report, ids)
    CasePerson.objects.filter(report__in=ids).update(report=None)
    for label, way in OF_REPORT.items():
        erase(label, Q(**{f"{way}__in": ids}))
    Disposal.objects.filter(report__in=ids).update(report=None)
    erase("cases.Report", Q(pk__in=ids))


def _refuse_pointed_at(ids: list[int]) -> None:
    """A report that another, kept one repeats cannot go before it."""
    pointing = Report.objects.filter(
        Q(likely_duplicate_of__in=ids) | Q(decisions__duplicate_of__in=ids)
    ).exclude(pk__in=ids)
    Report.objects.filter(likely_duplicate_of__in=ids, pk__in=pointing).exclude(
        decisions__duplicate_of__in=ids
    ).update(likely_duplicate_of=None)
    repeats = pointing.filter(decisions__duplicate_of__in=ids).order_by("pk").first()
    if repeats is not None:
        raise CannotErase(f"{repeats} was found to repeat this one. Destroy that report first")


def _people(cases: list[int], reports: list[int]) -> set[int]:
    """Everybody in the records, and those found to be one of them."""
    named = set(CasePerson.objects.filter(case__in=cases).values_list("person", flat=True))
    named |= set(ReportPerson.objects.filter(report__in=reports).values_list("person", flat=True))
    return named | set(Person.objects.filter(merged_into__in=named).values_list("pk", flat=True))


def _erase_people(people: set[int], until: dt.datetime, stone: Tombstone) -> None:
    """Those whom no other record names. A person and who was found to be them go together."""
    pointing = [
        field
        for field in Person._meta.get_fields(include_hidden=True)
        if field.auto_created and not field.concrete and _keeps_a_person(field)
    ]
    known = {
        pk
        for field in pointing
        for pk in field.field.model._default_manager.filter(  # type: ignore[union-attr]
            keeping(field.related_model._meta.label, until),  # type: ignore[union-attr]
            **{f"{field.field.name}__in": people},  # type: ignore[union-attr]
        ).values_list(field.field.name, flat=True)  # type: ignore[union-attr]
    }
    tied = Person.objects.filter(pk__in=people).values_list("pk", "merged_into")
    known |= {pk for pk, into in tied if into in known}
    kept_for = Person.objects.filter(merged_into__in=people).exclude(pk__in=people)
    known |= set(kept_for.values_list("merged_into", flat=True))
    gone = people - known
    merges = apps.get_model("cases.PersonMerge")._default_manager
    tied_to_kept = merges.filter(Q(gone__in=gone) | Q(kept__in=gone)).exclude(gone__in=gone, kept__in=gone)
    for kept, other in tied_to_kept.values_list("kept", "gone"):
        gone -= {kept, other}
    for number, person in enumerate(sorted(gone), start=1):
        keep_counts(stone, rows_of_rooms(Q(person=person)), number)
    erase_in_rooms(Q(person__in=gone))
    for label, way in OF_PERSON.items():
        erase(label, Q(**{f"{way}__in": gone}))
    erase("cases.Person", Q(pk__in=gone))


def _keeps_a_person(field: Any) -> bool:
    model = field.related_model
    return (
        not model.__name__.endswith("Event")
        and model._meta.label not in OF_PERSON
        and model is not Person
        and not field.many_to_many
    )


def _bury(kept: Case | Report, disposal: Disposal, at: dt.datetime) -> Tombstone:
    is_case = isinstance(kept, Case)
    began = kept.opened_at if isinstance(kept, Case) else kept.received_at
    ended = kept.ended_at if isinstance(kept, Case) else kept.received_at
    return Tombstone.objects.create(
        partnership=kept.partnership,
        reference=kept.reference,
        record_type=RecordType.CASE if is_case else RecordType.REPORT,
        began_on=local_day(began),
        ended_on=local_day(ended or at),
        destroyed_at=at,
        disposal=disposal,
        statistics=_statistics(kept),
    )


def _statistics(kept: Case | Report) -> dict[str, Any]:
    """What published figures count, without anybody in it."""
    common = {
        "categories": sorted(kept.categories.values_list("code", flat=True)),
        "area": kept.local_area_id,
        "ward": kept.ward_id,
        "risk": kept.risk,
        "status": kept.status,
    }
    if isinstance(kept, Report):
        return common | {"channel": kept.channel, "hate": kept.hate}
    closure = kept.closures.filter(refused_at=None, reopened_at=None).first()
    of_case = {
        "reports": kept.reports.count(),
        "people": dict(Counter(kept.links.values_list("role", flat=True))),
        "interventions": dict(Counter(kept.interventions.values_list("kind", flat=True))),
        "closed_because": closure.reason if closure else "",
        "outcomes": sorted(closure.outcomes.values_list("code", flat=True)) if closure else [],
    }
    return common | of_case | statistics_of_rooms(kept)
