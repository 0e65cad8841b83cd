"""Whatever people hold and whatever is shared: each door gives the same answer."""

import datetime as dt
import io
from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from pypdf import PdfReader

from cases.enums import ContactKind, ContactMethod, ContactStatus, ReportStatus
from cases.models import CaseNamed, Contact, ExportFile
from cases.services import restricting
from cases.services.attachments import attach
from cases.services.case_list import Wanted
from cases.services.exports import found
from csp.agencies.enums import ShareLevel
from csp.agencies.middleware import CHOSEN_PARTNERSHIP
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from tests.access.plans import NAMES, PARTNERSHIPS, WORDS, Note, Plan, Record, plans
from tests.access.records import TERMS
from tests.access.visits import content_of, undone
from tests.factories.actions import ActionFactory
from tests.factories.agencies import (
    MembershipFactory,
    PartnerFactory,
    PartnershipFactory,
    UserFactory,
    user_at,
)
from tests.factories.cases import NOON, CaseFactory, PersonFactory, ReportFactory, ReportPersonFactory
from tests.factories.casework import NoteFactory

LISTS = {"reports:list": {"tab": "all"}, "cases:list": {}}


@dataclass
class Built:
    partners: list[Partner]
    person: User
    records: list[SimpleNamespace]


def build(plan: Plan) -> Built:
    partnerships = PartnershipFactory.create_batch(max(PARTNERSHIPS) + 1)
    partners = [
        PartnerFactory(partnership=partnerships[which], receiving=PARTNERSHIPS.index(which) == number)
        for number, which in enumerate(PARTNERSHIPS)
    ]
    person = UserFactory()
    for seat in plan.seats:
        MembershipFactory(user=person, partner=partners[seat.partner], role=seat.role, **seat.dates)
    built = [record_of(record, partners, person, number) for number, record in enumerate(plan.records)]
    return Built(partners, person, built)


def record_of(plan: Record, partners: list[Partner], user: User, number: int) -> SimpleNamespace:
    lead, now = partners[plan.lead], timezone.now()
    case = CaseFactory(lead=lead, title=f"Case of {WORDS[number]}")
    inside = (
        {"case": case, "status": ReportStatus.CASE_OPENED, "clock_stopped_at": NOON} if plan.in_case else {}
    )
    report = ReportFactory(lead=lead, what_happened=f"A {WORDS[number]} at night", received_at=now, **inside)
    for record, shares in ((report, plan.report_shares), (case, plan.case_shares)):
        for to, (level, ended) in shares.items():
            made = sharing.share(
                record=record, to_partner=partners[to], level=level, by=None, at=now, **TERMS
            )
            if ended:
                sharing.end_share(share=made, reason="No longer needed", by=None, at=now)
    person = PersonFactory(lead=lead, name=NAMES[number], search_key=NAMES[number].lower())
    ReportPersonFactory(report=report, person=person)
    (file,) = attach(report=report, files=[ContentFile(b"words", name="note.txt")], by=None, at=now)
    letter = Contact.objects.create(
        partnership=report.partnership,
        report=report,
        kind=ContactKind.DECISION,
        method=ContactMethod.LETTER,
        subject="What we decided",
        body="Dear caller",
        status=ContactStatus.TO_DO,
        made_at=now,
    )
    actions = [ActionFactory(lead=lead, owner=partners[plan.asked], target=each) for each in (report, case)]
    notes = [note_of(case, note, partners, user) for note in plan.notes]
    if plan.named:
        restrict(case, plan.named, user)
    return SimpleNamespace(
        plan=plan, word=WORDS[number], report=report, case=case, person=person, file=file, letter=letter,
        actions=actions, notes=notes,
    )  # fmt: skip


def note_of(case: Any, note: Note, partners: list[Partner], user: User) -> Any:
    made = NoteFactory(
        case=case, partner=partners[note.partner], audience=note.audience, text=note_words(note)
    )
    if note.for_person:
        made.named.add(user)
    return made


def note_words(note: Note) -> str:
    return f"Words for {note.audience} alone"


def restrict(case: Any, named: str, user: User) -> None:
    """By a colleague; then the person is named, was named, or opened it in an emergency."""
    now = timezone.now()
    restricting.restrict(case=case, people=[], reason="So", by=user_at(case.lead), at=now)
    ago, ahead = now - dt.timedelta(minutes=1), now + dt.timedelta(days=1)
    rows = {
        "named": {},
        "removed": {"ended_at": ago},
        "glass": {"broke_glass": True, "ends_at": ahead},
        "glass over": {"broke_glass": True, "ends_at": ago},
    }
    if named in rows:
        CaseNamed.objects.create(case=case, user=user, reason="So", added_at=ago, **rows[named])
    case.refresh_from_db()
    restricting.keep_actions_in_step(case)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(plan=plans)
def test_each_door_gives_the_answer_of_the_shares(plan):
    with undone():
        cache.clear()
        built, client = build(plan), Client()
        client.force_login(built.person)
        for each in built.records:
            check_record(client, plan, each)
        check_letter(client, plan, built.records[0])
        check_timeline_pdf(client, plan, built.records[0])
        for partnership in plan.partnerships:
            check_lists(client, plan, partnership, built)


