"""Putting a report right after it was logged. Of two people at once, the second is told what changed."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from cases.models import Report, ReportPerson
from cases.services import people
from cases.services.assessment import weigh
from cases.services.case_people import bring_people, drop_person
from cases.services.people import PersonEntry
from cases.services.prints import prints, refuse_unseen
from cases.services.reports import (
    COPIED,
    PLACED,
    ReportDetails,
    ToldEntry,
    put_details,
    put_lists,
    refuse_details,
)
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken

NOT_EDITED = ("people", "received_at")
"""Details that have ways of their own to change, or none."""


class NotInReport(RuleBroken): ...


def details_of(report: Report) -> ReportDetails:
    """What the report says now, in the shape in which it is typed."""
    copied = {name: getattr(report, name) for name in COPIED}
    return ReportDetails(
        **copied,
        address=report.place.address if report.place else "",
        postcode=report.postcode,
        latitude=report.latitude,
        longitude=report.longitude,
        categories=tuple(report.categories.order_by("position", "label")),
        hate_strands=tuple(report.hate_strands),
        told=tuple(
            ToldEntry(agency=told.agency, agency_reference=told.agency_reference)
            for told in report.told_agencies.order_by("pk")
        ),
        received_at=report.received_at,
    )


def prints_of(details: ReportDetails) -> dict[str, str]:
    """A short print of each detail. A form keeps those it was filled with and so tells what changed."""
    values = {field.name: getattr(details, field.name) for field in dataclasses.fields(details)}
    values["categories"] = sorted(category.pk for category in details.categories)
    values["hate_strands"] = sorted(details.hate_strands)
    return prints({name: value for name, value in values.items() if name not in NOT_EDITED})


@transaction.atomic
def edit_report(
    *, report: Report, details: ReportDetails, seen: Mapping[str, str], by: User, at: dt.datetime
) -> Report:
    """Change what a report says. `seen` are the prints of what the editor had before them.

    Raises `ChangedMeanwhile` where the report says something else now.
    """
    refuse_details(details, at)
    current = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    before = details_of(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before)
    changed = [name for name in was if becomes[name] != was[name]]
    if not changed:
        return current
    put_details(current, details)
    current.save(update_fields=[*COPIED, *PLACED, "hate_strands"])
    put_lists(current, details)
    weigh(report=current)
    record("report.edited", by=by, target=current, fields=changed)
    return current


@transaction.atomic
def add_person_to(*, report: Report, entry: PersonEntry, by: User, at: dt.datetime) -> ReportPerson:
    current = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    link = people.link_person(report=current, entry=entry, may_change=True, by=by, at=at)
    if current.case is not None:
        bring_people(case=current.case, report=current, by=by, at=at)
    weigh(report=current)
    record("report.person_added", by=by, target=current, person=link.person_id, role=link.role)
    return link


@transaction.atomic
def remove_person_from(
    *, report: Report, link: ReportPerson, reason: str, by: User, at: dt.datetime
) -> Report:
    """Take a person out of one role in a report. What is known about the person stays."""
    current = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    gone, _ = current.links.filter(pk=link.pk).delete()
    if not gone:
        raise NotInReport("This person is not in the report any more")
    if current.case is not None:
        drop_person(case=current.case, report=current, person=link.person, role=link.role)
    weigh(report=current)
    record(
        "report.person_removed",
        by=by,
        target=current,
        reason=reason,
        person=link.person_id,
        role=link.role,
    )
    return current
