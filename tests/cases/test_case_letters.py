"""Letters, e-mails and calls to the people in a case."""

import datetime as dt
from io import BytesIO

import pytest
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader

from cases import notifications
from cases.enums import ContactKind, ContactMethod, ContactResult, ContactStatus, LinkRole
from cases.models import CaseContact, Contact, Report
from cases.services import case_letters, contacts, languages, letters, messages
from cases.services.case_letters import CannotWrite
from cases.services.rules import install_default_rules
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import (
    NOON,
    CaseFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)
from tests.factories.casework import CaseContactFactory, CasePersonFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WORDS = "We spoke to the landlord.\n\nWhat you can do next\n\nKeep a diary.\n"


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def case(team, ann):
    return CaseFactory(lead=team, officer=ann)


@pytest.fixture
def vic(case, team):
    place = PlaceFactory(lead=team, address="4 Mill Road, Didcot")
    return reader(
        case, "Vic Tims", place=place, phone="01235 1", email="vic@example.com", contact_method="email"
    )


def reader(case, name, role=LinkRole.COMPLAINANT, **fields):
    person = PersonFactory(lead=case.lead, name=name, **fields)
    CasePersonFactory(case=case, person=person, role=role)
    return person


def sent(case, person, by, kind=ContactKind.UPDATE, words=WORDS, at=NOON):
    return case_letters.send(case=case, person=person, kind=kind, words=words, by=by, at=at)


def write_url(case, person, kind="update"):
    return reverse("cases:letter_write", args=[case.reference, person.pk, kind])


@pytest.mark.parametrize(
    ("method", "status", "address"),
    [
        ("email", ContactStatus.QUEUED, "vic@example.com"),
        ("phone", ContactStatus.TO_DO, "01235 1"),
        ("letter", ContactStatus.TO_DO, "Vic Tims\n4 Mill Road\nDidcot\nOX11 7AA"),
    ],
)
def test_it_goes_by_the_way_that_is_safe_for_the_person(case, vic, ann, method, status, address):
    vic.contact_method = method
    vic.save()

    made = sent(case, vic, ann)

    assert (made.method, made.status, made.address) == (method, status, address)
    assert made.body.startswith("Dear Vic Tims\n")
    assert made.subject == f"What is being done: {case}"
    assert Event.objects.get(verb="case.letter_made").detail["kind"] == "update"


def test_who_asked_not_to_be_contacted_is_not(case, vic, ann):
    vic.contact_method = ContactMethod.NONE
    vic.save()

    with pytest.raises(CannotWrite, match="Vic Tims asked not to be contacted"):
        sent(case, vic, ann)


@pytest.mark.parametrize("role", [LinkRole.SUBJECT, LinkRole.CHILD, LinkRole.WITNESS, LinkRole.PROFESSIONAL])
def test_only_complainants_and_victims_are_written_to(case, ann, role):
    with pytest.raises(CannotWrite, match="not a complainant or victim"):
        sent(case, reader(case, "Sam Other", role=role, email="s@example.com"), ann)


@pytest.mark.parametrize("name", ["Sam Subject", "sam subject", "Sammy"])
def test_a_letter_that_names_a_subject_does_not_go(case, vic, ann, name):
    reader(case, "Sam Subject", role=LinkRole.SUBJECT, known_as="Sammy")

    with pytest.raises(CannotWrite, match="who is a subject of this case"):
        sent(case, vic, ann, words=f"We spoke to {name} today")


def test_a_letter_with_a_gap_does_not_go(case, vic, ann):
    with pytest.raises(CannotWrite, match="in your own words"):
        sent(case, vic, ann, words=notifications.case_words(case, ContactKind.UPDATE, at=NOON))


def test_the_same_is_not_written_twice(case, vic, ann):
    first = sent(case, vic, ann)
    with pytest.raises(CannotWrite, match="already"):
        sent(case, vic, ann)

    contacts.withdraw(contact=first, by=ann, at=NOON)

    assert sent(case, vic, ann).pk != first.pk


@pytest.mark.parametrize("kind", [ContactKind.CASE_OPENED, ContactKind.CASE_REVIEW, ContactKind.CLOSURE])
def test_templates_are_whole_and_name_nobody(case, vic, ann, kind):
    reader(case, "Sam Subject", role=LinkRole.SUBJECT)

    words = notifications.case_words(case, kind, at=NOON, reason="early", done="We mended the gate.")

    assert case.reference in words
    assert "Ann Archer works on your case" in words
    assert "Sam" not in words
    assert "\n\n\n" not in words
    assert "ASB Case Review" in words


