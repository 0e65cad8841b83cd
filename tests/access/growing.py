"""One more row of each kind for the lists and records of the access world."""

import datetime as dt
import itertools
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from cases.enums import ImportState, LinkRole, ReportStatus
from cases.models import Contact, Report, ReportDraft
from cases.services.attachments import attach
from cases.services.information import add_information
from csp.actions.services import add_note
from csp.agencies.enums import AreaKind, Role, TermKey
from csp.agencies.models import SavedFilter
from csp.agencies.models.terms import Term
from csp.agencies.services import sharing
from tests.access import secrets
from tests.access.nouns import functions
from tests.access.records import TERMS, report_of, share
from tests.access.world import World
from tests.factories.actions import ActionFactory
from tests.factories.agencies import (
    AreaFactory,
    MembershipFactory,
    PartnerFactory,
    PartnershipFactory,
    user_at,
)
from tests.factories.audit import event_at
from tests.factories.cases import (
    CaseFactory,
    CategoryFactory,
    PersonFactory,
    PlaceFactory,
    ReportPersonFactory,
)
from tests.factories.imports import ImportRunFactory

FIRST_DAY, IN_THE_NIGHT = dt.date(2026, 3, 2), dt.datetime(2026, 3, 2, 3, tzinfo=dt.UTC)
_numbers = itertools.count(1)


def grow(world: World) -> None:
    number = next(_numbers)
    for part in (_reports, _in_the_report, _in_the_case, _actions, _people_and_places, _set_up, _own):
        part(world, number)
    for noun in functions("grow"):
        noun(world, number)


def _reports(world: World, number: int) -> None:
    """For the queue, the decided ones, the referrals and the cases."""
    category = CategoryFactory(lead=world.team, label=f"Kind {number}")
    area = AreaFactory(partnership=world.team.partnership, parent=world.ward.parent, name=f"Ward {number}")
    officer = {"officer": user_at(world.team, Role.OFFICER), "claimed_at": world.now}
    marks = {"hate": True, "vulnerable": True, "repeat_victim": True, "likely_duplicate_of": world.hidden}
    new = report_of(world, place=place(world, number), source_partner=world.partners["housing"], **marks)
    new.ward = area
    new.save(update_fields=["ward"])
    decided = report_of(
        world, place=world.place, status=ReportStatus.ADVICE, clock_stopped_at=world.now, **officer
    )
    for report in (new, decided):
        report.categories.add(category)
    case = CaseFactory(lead=world.team, officer=officer["officer"])
    ended = CaseFactory(lead=world.team, status="closed", ended_at=world.now)
    share(world, new, decided, case, ended)


def place(world: World, number: int) -> Any:
    return PlaceFactory(lead=world.team, address=f"{number} Visible Street, Didcot", postcode="OX11 7VS")


def _in_the_report(world: World, number: int) -> None:
    report: Report = world.report
    person = PersonFactory(lead=world.team, name=f"Person {number}", place=place(world, number + 100))
    ReportPersonFactory(report=report, person=person, role=LinkRole.WITNESS, is_caller=False)
    attach(report=report, files=[file(number)], by=world.users["officer"], at=world.now)
    added = {"by": world.users["housing"], "at": world.now, "files": [file(number)]}
    add_information(report=report, text=f"More {number}", **added)
    report.told_agencies.create(agency=f"Agency {number}")
    report.categories.add(CategoryFactory(lead=world.team))
    said = Contact.objects.get(pk=world.letter.pk)
    said.pk, said.made_by = None, user_at(world.team, Role.OFFICER)
    said.save(force_insert=True)
    said.attempts.create(by=user_at(world.team, Role.OFFICER), at=world.now)


def file(number: int) -> ContentFile:
    return ContentFile(b"words", name=f"note-{number}.txt")


def _in_the_case(world: World, number: int) -> None:
    joined = report_of(world, in_case=world.case, place=world.place)
    share(world, joined)
    partner = PartnerFactory(partnership=world.team.partnership, name=f"Agency {number}")
    for record_ in (world.report, world.case):
        sharing.share(record=record_, to_partner=partner, level=3, by=None, at=world.now, **TERMS)
    user_at(partner, Role.PRACTITIONER)


def _actions(world: World, number: int) -> None:
    given = {"asked_at": world.now, "due_on": timezone.localdate(), "text": "Fit a second lock"}
    housing = world.partners["housing"]
    for target in (world.case, world.report):
        person = user_at(housing, Role.PRACTITIONER)
        ActionFactory(lead=world.team, owner=housing, person=person, target=target, **given)
        ActionFactory(
            lead=housing, owner=world.team, person=user_at(world.team, Role.OFFICER), target=target, **given
        )
    note = {"text": f"Note {number}", "seen": None}
    add_note(action=world.action, by=user_at(housing, Role.PRACTITIONER), at=world.now, **note)


def _people_and_places(world: World, number: int) -> None:
    """Found by the same words, at the same place."""
    name = f"{secrets.CALLER} {number}"
    person = PersonFactory(
        lead=world.team, name=name, search_key=name.lower(), place=place(world, number + 200)
    )
    report = report_of(world, place=person.place)
    ReportPersonFactory(report=report, person=person, is_caller=False)
    share(world, report)
    ReportPersonFactory(
        report=report_of(world, place=world.place), person=world.person, role=LinkRole.VICTIM, is_caller=False
    )


def _set_up(world: World, number: int) -> None:
    partnership = world.team.partnership
    AreaFactory(partnership=partnership, parent=world.ward, kind=AreaKind.PARISH, name=f"Parish {number}")
    PartnerFactory(partnership=PartnershipFactory(), receiving=True)
    user_at(world.partners["housing"], Role.PRACTITIONER, name=f"Colleague {number}")
    starts = timezone.localdate() + dt.timedelta(days=60 + number)
    Term.objects.create(
        partnership=partnership, key=TermKey.NUISANCE, label=f"Word {number}", starts_on=starts
    )
    for role in (Role.PROVIDER, Role.PRACTITIONER):
        MembershipFactory(
            user=world.colleague, partner=world.partners["housing"], role=role, ends_on=FIRST_DAY
        )
    opened = {"partnership": partnership, "target_type": "cases.report", "target_id": world.report.pk}
    event_at(IN_THE_NIGHT, actor=user_at(world.team, Role.OFFICER), **opened)


def _own(world: World, number: int) -> None:
    """The officer's own filters and drafts, and their imports."""
    officer = world.users["officer"]
    SavedFilter.objects.create(owner=officer, room="reports", name=f"Filter {number}", query="risk=2")
    for owner in (officer, world.users["housing"]):
        ReportDraft.objects.create(
            owner=owner,
            partnership=world.team.partnership,
            referral=owner != officer,
            data={"what_happened": [f"Draft {number}"]},
            started_at=world.now,
            saved_at=world.now,
        )
    source = PartnerFactory(partnership=world.team.partnership)
    ImportRunFactory(lead=world.team, source_partner=source, by=officer, state=ImportState.DONE)
