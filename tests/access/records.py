"""One record of each kind that an address points to, with the words of `secrets` in its fields."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from cases.enums import (
    CallerKind,
    ContactKind,
    ContactMethod,
    ContactStatus,
    ImportState,
    LinkRole,
    ReportStatus,
)
from cases.models import Case, Contact, Decision, Report, ReportDraft
from cases.services.attachments import attach
from cases.services.information import add_information
from csp.agencies.enums import Role, ShareLevel, TermKey
from csp.agencies.models import Membership, Partner, SavedFilter, User
from csp.agencies.models.invitations import invitation_token
from csp.agencies.models.terms import Term
from csp.agencies.services import sharing
from tests.access import secrets
from tests.access.nouns import functions
from tests.factories.actions import ActionFactory
from tests.factories.agencies import AreaFactory, user_at
from tests.factories.cases import (
    CaseFactory,
    CategoryFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)
from tests.factories.core import LongTaskFactory
from tests.factories.imports import ImportRunFactory

TERMS = {
    "gateway": "cda_115",
    "purpose": "Joint visit",
    "necessity": "They hold the tenancy",
    "consent": "given",
}
SHARED_WITH = (
    ("police", ShareLevel.SUMMARY),
    ("housing", ShareLevel.FULL),
    ("charity", ShareLevel.FULL),
)

Things = dict[str, Any]


def make_records(partners: dict[str, Partner], users: dict[str, User]) -> Things:
    """In order: each part of the world points to those before it."""
    world = SimpleNamespace(team=partners["team"], partners=partners, users=users, now=timezone.now())
    for part in (
        _people,
        _cases,
        _reports,
        _triage,
        _actions,
        _own_things,
        _imports,
        _accounts,
        *functions("records"),
    ):
        for name, thing in part(world).items():
            setattr(world, name, thing)
    return vars(world)


def share(world: Any, *records: Report | Case) -> None:
    for record in records:
        for name, level in SHARED_WITH:
            sharing.share(
                record=record, to_partner=world.partners[name], level=level, by=None, at=world.now, **TERMS
            )


def _people(world: Any) -> Things:
    area = AreaFactory(partnership=world.team.partnership, parent=None)
    ward = AreaFactory(partnership=world.team.partnership, parent=area, name="Ladygrove")
    hidden_place = PlaceFactory(lead=world.team, address=secrets.CALLER_ADDRESS, postcode="OX11 7HL")
    place = PlaceFactory(lead=world.team, address=secrets.SUBJECT_ADDRESS, postcode="OX11 7VS", ward=ward)
    person = PersonFactory(
        lead=world.team,
        name=secrets.CALLER,
        search_key=secrets.CALLER.lower(),
        phone=secrets.CALLER_PHONE,
        phone_key=secrets.CALLER_PHONE.replace(" ", ""),
        email=secrets.CALLER_EMAIL,
        place=hidden_place,
        do_not_disclose=True,
        contact_method=ContactMethod.LETTER,
        contact_when=secrets.CALLER_WHEN,
        contact_avoid=secrets.CALLER_AVOID,
        contact_warning=secrets.CALLER_WARNING,
    )
    subject = PersonFactory(
        lead=world.team, name=secrets.SUBJECT, search_key=secrets.SUBJECT.lower(), place=place
    )
    category = CategoryFactory(lead=world.team, label="Vandalism")
    return {
        "ward": ward,
        "hidden_place": hidden_place,
        "place": place,
        "person": person,
        "subject": subject,
        "category": category,
    }


def _cases(world: Any) -> Things:
    given = {"lead": world.team, "officer": world.users["officer"]}
    case = CaseFactory(**given, title="Damage, Visible Street")
    hidden_case = CaseFactory(**given, title=secrets.HIDDEN_TITLE)
    share(world, case)
    return {"case": case, "hidden_case": hidden_case}


def _reports(world: Any) -> Things:
    hidden = report_of(world, what_happened=secrets.HIDDEN_NARRATIVE, place=world.place)
    hidden_joined = report_of(world, in_case=world.case, place=world.place)
    joined = report_of(world, in_case=world.hidden_case, place=world.place)
    report = report_of(
        world,
        place=world.hidden_place,
        what_happened=f"Somebody {secrets.NARRATIVE}.",
        how_affected=f"She {secrets.AFFECTED}.",
        likely_duplicate_of=hidden,
        case_review_notice_due=True,
        caller_kind=CallerKind.PERSON,
        latitude=secrets.LATITUDE,
        longitude=secrets.LONGITUDE,
    )
    share(world, report, joined)
    report.categories.add(world.category)
    report.told_agencies.create(agency="Police", agency_reference=secrets.TOLD)
    link = report.links.get(person=world.subject)
    files = [ContentFile(secrets.FILE_WORDS.encode(), name=secrets.FILE_NAME)]
    (attachment,) = attach(report=report, files=files, by=world.users["officer"], at=world.now)
    add_information(report=report, text=secrets.ADDED_LATER, by=None, at=world.now)
    return {
        "hidden": hidden,
        "hidden_joined": hidden_joined,
        "joined": joined,
        "report": report,
        "link": link,
        "attachment": attachment,
    }


def report_of(world: Any, *, in_case: Case | None = None, **fields: Any) -> Report:
    """By the caller about the subject, and received lately, so that each is known beside the others."""
    if in_case is not None:
        fields |= {"case": in_case, "status": ReportStatus.CASE_OPENED, "clock_stopped_at": world.now}
    received = world.now - dt.timedelta(hours=3)
    fields |= {"received_at": received, "logged_at": received, "clock_started_at": received}
    due = received + dt.timedelta(days=5)
    fields |= {"clock_due_at": due, "clock_amber_at": due - dt.timedelta(days=1), "ward": world.ward}
    report = ReportFactory(lead=world.team, **fields)
    ReportPersonFactory(report=report, person=world.person)
    ReportPersonFactory(report=report, person=world.subject, role=LinkRole.SUBJECT, is_caller=False)
    return report


def _triage(world: Any) -> Things:
    """A report that was decided today, and the letter and the call that followed."""
    officer = world.users["officer"]
    decided = report_of(
        world, place=world.place, status=ReportStatus.ADVICE, clock_stopped_at=world.now, officer=officer,
        claimed_at=world.now,
    )  # fmt: skip
    share(world, decided)
    decision = Decision.objects.create(
        report=decided,
        outcome=ReportStatus.ADVICE,
        reason=secrets.REASON,
        advice=secrets.ADVICE,
        by=officer,
        at=world.now,
    )
    said = {
        "partnership": decided.partnership,
        "report": decided,
        "decision": decision,
        "kind": ContactKind.DECISION,
        "subject": "What we decided about your report",
        "body": f"Dear {secrets.CALLER}\n\nPlease {secrets.ADVICE}.\n",
        "status": ContactStatus.TO_DO,
        "made_by": officer,
        "made_at": world.now,
    }
    address = f"{secrets.CALLER}\n{secrets.CALLER_ADDRESS}"
    letter = Contact.objects.create(method=ContactMethod.LETTER, address=address, **said)
    call = Contact.objects.create(method=ContactMethod.PHONE, address=secrets.CALLER_PHONE, **said)
    return {"decided": decided, "letter": letter, "call": call}


def _actions(world: Any) -> Things:
    """One that housing is asked about a case it may not see, and one of the team's own."""
    due = timezone.localdate() + dt.timedelta(days=1)
    asked = {"lead": world.team, "asked_at": world.now, "due_on": due, "asked_by": world.users["officer"]}
    housing = world.partners["housing"]
    action = ActionFactory(**asked, owner=housing, text=secrets.ACTION, target=world.hidden_case)
    hidden = ActionFactory(**asked, owner=world.team, text=secrets.HIDDEN_ACTION, target=world.case)
    return {"action": action, "hidden_action": hidden}


