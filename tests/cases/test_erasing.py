"""Two people destroy a record: nothing of it stays but its tombstone and what others hold."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection

from cases.enums import Audience, CaseStatus, LinkRole, ReportStatus
from cases.models import (
    Alias,
    Case,
    CaseLink,
    CaseMerge,
    Decision,
    Disposal,
    EvidenceFile,
    Person,
    Report,
    RiskAnswer,
    Tombstone,
)
from cases.services import erasing, erasing_rows, retention
from cases.services.attachments import attach
from csp.actions.models import Action
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tasking.services import erasing as erasing_items
from tests.access.records import TERMS
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, PersonFactory, ReportFactory, ReportPersonFactory
from tests.factories.casework import (
    CaseContactFactory,
    CasePersonFactory,
    EvidenceFactory,
    InterventionFactory,
    NoteFactory,
    RiskAssessmentFactory,
)

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2015, 3, 4, 12, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)

KEPT = {
    "cases.Case.merged_into": "erased with the case it is part of",
    "cases.CaseLink": "erased from both sides",
    "cases.CaseMerge": "erased from both sides",
    "cases.CasePerson.report": "emptied",
    "cases.Decision.case": "erased with its report, or alone where it was undone",
    "cases.Decision.duplicate_of": "refused while it stands",
    "cases.Disposal": "emptied: it keeps the reference",
    "cases.Report.case": "erased with the case",
    "cases.Report.likely_duplicate_of": "emptied",
    "actions.Action.transferred_from": "erased with the action, which hangs on the same record",
    "cases.Decision.action": "erased with its report",
    "cases.Case.actions": "the way from an action to its case",
    "tasking.AgendaItem.case": "erased with the case, whole",
    "tasking.Referral.case": "erased with the case, whole",
    "tasking.AgendaItem.previous": "emptied",
    "tasking.AgendaItem.referral": "emptied where the item is about something else",
    "tasking.Meeting.current_item": "emptied",
}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def manager(team):
    return user_at(team, Role.MANAGER)


@pytest.fixture
def second(team):
    return user_at(team, Role.AUDITOR)


def old_case(team, **more):
    closed = {"status": CaseStatus.CLOSED, "opened_at": LONG_AGO, "ended_at": LONG_AGO}
    return CaseFactory(lead=team, **closed | more)


def destroy(kept, manager, second):
    disposal = retention.propose(kept=kept, reason="Time over", by=manager, at=NOW)
    retention.agree(disposal=disposal, by=second, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return disposal


@pytest.mark.parametrize(
    ("model", "table"),
    [
        ("cases.Case", erasing.OF_CASE),
        ("cases.Report", erasing.OF_REPORT),
        ("actions.Action", erasing_rows.OF_ACTION),
        ("tasking.AgendaItem", erasing_items.OF_ITEM),
        ("tasking.Referral", erasing_items.OF_REFERRAL),
    ],
)
def test_every_table_that_points_to_a_record_is_spoken_for(model, table):
    pointing = {
        (field.related_model._meta.label, field.field.name)
        for field in apps.get_model(model)._meta.get_fields(include_hidden=True)
        if field.auto_created and not field.concrete and not field.many_to_many
        if not field.related_model.__name__.endswith("Event")
    }
    unknown = {
        f"{label}.{name}"
        for label, name in pointing
        if table.get(label) != name and label not in KEPT and f"{label}.{name}" not in KEPT
    }
    assert unknown == set()


def test_destroying_a_case_leaves_its_tombstone_and_nothing_else(
    team, manager, second, django_capture_on_commit_callbacks
):
    case = old_case(team)
    report = ReportFactory(lead=team, case=case, status=ReportStatus.CASE_OPENED, received_at=LONG_AGO)
    person = PersonFactory(lead=team)
    Alias.objects.create(person=person, name="Nan", added_at=LONG_AGO)
    ReportPersonFactory(report=report, person=person)
    CasePersonFactory(case=case, person=person, role=LinkRole.VICTIM, report=report)
    note = NoteFactory(case=case, audience=Audience.NAMED)
    note.named.add(manager)
    evidence = EvidenceFactory(case=case)
    file = EvidenceFile(evidence=evidence, name="x.txt", content_type="text/plain", size=1, added_at=NOW)
    file.file.save("x.txt", ContentFile(b"x"))
    file.save()
    (attachment,) = attach(report=report, files=[ContentFile(b"words", name="n.txt")], by=None, at=NOW)
    InterventionFactory(case=case)
    CaseContactFactory(case=case)
    RiskAssessmentFactory(case=case, person=person)
    ActionFactory(lead=team, owner=team, target=case)
    sharing.share(
        record=case, to_partner=PartnerFactory(partnership=team.partnership), level=ShareLevel.FULL,
        by=None, at=LONG_AGO, **TERMS,
    )  # fmt: skip
    before = Event.objects.count()

    with django_capture_on_commit_callbacks(execute=True):
        disposal = destroy(case, manager, second)

    for model in (Case, Report, Person, Action, RiskAnswer):
        assert not model.objects.exists()
    for label in (*erasing.OF_CASE, *erasing.OF_REPORT, *erasing_rows.OF_ACTION, *erasing.OF_PERSON):
        model = apps.get_model(label)
        assert not model._default_manager.exists(), label
        history = getattr(model, "pgh_event_model", None)
        assert history is None or not history.objects.exists(), label
    assert not Case.pgh_event_model.objects.exists()
    stone = Tombstone.objects.get(reference=case.reference)
    assert stone.statistics["people"] == {"victim": 1}
    assert stone.ended_on == LONG_AGO.date()
    assert Tombstone.objects.filter(reference=report.reference).exists()
    disposal.refresh_from_db()
    assert (disposal.case, disposal.status, disposal.second) == (None, "destroyed", second)
    assert Event.objects.count() > before
    for stored in (file.file, attachment.file):
        assert not stored.storage.exists(stored.name)


def test_people_known_from_elsewhere_stay(team, manager, second):
    case, other = old_case(team), CaseFactory(lead=team)
    known, merged = PersonFactory(lead=team), PersonFactory(lead=team)
    merged.merged_into = known
    merged.save()
    gone = PersonFactory(lead=team)
    for person in (known, merged, gone):
        CasePersonFactory(case=case, person=person)
    CasePersonFactory(case=other, person=known)

    destroy(case, manager, second)

    assert set(Person.objects.all()) == {known, merged}


def test_cases_merged_into_it_go_with_it(team, manager, second):
    kept = old_case(team)
    gone = old_case(team, status=CaseStatus.CANCELLED, merged_into=kept)
    CaseMerge.objects.create(
        kept=kept, gone=gone, status_before="open", reason="Same", by=manager, at=LONG_AGO
    )
    alive = CaseFactory(lead=team)
    CaseLink.objects.create(case=alive, other=kept, kind="related", made_by=manager, made_at=LONG_AGO)
    NoteFactory(case=gone)

    destroy(kept, manager, second)

    assert list(Case.objects.all()) == [alive]
    assert Tombstone.objects.count() == 2
    assert not CaseLink.objects.exists()


def test_a_decision_that_was_undone_goes_but_its_report_stays(team, manager, second):
    case = old_case(team)
    report = ReportFactory(lead=team)
    Decision.objects.create(
        report=report, outcome=ReportStatus.JOINED, reason="Same", by=manager, at=LONG_AGO, case=case,
        undone_at=LONG_AGO, undone_by=manager,
    )  # fmt: skip

    destroy(case, manager, second)

    assert list(Report.objects.all()) == [report]
    assert not Decision.objects.exists()


def test_a_report_that_others_repeat_goes_last(team, manager, second):
    original = ReportFactory(lead=team, status=ReportStatus.ADVICE, received_at=LONG_AGO)
    repeat = ReportFactory(lead=team, status=ReportStatus.DUPLICATE, received_at=LONG_AGO)
    Decision.objects.create(
        report=repeat, outcome=ReportStatus.DUPLICATE, reason="Same", by=manager, at=LONG_AGO,
        duplicate_of=original,
    )  # fmt: skip
    disposal = retention.propose(kept=original, reason="Time over", by=manager, at=NOW)

    with pytest.raises(retention.CannotDispose, match="was found to repeat this one"):
        retention.agree(disposal=disposal, by=second, at=NOW)
    destroy(repeat, manager, second)
    retention.agree(disposal=disposal, by=second, at=NOW)

    assert not Report.objects.exists()
    assert Disposal.objects.filter(status="destroyed").count() == 2


def test_history_is_still_protected_after_a_destruction(team, manager, second):
    destroy(old_case(team), manager, second)
    alive = CaseFactory(lead=team)

    with pytest.raises(Exception, match=r"append_only|Cannot delete"):
        Case.pgh_event_model.objects.filter(pgh_obj=alive.pk).delete()