def test_a_closure_letter_says_all_that_it_must(case, team):
    team.partnership.survey_url, team.partnership.phone = "https://survey.example/asb", "01235 999"
    team.partnership.save()
    case.refresh_from_db()

    words = notifications.case_words(
        case, ContactKind.CLOSURE, at=NOON, reason="quiet", done="We mended the gate."
    )

    for said in (
        "We mended the gate.",
        "Nothing more has been reported",
        f"give the reference {case.reference}",
        "Your right to ask for the ASB Case Review",
        "https://survey.example/asb",
        "phone 01235 999",
    ):
        assert said in words


def test_every_letter_offers_other_languages_and_says_what_the_person_needs(case, vic, ann):
    vic.language = "Large print"
    vic.save()

    made = sent(case, vic, ann)

    assert "what you need: Large print" in made.body
    assert all(offer.words in made.body for offer in languages.OFFERS)
    assert letters.letter_parts(made)["large"] is True


def test_the_pdf_prints_every_script(case, vic, ann):
    vic.contact_method = "letter"
    vic.save()
    made = sent(case, vic, ann)

    content = letters.letter_pdf(contact=made, by=ann, at=NOON)

    fonts = {str(font) for font in fonts_of(content)}
    for script in ("Arabic", "Bengali", "Gurmukhi"):
        assert any(script in font for font in fonts), (script, fonts)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert "We spoke to the landlord." in text
    assert "dotyczy sprawy" in text
    assert Event.objects.filter(verb="letter.printed", reference=case.reference).exists()


