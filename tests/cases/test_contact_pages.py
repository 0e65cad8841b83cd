import datetime as dt
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cases.enums import ContactMethod, ContactStatus
from cases.models import Contact
from cases.views.triage_page import ContactsPanel
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.cases.triage import decided
from tests.counting import queries_of
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import PersonFactory, PlaceFactory, ReportFactory, ReportPersonFactory

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


@pytest.fixture
def report(team, now):
    report = ReportFactory(
        lead=team,
        clock_started_at=now - dt.timedelta(days=1),
        clock_amber_at=now + dt.timedelta(days=1),
        clock_due_at=now + dt.timedelta(days=2),
    )
    place = PlaceFactory(lead=team, address="4 Mill Road, Didcot")
    person = PersonFactory(lead=team, name="Vic Tims", place=place, phone="01235 1", email="vic@example.com")
    ReportPersonFactory(report=report, person=person)
    return report


def told(report, by, now, method):
    report.contact_method = method
    report.save()
    decided(report, by, now, outcome="advice")
    return Contact.objects.get()


def url(name, contact):
    return reverse(f"reports:{name}", args=[contact.report.reference, contact.pk])


def report_page(client, report):
    return client.get(reverse("reports:detail", args=[report.reference])).content.decode()


def test_a_letter_is_a_tagged_pdf_with_the_words_and_the_address(signed_in, report, ann, now):
    contact = told(report, ann, now, "letter")
    assert "Letter to print" in report_page(signed_in, report)

    answer = signed_in.get(url("letter", contact))

    reader = PdfReader(BytesIO(answer.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert answer["Content-Type"] == "application/pdf"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    for words in (
        "Vic Tims",
        "4 Mill Road",
        "OX11 7AA",
        report.reference,
        "Talk to them first",
        "Dear Vic Tims",
    ):
        assert words in text
    assert "OFFICIAL" not in text
    event = Event.objects.get(verb="letter.printed")
    assert (event.actor, event.target_id, event.detail) == (ann, report.pk, {"contact": contact.pk})


def test_only_letters_are_printed(signed_in, report, ann, now):
    assert signed_in.get(url("letter", told(report, ann, now, "phone"))).status_code == 404


def test_a_letter_is_marked_as_posted(signed_in, report, ann, now):
    contact = told(report, ann, now, "letter")
    assert "I posted it" in report_page(signed_in, report)

    answer = signed_in.post(url("contact_done", contact), follow=True)

    contact.refresh_from_db()
    assert contact.status == ContactStatus.DONE
    assert "marked as posted" in answer.content.decode()
    assert "I posted it" not in report_page(signed_in, report)


def test_posting_twice_is_refused(signed_in, report, ann, now):
    contact = told(report, ann, now, "letter")
    signed_in.post(url("contact_done", contact))

    answer = signed_in.post(url("contact_done", contact), follow=True)

    assert "is done and cannot become done" in answer.content.decode()


def test_calls_keep_their_attempts_until_the_caller_was_told(signed_in, report, ann, now):
    contact = told(report, ann, now, "phone")
    for note in ("Rang out", "", "Engaged"):
        page = report_page(signed_in, report)
        assert "Write a letter instead" not in page
        signed_in.post(url("contact_no_answer", contact), {"note": note})
    page = report_page(signed_in, report)
    assert "Rang out" in page
    assert "Write a letter instead" in page

    signed_in.post(url("contact_done", contact))

    contact.refresh_from_db()
    assert (contact.status, contact.attempts.count()) == (ContactStatus.DONE, 3)


def test_a_letter_takes_the_place_of_calls_that_nobody_answers(signed_in, report, ann, now):
    contact = told(report, ann, now, "phone")
    for _ in range(3):
        signed_in.post(url("contact_no_answer", contact))

    signed_in.post(url("contact_write", contact))

    assert Contact.objects.get(status=ContactStatus.TO_DO).method == ContactMethod.LETTER


def test_writing_too_early_says_so(signed_in, report, ann, now):
    answer = signed_in.post(url("contact_write", told(report, ann, now, "phone")), follow=True)

    assert "Try to phone 3 times before you write" in answer.content.decode()


def test_an_e_mail_that_failed_is_sent_again(signed_in, report, ann, now):
    contact = told(report, ann, now, "email")
    assert "Send it again" not in report_page(signed_in, report)
    Contact.objects.update(status=ContactStatus.FAILED, problem="The mail server refused the address")
    page = report_page(signed_in, report)
    assert "Send it again" in page
    assert "The mail server refused the address" in page

    signed_in.post(url("contact_again", contact))

    contact.refresh_from_db()
    assert contact.status == ContactStatus.QUEUED


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({}, ContactStatus.TO_DO, "The Case Review notice is made"),
        ({"in_person": "1"}, ContactStatus.DONE, "Kept that you explained it"),
    ],
)
def test_the_case_review_notice_is_given_from_the_report(signed_in, report, data, status, words):
    report.case_review_notice_due, report.contact_method = True, "letter"
    report.save()
    assert "Tell them by letter" in report_page(signed_in, report)

    notice = reverse("reports:case_review_notice", args=[report.reference])
    answer = signed_in.post(notice, data, follow=True)

    assert Contact.objects.get().status == status
    assert words in answer.content.decode()
    assert "Case Review notice due" not in report_page(signed_in, report)


