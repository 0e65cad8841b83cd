"""What only the history of the case's own row knows: its status, lead, officer and words, as they changed."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.db.models import Q

from cases.enums import CaseStatus
from cases.enums.timeline import TimelineKind
from cases.models import Case
from cases.services.timeline.items import Reading, TimelineItem
from cases.services.timeline.moments import CaseVersion
from csp.agencies.models import Partner, User
from csp.audit.models import Event

EDITED = {"title": "title", "summary": "what is going on", "place_id": "place"}
TOLD = ("status", "lead_id", "officer_id")
"""All that a summary has."""
WHO, REQUEST = "pgh_context__metadata__user", "pgh_context__metadata__request"
TOLD_ELSEWHERE = ("viewed", "shared", "unshared", "printed", "exported", "disclosed")
OF_THE_NAMED = ("case.restricted", "case.restriction_lifted")
Row = dict[str, Any]
Step = tuple[int, Row, Row]
"""The case, how it was, and how it was then."""


def opened(reading: Reading) -> Iterator[TimelineItem]:
    for case in reading.cases.values():
        partner = case.referring_partner if case.pk in reading.in_full else None
        yield TimelineItem(
            at=case.opened_at,
            kind=TimelineKind.CASE,
            title=f"{reading.named(case.pk)} was opened",
            text=f"Referred by {partner}" if partner else "",
            partner=case.lead,
        )


def changes(reading: Reading) -> Iterator[TimelineItem]:
    told = steps(reading)
    people = reading.people({row[key] for _, _, row in told for key in (WHO, "officer_id") if row[key]})
    partners = reading.partners({each["lead_id"] for _, *both in told for each in both})
    reasons = reasons_given(reading, {row[REQUEST] for _, _, row in told if row[REQUEST]})
    for pk, before, row in told:
        for title in changed(reading, pk, before, row, people, partners):
            yield TimelineItem(
                at=row["pgh_created_at"],
                kind=TimelineKind.CASE,
                title=title,
                text=reasons.get((row[REQUEST], pk), ""),
                who=str(people.get(row[WHO], "")),
                partner=partners[row["lead_id"]],
            )


def steps(reading: Reading) -> list[Step]:
    """Each version that says something else to the reader than the one before it: the newest first."""
    told = [
        (pk, before, row)
        for pk, rows in versions(reading).items()
        for before, row in pairwise(rows)
        if any(row[field] != before[field] for field in fields_told(reading, pk))
    ]
    told.sort(key=lambda step: step[2]["pgh_created_at"], reverse=True)
    return told[: reading.most]


def fields_told(reading: Reading, pk: int) -> tuple[str, ...]:
    return (*TOLD, "restricted", *EDITED) if pk in reading.in_full else TOLD


def versions(reading: Reading) -> dict[int, list[Row]]:
    found = CaseVersion.objects.filter(pgh_obj__in=reading.cases).order_by("pgh_id")
    by_case: dict[int, list[Row]] = defaultdict(list)
    for row in found.values("pgh_obj_id", "pgh_created_at", *TOLD, "restricted", *EDITED, WHO, REQUEST):
        by_case[row["pgh_obj_id"]].append(row)
    return by_case


def changed(
    reading: Reading, pk: int, before: Row, row: Row, people: dict[int, User], partners: dict[int, Partner]
) -> Iterator[str]:
    """What another version says that the one before did not."""
    name = reading.named(pk)
    if row["status"] != before["status"]:
        was, now = (CaseStatus(each["status"]).label for each in (before, row))
        yield f"{name} went from {was} to {now}"
    if row["lead_id"] != before["lead_id"]:
        yield f"{partners[row['lead_id']]} leads {name[:1].lower() + name[1:]} now"
    if row["officer_id"] != before["officer_id"]:
        officer = people.get(row["officer_id"])
        yield f"{officer} works on it now" if officer else "Nobody works on it for now"
    if pk not in reading.in_full:
        return
    if row["restricted"] != before["restricted"]:
        became = "was restricted to the people named" if row["restricted"] else "is restricted no more"
        yield f"{name} {became}"
    if edited := [words for field, words in EDITED.items() if row[field] != before[field]]:
        yield f"{name} was changed: {', '.join(edited)}"


def reasons_given(reading: Reading, requests: set[str]) -> dict[tuple[str, int | None], str]:
    """By request and case, where the case is read in full. A reason stands with the event of the change.

    Why a case was restricted is for those named on it: once it is open again, nobody reads that here.
    """
    if not requests:
        return {}
    open_again = [case.pk for case in reading.cases.values() if not case.restricted]
    kept = Q(verb__in=OF_THE_NAMED, target_id__in=open_again)
    told = Event.objects.filter(target_type=Case._meta.label_lower, target_id__in=reading.in_full)
    for ending in TOLD_ELSEWHERE:
        told = told.exclude(verb__endswith=f".{ending}")
    with_reason = told.exclude(kept).exclude(reason="").filter(request_id__in=requests).order_by("pk")
    return {
        (request, pk): reason
        for request, pk, reason in with_reason.values_list("request_id", "target_id", "reason")
    }
