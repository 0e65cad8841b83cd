import dataclasses
import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.enums import CallerKind, Channel, LinkRole, ReportStatus, Risk, Vulnerability
from cases.models import Attachment, Person, Report, ReportDraft
from cases.services.people import PersonEntry
from cases.services.reports import CannotLog, ReportDetails, ToldEntry, log_report
from cases.services.texts import NotText
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, PartnershipFactory, user_at
from tests.factories.cases import NOON, CategoryFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER)


OUTSIDE_DETAILS = {"channel", "source_partner", "token", "files"}


def log(team, by=None, **given):
    given = {"what_happened": "Shouting in the street", **given}
    outside = {
        name: given.pop(name) for name in ("channel", "source_partner", "token", "files") if name in given
    }
    return log_report(
        partnership=team.partnership,
        details=ReportDetails(**given),
        **{"channel": Channel.PHONE, **outside},
        by=by,
        at=NOON,
    )


def test_log_report_makes_a_report_awaiting_triage_at_the_team(team, officer):
    report = log(team, officer)

    report.refresh_from_db()
    assert report.reference == f"{team.partnership.code}-R-26-000001"
    assert (report.status, report.lead, report.logged_by) == (ReportStatus.NEW, team, officer)
    assert (report.received_at, report.logged_at) == (NOON, NOON)
    assert report.clock_due_at > NOON
    assert list(Report.objects.visible_to(officer)) == [report]


def test_log_report_records_one_event_without_words(team, officer):
    report = log(team, officer, categories=(CategoryFactory(partnership=team.partnership, code="noise"),))

    event = Event.objects.get()
    assert (event.verb, event.actor, event.target_id) == ("report.logged", officer, report.pk)
    assert event.detail == {"channel": "phone", "categories": ["noise"]}


def test_log_report_keeps_the_caller_and_the_subject(team, officer):
    caller = PersonEntry(
        role=LinkRole.COMPLAINANT, name="Siân O'Brien", phone="+44 7700 900123", email=" Sian@Example.org ",
        address="4 Mill Road, Didcot", postcode="OX11 7AA", is_caller=True,
        vulnerability=(Vulnerability.PERSONAL,),
    )  # fmt: skip
    subject = PersonEntry(role=LinkRole.SUBJECT, known_as="Dave from 6")

    report = log(team, officer, people=(caller, subject))

    links = {link.role: link for link in report.links.select_related("person__place")}
    person = links["complainant"].person
    assert links["complainant"].is_caller
    assert (person.name, person.phone_key, person.email) == (
        "Siân O'Brien",
        "07700900123",
        "sian@example.org",
    )
    assert (person.place.address, person.place.postcode) == ("4 Mill Road, Didcot", "OX11 7AA")
    assert links["subject"].person.name == "Dave from 6"
    assert report.vulnerable


def test_log_report_brings_a_known_person_up_to_date_and_takes_nothing_away(team, officer):
    known = PersonFactory(
        partnership=team.partnership, name="Ann Brown", phone="01235 1", email="a@example.org"
    )

    log(team, officer, people=(PersonEntry(role=LinkRole.WITNESS, person_id=known.pk, phone="07700 900123"),))

    known.refresh_from_db()
    assert (known.name, known.phone, known.phone_key) == ("Ann Brown", "07700 900123", "07700900123")
    assert known.email == "a@example.org"
    assert Event.objects.get(verb="person.changed").detail == {"fields": ["phone"]}


def test_log_report_refuses_a_person_of_another_partnership(team, officer):
    stranger = PersonFactory(partnership=PartnershipFactory())

    with pytest.raises(Exception, match="Choose Ann again"):
        log(team, officer, people=(PersonEntry(role=LinkRole.WITNESS, person_id=stranger.pk, name="Ann"),))
    assert not Report.objects.exists()


def test_log_report_with_one_token_makes_one_report_and_its_draft_goes(team, officer):
    token = uuid.uuid4()
    ReportDraft.objects.create(
        owner=officer, partnership=team.partnership, token=token, started_at=NOON, saved_at=NOON
    )

    first, second = log(team, officer, token=token), log(team, officer, token=token)

    assert first == second
    assert Report.objects.count() == 1
    assert not ReportDraft.objects.exists()


def test_log_report_for_an_agency_shares_it_back(team):
    soha = PartnerFactory(partnership=team.partnership)
    worker = user_at(soha)

    report = log(team, worker, channel=Channel.PARTNER, source_partner=soha, caller_kind=CallerKind.AGENCY)

    assert list(Report.objects.readable_by(worker)) == [report]
    assert report.shares.get().to_partner == soha