def test_a_notice_that_cannot_be_sent_says_why(signed_in, report):
    report.case_review_notice_due, report.contact_method = True, "none"
    report.save()

    answer = signed_in.post(reverse("reports:case_review_notice", args=[report.reference]), follow=True)

    assert "asked not to be contacted" in answer.content.decode()
    assert "I have explained it to them" in answer.content.decode()


def test_what_was_said_to_a_caller_is_not_for_other_agencies(report, team, ann, now):
    told(report, ann, now, "letter")
    soha = PartnerFactory(partnership=team.partnership)
    sharing.share(record=report, to_partner=soha, level=4, at=now, **TERMS)

    assert len(ContactsPanel(report, ann).contacts()) == 1
    assert ContactsPanel(report, user_at(soha)).contacts() == []


PAGES = ["letter", "contact_done", "contact_no_answer", "contact_write", "contact_again"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("partner", 403), ("board", 404)])
def test_only_the_team_sees_and_changes_what_a_caller_was_told(
    client, report, team, ann, now, page, who, status
):
    contact = told(report, ann, now, "letter")
    soha = PartnerFactory(partnership=team.partnership)
    sharing.share(record=report, to_partner=soha, level=4, at=now, **TERMS)
    user = {
        "stranger": lambda: user_at(PartnerFactory(receiving=True), Role.OFFICER),
        "partner": lambda: user_at(soha, Role.MANAGER),
        "board": lambda: user_at(team, Role.BOARD),
    }[who]()
    client.force_login(user)
    ask = client.get if page == "letter" else client.post

    assert ask(url(page, contact)).status_code == status
    contact.refresh_from_db()
    assert contact.status == ContactStatus.TO_DO


@pytest.mark.parametrize("page", PAGES)
def test_a_message_is_found_under_its_own_report_only(signed_in, report, team, ann, now, page):
    contact = told(report, ann, now, "letter")
    other = ReportFactory(lead=team)
    ask = signed_in.get if page == "letter" else signed_in.post

    assert ask(reverse(f"reports:{page}", args=[other.reference, contact.pk])).status_code == 404


def test_the_report_page_costs_the_same_however_much_was_said(signed_in, report, ann, now):
    contact = told(report, ann, now, "phone")
    address = reverse("reports:detail", args=[report.reference])

    def say_more():
        more = Contact.objects.get(pk=contact.pk)
        more.pk = None
        more.save(force_insert=True)
        more.attempts.create(by=ann, at=now)

    say_more()
    few = queries_of(lambda: signed_in.get(address))
    say_more()
    say_more()

    assert len(queries_of(lambda: signed_in.get(address))) == len(few)