def check_record(client: Client, plan: Plan, each: SimpleNamespace) -> None:
    """The pages of one record: who it is about, its files, its letters, its actions."""
    level = plan.level(each.plan, report=True)
    sees, reads = level >= ShareLevel.SUMMARY, level >= ShareLevel.FULL
    leads = sees and each.plan.lead in plan.works_at
    reference = each.report.reference

    for record, action, words in (
        (each.report, each.actions[0], each.report.what_happened),
        (each.case, each.actions[1], each.case.title),
    ):
        of = {"report": record is each.report}
        answer = client.get(record.get_absolute_url())
        known = plan.knows(each.plan, **of) >= ShareLevel.EXISTENCE
        assert answer.status_code == (200 if known else 404)
        open_now = plan.level(each.plan, **of) >= (ShareLevel.FULL if of["report"] else ShareLevel.SUMMARY)
        assert (words in answer.content.decode()) == open_now
        acts = plan.acts(each.plan, **of)
        assert client.get(action.get_absolute_url()).status_code == (200 if acts else 404)
        if action.reference in answer.content.decode():
            assert acts
    assert status(client, "people:detail", each.person.pk) == (200 if reads else 404)
    assert status(client, "reports:file", reference, each.file.pk) == (200 if reads else 404)
    assert status(client, "search:everything", q=reference) == search_status(plan, sees)
    expected = 200 if leads else 403 if sees else 404
    assert status(client, "reports:edit", reference) == expected
    expected = 200 if level >= ShareLevel.CONTRIBUTE else 403 if sees else 404
    assert status(client, "reports:add_information", reference) == expected
    check_case(client, plan, each)


def check_case(client: Client, plan: Plan, each: SimpleNamespace) -> None:
    """What hangs on the case, each note for those it is for."""
    sees = plan.level(each.plan, report=False) >= ShareLevel.SUMMARY
    timeline = client.get(reverse("cases:timeline", args=[each.case.reference]))
    assert timeline.status_code == (200 if sees else 404)
    for note in each.plan.notes:
        assert (note_words(note) in timeline.content.decode()) == plan.reads_note(each.plan, note)
    assert status(client, "cases:sharing", each.case.reference) == (200 if sees else 404)
    actions = client.get(reverse("cases:actions", args=[each.case.reference]))
    assert actions.status_code == (200 if sees else 404)
    if sees:
        acts = plan.acts(each.plan, report=False)
        assert (each.actions[1].reference in actions.content.decode()) == acts


def check_timeline_pdf(client: Client, plan: Plan, each: SimpleNamespace) -> None:
    """Of one case in a plan, as with the letter."""
    answer = client.get(reverse("cases:timeline_pdf", args=[each.case.reference]))
    sees = plan.level(each.plan, report=False) >= ShareLevel.SUMMARY
    assert answer.status_code == (200 if sees else 404)
    if sees:
        pages = PdfReader(io.BytesIO(content_of(answer))).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        for note in each.plan.notes:
            assert (note_words(note) in text) == plan.reads_note(each.plan, note)


def check_letter(client: Client, plan: Plan, each: SimpleNamespace) -> None:
    """Of one record in a plan: to print takes longer than to refuse."""
    sees = plan.level(each.plan, report=True) >= ShareLevel.SUMMARY
    expected = 404 if not sees else 200 if each.plan.lead in plan.works_at else 403
    assert status(client, "reports:letter", each.report.reference, each.letter.pk) == expected


def search_status(plan: Plan, sees: bool) -> int:
    """Whoever does no casework anywhere may not search."""
    return 302 if sees else 200 if plan.works_at else 403


def check_lists(client: Client, plan: Plan, partnership: int, built: Built) -> None:
    """Everything that lists, counts or finds, in one of the person's partnerships."""
    session = client.session
    session[CHOSEN_PARTNERSHIP] = built.partners[PARTNERSHIPS.index(partnership)].partnership_id
    session.save()
    if not plan.works_at:
        assert {status(client, name) for name in (*LISTS, "people:search")} == {403}
        return
    here = [each for each in built.records if PARTNERSHIPS[each.plan.lead] == partnership]
    seen = [each for each in here if plan.level(each.plan, report=True) >= ShareLevel.SUMMARY]
    read = [each for each in here if plan.level(each.plan, report=True) >= ShareLevel.FULL]
    cases_seen = [each for each in here if plan.level(each.plan, report=False) >= ShareLevel.SUMMARY]
    waiting = [each for each in here if each.plan.lead in plan.works_at and not each.plan.in_case]

    queue = client.get(reverse("reports:list"), {"tab": "all"})
    assert references_on(queue, built) == {each.report.reference for each in seen}
    assert queue.context["count"].number == len(seen)
    assert menu_count(queue, "Reports") == len(waiting)
    cases = client.get(reverse("cases:list")).content.decode()
    assert {each.case.reference for each in built.records if each.case.reference in cases} == {
        each.case.reference for each in cases_seen
    }
    assert exported(built, partnership) == {each.case.reference for each in cases_seen}
    for each in built.records:
        matching = client.get(reverse("reports:list"), {"tab": "all", "q": each.word})
        assert references_on(matching, built) == ({each.report.reference} if each in read else set())
        people = client.get(reverse("people:search"), {"q": each.person.name}).content.decode()
        assert (reverse("people:detail", args=[each.person.pk]) in people) == (each in read)


def exported(built: Built, partnership: int) -> set[str]:
    """The cases that a file of the list would hold."""
    here = built.partners[PARTNERSHIPS.index(partnership)].partnership
    asked = ExportFile(owner=built.person, partnership=here, wanted=asdict(Wanted()))
    return {case.reference for case in found(asked, timezone.now())}


def references_on(page: Any, built: Built) -> set[str]:
    text = page.content.decode()
    return {each.report.reference for each in built.records if each.report.reference in text}


def menu_count(page: Any, label: str) -> int:
    return next(line.count for line in page.context["nav"] if line.label == label)


def status(client: Client, name: str, *args: Any, **query: str) -> int:
    answer = client.get(reverse(name, args=args), query)
    content_of(answer)
    return answer.status_code