def test_an_agency_does_not_overwrite_a_known_person(team):
    soha = PartnerFactory(partnership=team.partnership)
    known = PersonFactory(partnership=team.partnership, name="Ann Brown", phone="01235 1")
    entry = PersonEntry(role=LinkRole.VICTIM, person_id=known.pk, name="Ann Brown", phone="07700 900123")

    report = log(team, user_at(soha), channel=Channel.PARTNER, source_partner=soha, people=(entry,))

    known.refresh_from_db()
    assert known.phone == "01235 1"
    assert report.people.get().phone == "07700 900123"


def test_log_report_assesses_the_risk(team, officer):
    worst = CategoryFactory(partnership=team.partnership, risk=Risk.HIGH)

    assert log(team, officer, categories=(worst,)).risk == Risk.HIGH


def test_log_report_keeps_files(team, officer, settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    note = SimpleUploadedFile("../../note.txt", b"seen at nine")

    report = log(team, officer, files=[note])

    kept = report.attachments.get()
    assert (kept.name, kept.content_type, kept.file.read()) == ("note.txt", "text/plain", b"seen at nine")
    kept.file.delete(save=False)


def test_log_report_keeps_nothing_when_a_file_is_refused(team, officer):
    with pytest.raises(Exception, match="is not a file we can take"):
        log(
            team,
            officer,
            files=[SimpleUploadedFile("ok.txt", b"fine"), SimpleUploadedFile("x.exe", b"MZ\x00\x01")],
        )

    assert not Report.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"what_happened": "  "}, "Enter what happened"),
        ({"received_at": NOON + dt.timedelta(minutes=1)}, "cannot be received in the future"),
    ],
)
def test_log_report_refuses(team, officer, given, message):
    with pytest.raises(CannotLog, match=message):
        log(team, officer, **given)


def test_log_report_needs_a_team_that_receives(officer):
    with pytest.raises(CannotLog, match="no team"):
        log(PartnerFactory(), officer)


@pytest.mark.parametrize(
    "given",
    [
        {"what_happened": "a\x00b"},
        {"location": "\ud800"},
        {"people": (PersonEntry(role=LinkRole.WITNESS, name="Ann\x00"),)},
        {"told": (ToldEntry(agency="Police\x00"),)},
    ],
)
def test_log_report_refuses_what_cannot_be_stored(team, officer, given):
    with pytest.raises(NotText, match="cannot be stored"):
        log(team, officer, **given)


ANY_TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=120)
SOME_TEXT = ANY_TEXT.filter(str.strip)
TEXTS = ("reported_before", "why_you", "how_affected", "who_affected", "subjects_known", "location")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    what=ANY_TEXT.filter(str.strip),
    name=ANY_TEXT.filter(str.strip),
    others=st.tuples(*[ANY_TEXT for _ in TEXTS]),
)
def test_log_report_loses_nothing_typed(team, what, name, others):
    typed = dict(zip(TEXTS, others, strict=True))

    report = log(team, what_happened=what, people=(PersonEntry(role=LinkRole.WITNESS, name=name),), **typed)

    report.refresh_from_db()
    assert report.what_happened == what
    assert {field: getattr(report, field) for field in TEXTS} == typed
    assert Person.objects.get(links__report=report).name == name


def test_every_detail_reaches_the_report(team, officer):
    details = ReportDetails(
        what_happened="Noise", consent="given", consent_note="Her son", source_reference="T/12",
        contact_method="phone", contact_when="after 6pm", contact_avoid="no messages",
        when_kind="repeating", occurred_precision="time", occurred_pattern="nightly",
        occurred_on=dt.date(2026, 3, 1), occurred_at=dt.time(23),
        occurred_until_on=dt.date(2026, 3, 2), occurred_until_at=dt.time(1),
        location="by the shops", hate=True, hate_strands=("race",), in_danger=True, children_present=True,
        reported_before="twice", why_you="unsure", how_affected="no sleep", effect=3,
        who_affected="the stairwell", subjects_known="a tall man",
        told=(ToldEntry(agency="Police", agency_reference="P1"),),
    )  # fmt: skip

    report = log_report(
        partnership=team.partnership, details=details, channel=Channel.PAPER, by=officer, at=NOON
    )

    report.refresh_from_db()
    kept = {field.name for field in Report._meta.fields} - {"received_at", "hate_strands"}
    same = kept & {field.name for field in dataclasses.fields(details)}
    assert {name: getattr(report, name) for name in same} == {name: getattr(details, name) for name in same}
    assert report.hate_strands == ["race"]
    assert str(report.told_agencies.get()) == "Police P1"