def _own_things(world: Any) -> Things:
    """What nobody but the officer sees."""
    officer = world.users["officer"]
    draft = ReportDraft.objects.create(
        owner=officer,
        partnership=world.team.partnership,
        data={"what_happened": [secrets.DRAFT]},
        started_at=world.now,
        saved_at=world.now,
    )
    saved = SavedFilter.objects.create(owner=officer, room="reports", name=secrets.FILTER, query="risk=3")
    return {"draft": draft, "filter": saved, "task": LongTaskFactory(owner=officer, title=secrets.TASK)}


def _imports(world: Any) -> Things:
    """One file whose columns are chosen, and one that came in but for one row."""
    given = {"lead": world.team, "source_partner": world.partners["police"], "by": world.users["officer"]}
    run = ImportRunFactory(
        **given,
        file_name=secrets.IMPORT,
        content=b"Number,Day,Kind,Told\n1,2026-03-04,Noise,Loud music\n",
        spec={
            "system": "Council export",
            "columns": {
                "reference": "Number",
                "occurred": "Day",
                "categories": "Kind",
                "what_happened": "Told",
            },
            "formats": {"occurred": "YYYY-MM-DD"},
        },
    )
    done = ImportRunFactory(**given, file_name=secrets.IMPORT, state=ImportState.DONE, rows_rejected=1)
    rejected = f"Line,Reason,Told\n4,{secrets.IMPORT_ROW},x\n"
    done.rejected_file.save("rejected.csv", ContentFile(rejected.encode()))
    return {"import_run": run, "import_done": done}


def _accounts(world: Any) -> Things:
    """For administrators and agency leads: a colleague at housing, somebody invited there, a rule to come."""
    invited = user_at(world.partners["housing"], Role.PRACTITIONER, name="Ines", invited_at=world.now)
    invited.set_unusable_password()
    invited.save()
    colleague = user_at(world.partners["housing"], Role.PRACTITIONER, name="Colin")
    return {
        "invited": invited,
        "invitation": invitation_token(invited),
        "colleague": colleague,
        "seat": Membership.objects.get(user=colleague),
        "term": Term.objects.create(
            partnership=world.team.partnership,
            key=TermKey.NUISANCE,
            label="Trouble",
            starts_on=timezone.localdate() + dt.timedelta(days=30),
        ),
    }