def fonts_of(content):
    for page in PdfReader(BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            yield font.get_object()["/BaseFont"]


# When it reached them


def test_an_email_that_went_out_is_logged_once_and_restarts_the_clock(case, vic, ann):
    made = sent(case, vic, ann)

    assert messages.send(contact_id=made.pk, at=NOON + DAY) is True
    assert messages.send(contact_id=made.pk, at=NOON + DAY) is False

    entry = CaseContact.objects.get()
    assert (entry.message, entry.result, entry.way, entry.person) == (made, "wrote", "email", vic)
    assert [message.to for message in mail.outbox] == [["vic@example.com"]]
    case.refresh_from_db()
    assert case.update_due_on == dt.date(2026, 3, 19)


@pytest.mark.parametrize(
    ("method", "result"), [("letter", ContactResult.WROTE), ("phone", ContactResult.SPOKE)]
)
def test_a_letter_posted_or_a_call_made_is_logged(case, vic, ann, method, result):
    vic.contact_method = method
    vic.save()
    made = sent(case, vic, ann)
    case.refresh_from_db()
    assert case.update_due_on is None

    contacts.mark_done(contact=made, by=ann, at=NOON + DAY)

    assert CaseContact.objects.get().result == result
    case.refresh_from_db()
    assert case.update_due_on == dt.date(2026, 3, 19)


def test_calls_that_nobody_answers_are_logged_and_after_three_a_letter_can_go(case, vic, ann):
    vic.contact_method = "phone"
    vic.save()
    call = sent(case, vic, ann)
    for _ in range(3):
        contacts.mark_no_answer(contact=call, note="", by=ann, at=NOON)

    letter = contacts.write_instead(contact=call, by=ann, at=NOON)

    assert [entry.result for entry in CaseContact.objects.all()] == ["no_answer"] * 3
    assert (letter.case, letter.person, letter.method) == (case, vic, ContactMethod.LETTER)


@pytest.mark.parametrize(("calls", "method"), [(2, "phone"), (3, "letter"), (4, "letter")])
def test_who_never_answers_the_phone_is_written_to(case, vic, ann, calls, method):
    vic.contact_method = "phone"
    vic.save()
    for number in range(calls):
        at = NOON - dt.timedelta(hours=number + 1)
        CaseContactFactory(case=case, person=vic, way="phone", result="no_answer", at=at)

    assert sent(case, vic, ann).method == method


def test_what_was_noted_of_a_call_that_nobody_answered_stays_with_the_team(case, vic, ann):
    vic.contact_method = "phone"
    vic.save()
    soha = PartnerFactory(partnership=case.partnership)
    sharing.share(
        record=case, to_partner=soha, level=3, gateway="cda_115", purpose="Visit", necessity="Tenancy",
        consent="given", by=None, at=NOON,
    )  # fmt: skip
    call, reader = sent(case, vic, ann), user_at(soha)

    contacts.mark_no_answer(contact=call, note="He picked up: she is at her sister's", by=ann, at=NOON)

    assert not CaseContact.objects.visible_to(reader).exists()
    assert CaseContact.objects.visible_to(ann).count() == 1


def test_an_email_that_failed_goes_again_to_the_address_known_now(case, vic, ann):
    made = sent(case, vic, ann)
    messages.give_up(contact_id=made.pk, at=NOON + 2 * DAY)
    vic.email = "new@example.com"
    vic.save()

    assert messages.try_again(contact=made, by=ann, at=NOON + 3 * DAY).address == "new@example.com"


# The Case Review notice


def twice_reported(team, case, person, at=NOON):
    install_default_rules(team.partnership, dt.date(2020, 1, 1))
    made = []
    for days in (9, 0):
        report = ReportFactory(
            lead=team,
            case=case,
            status="case_opened",
            received_at=at - days * DAY,
            case_review_notice_due=days == 0,
        )
        ReportPersonFactory(report=report, person=person)
        made.append(report)
    return made


def due():
    return list(Report.objects.filter(case_review_notice_due=True))


def test_the_notice_of_a_case_settles_it_for_all_reports_of_the_person(team, case, vic, ann):
    _, second = twice_reported(team, case, vic)
    assert case_letters.notice_due_to(case) == {vic.pk}

    words = notifications.case_words(case, ContactKind.CASE_REVIEW, at=NOON)
    made = sent(case, vic, ann, kind=ContactKind.CASE_REVIEW, words=words)
    assert due() == []

    messages.give_up(contact_id=made.pk, at=NOON + 2 * DAY)
    assert due() == [second]


def test_a_notice_for_one_report_settles_the_others_of_the_same_person(team, case, vic, ann):
    _, second = twice_reported(team, case, vic)
    third = ReportFactory(lead=team, received_at=NOON + DAY, case_review_notice_due=True)
    ReportPersonFactory(report=third, person=vic)

    contacts.give_case_review_notice(report=second, in_person=True, by=ann, at=NOON + DAY)

    assert due() == []


def test_it_can_be_explained_in_person(team, case, vic, ann, client):
    twice_reported(team, case, vic)
    vic.contact_method = "none"
    vic.save()
    client.force_login(ann)

    client.post(write_url(case, vic, "case_review"), {"words": "As told", "explained": "1"})

    assert Contact.objects.get().status == ContactStatus.DONE
    assert due() == []
    assert CaseContact.objects.get().result == ContactResult.SPOKE


# The pages


def test_the_words_can_be_changed_looked_at_and_sent(client, case, vic, ann):
    client.force_login(ann)
    vic.contact_method = "letter"
    vic.save()
    assert "[Say here" in client.get(write_url(case, vic)).content.decode()

    look = client.post(write_url(case, vic), {"words": WORDS, "look": "1"}).content.decode()
    pdf = client.post(write_url(case, vic), {"words": WORDS, "pdf": "1"})
    assert not Contact.objects.exists()
    answer = client.post(write_url(case, vic), {"words": WORDS, "send": "1"}, follow=True)

    assert "4 Mill Road" in look
    assert "Keep a diary." in look
    assert 'dir="rtl"' in look
    assert pdf["Content-Type"] == "application/pdf"
    assert "ready to print and post" in answer.content.decode()
    letter = Contact.objects.get()
    printed = client.get(reverse("cases:letter", args=[case.reference, letter.pk]))
    assert printed["Content-Type"] == "application/pdf"


def test_a_refused_letter_keeps_its_words(client, case, vic, ann):
    client.force_login(ann)
    reader(case, "Sam Subject", role=LinkRole.SUBJECT)

    words = client.post(write_url(case, vic), {"words": "We saw Sam Subject", "send": "1"}).content.decode()

    assert "Take the name out" in words
    assert "We saw Sam Subject" in words
    assert not Contact.objects.exists()


@pytest.mark.parametrize("kind", ["closure", "decision", "nonsense"])
def test_no_other_kind_is_written_from_the_tab(client, case, vic, ann, kind):
    client.force_login(ann)

    assert client.get(write_url(case, vic, kind)).status_code == 404


def test_somebody_who_is_not_in_the_case_is_not_there(client, case, team, ann):
    client.force_login(ann)

    assert client.get(write_url(case, PersonFactory(lead=team))).status_code == 404


def test_a_letter_of_another_case_is_not_there(client, case, vic, ann, team):
    client.force_login(ann)
    made = sent(case, vic, ann)
    other = CaseFactory(lead=team)

    assert client.get(reverse("cases:letter", args=[other.reference, made.pk])).status_code == 404
