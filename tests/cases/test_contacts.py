import datetime as dt
import smtplib
import subprocess
import sys

import pytest
from django.core import mail
from django.db import connection

from cases import tasks
from cases.enums import CONTACT_TRANSITIONS, CallerKind, ContactKind, ContactMethod, ContactStatus, LinkRole
from cases.models import Contact
from cases.services import contacts, messages
from cases.services.contacts import CannotContact
from cases.services.places import find_or_add_place
from cases.services.safe_contact import safe_way
from csp.agencies.enums import Role, TermKey
from csp.agencies.models import Term
from csp.audit.models import Event
from csp.core.errors import InvalidTransition
from tests.cases.together import together
from tests.cases.triage import decided, referral
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, PersonFactory, ReportFactory, ReportPersonFactory

REACHABLE = {"phone": "01235 555 0123", "email": "vic@example.com"}
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER)


def report_from(team, method="", role=LinkRole.COMPLAINANT, reachable=None, **fields):
    report = ReportFactory(lead=team, contact_method=method, **fields)
    known = reachable
    if known is None:
        place = find_or_add_place(
            partnership=team.partnership, address="4 Mill Road, Didcot", postcode="OX11 7AA"
        )
        known = {"place": place, **REACHABLE}
    person = PersonFactory(lead=team, name="Vic Tims", **known)
    ReportPersonFactory(report=report, person=person, role=role)
    return report


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "status", "address"),
    [
        ("email", ContactStatus.QUEUED, "vic@example.com"),
        ("phone", ContactStatus.TO_DO, "01235 555 0123"),
        ("letter", ContactStatus.TO_DO, "Vic Tims\n4 Mill Road\nDidcot\nOX11 7AA"),
    ],
)
def test_the_caller_is_told_by_the_way_they_chose(team, ann, method, status, address):
    report = report_from(team, method)

    decided(report, ann, outcome="advice")

    contact = Contact.objects.get()
    assert (contact.method, contact.status, contact.address) == (method, status, address)
    assert "Talk to them first" in contact.body
    assert report.reference in contact.subject


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"caller_kind": CallerKind.ANONYMOUS}, "anonymous"),
        ({"caller_kind": CallerKind.AGENCY}, "follows it here"),
        ({"method": "none"}, "asked not to be contacted"),
        ({"method": "email", "reachable": {"phone": "1"}}, "No e-mail address is known"),
        ({"method": "phone", "reachable": {"email": "a@b.example"}}, "No phone number is known"),
        ({"method": "letter", "reachable": {"phone": "1"}}, "No postal address is known"),
        ({"reachable": {}}, "No way to reach them is known"),
        ({"role": LinkRole.REPRESENTATIVE}, "has not agreed yet"),
        ({"role": LinkRole.REPRESENTATIVE, "consent": "not_asked"}, "has not agreed yet"),
    ],
)
def test_where_nobody_is_told_it_says_why(team, ann, fields, words):
    report = report_from(team, **fields)

    assert words in safe_way(report).nobody
    decided(report, ann, outcome="advice")
    assert not Contact.objects.exists()


@pytest.mark.django_db
def test_nobody_is_told_where_no_caller_is_named(team):
    assert "Nobody is named" in safe_way(ReportFactory(lead=team)).nobody


@pytest.mark.django_db
@pytest.mark.parametrize("consent", ["given", "cannot"])
def test_who_calls_for_somebody_who_agreed_is_told(team, consent):
    report = report_from(team, "phone", role=LinkRole.REPRESENTATIVE, consent=consent)

    assert safe_way(report).method == ContactMethod.PHONE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reachable", "method"),
    [
        (REACHABLE, ContactMethod.PHONE),
        ({"email": "vic@example.com"}, ContactMethod.EMAIL),
        (REACHABLE | {"contact_method": "email"}, ContactMethod.EMAIL),
    ],
)
def test_who_did_not_choose_is_phoned_first(team, reachable, method):
    assert safe_way(report_from(team, reachable=reachable)).method == method


@pytest.mark.django_db
def test_no_message_names_the_subject_or_repeats_what_was_told(team, ann):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    outcomes = {
        "case_opened": {"title": "Secret title"},
        "referred": {"referral": referral(soha, request="Secret request", handling="Secret handling")},
        "advice": {},
        "not_asb": {},
        "duplicate": {"duplicate_of": ReportFactory(lead=team)},
    }
    for outcome, says in outcomes.items():
        report = report_from(
            team, "email", what_happened="Secret words", subjects_known="Sam Subject", location="Secret spot"
        )
        ReportPersonFactory(
            report=report,
            person=PersonFactory(lead=team, name="Sam Subject"),
            role=LinkRole.SUBJECT,
            is_caller=False,
        )

        decided(report, ann, outcome=outcome, **says)

        contact = report.contacts.get()
        words = contact.subject + contact.body
        assert "Secret" not in words
        assert "Sam" not in words
        assert "Seen before" not in words
        assert "What you can do next" in words
        assert "ASB Case Review" in words
        assert "call 999" in words
    assert soha.agency.name in Contact.objects.get(decision__outcome="referred").body


@pytest.mark.django_db
def test_messages_use_the_partnerships_own_name_for_a_case_review(team, ann):
    for label, starts, ends in (("Old Trigger", 2015, 2020), ("Community Trigger", 2020, None)):
        Term.objects.create(
            partnership=team.partnership,
            key=TermKey.CASE_REVIEW,
            label=label,
            starts_on=dt.date(starts, 1, 1),
            ends_on=dt.date(ends, 1, 1) if ends else None,
        )
    decided(report_from(team, "email"), ann, outcome="advice")

    assert "Your right to ask for the Community Trigger" in Contact.objects.get().body


@pytest.mark.django_db
def test_a_queued_e_mail_is_sent_once_however_often_the_task_runs(team, ann):
    decided(report_from(team, "email"), ann, outcome="advice")
    contact = Contact.objects.get()

    tasks.send_contact(contact_id=contact.pk)
    tasks.send_contact(contact_id=contact.pk)

    contact.refresh_from_db()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["vic@example.com"], contact.subject)
    assert message.extra_headers["Message-ID"].startswith(f"<contact-{contact.pk}@")
    assert message.reply_to == [team.partnership.email]
    assert contact.status == ContactStatus.SENT
    assert Event.objects.filter(verb="caller.told").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_take_one_e_mail_one_sends_it(team, ann):
    report = report_from(team, "letter")
    decided(report, ann, outcome="advice")
    Contact.objects.update(method="email", status=ContactStatus.QUEUED, address="vic@example.com")
    contact = Contact.objects.get()

    done, refused = together(
        lambda: messages.send(contact_id=contact.pk, at=NOON),
        lambda: messages.send(contact_id=contact.pk, at=NOON),
    )

    assert (sorted(done), refused) == ([False, True], [])
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_an_e_mail_whose_worker_was_killed_is_sent_once_by_the_next(team, ann):
    decided(report_from(team, "letter"), ann, outcome="advice")
    Contact.objects.update(method="email", status=ContactStatus.QUEUED, address="vic@example.com")
    contact = Contact.objects.get()
    database = connection.settings_dict["NAME"]
    command = [sys.executable, "-m", "tests.cases.dying_worker", database, str(contact.pk)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout.readline() == "sending\n"
        worker.kill()

    assert messages.send(contact_id=contact.pk, at=NOON) is True
    assert messages.send(contact_id=contact.pk, at=NOON) is False

    contact.refresh_from_db()
    assert (len(mail.outbox), contact.status) == (1, ContactStatus.SENT)


@pytest.mark.django_db
def test_an_e_mail_whose_worker_died_is_still_waiting(team, ann, monkeypatch):
    decided(report_from(team, "email"), ann, outcome="advice")
    contact = Contact.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _raise(OSError("gone")))
        with pytest.raises(OSError, match="gone"):
            messages.send(contact_id=contact.pk, at=NOON)
    contact.refresh_from_db()
    assert contact.status == ContactStatus.QUEUED

    assert messages.send(contact_id=contact.pk, at=NOON)


def _raise(problem):
    def fail(*args, **kwargs):
        raise problem

    return fail


@pytest.mark.django_db
def test_an_address_the_server_refuses_fails_and_says_so(team, ann, monkeypatch):
    decided(report_from(team, "email"), ann, outcome="advice")
    contact = Contact.objects.get()
    refused = smtplib.SMTPRecipientsRefused({"vic@example.com": (550, b"no such user")})
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _raise(refused))
        assert messages.send(contact_id=contact.pk, at=NOON) is False

    contact.refresh_from_db()
    assert (contact.status, contact.problem) == (
        ContactStatus.FAILED,
        "The mail server refused the address (SMTPRecipientsRefused)",
    )
    assert Event.objects.filter(verb="caller.not_told").exists()

    contact.report.links.get().person.__class__.objects.update(email="new@example.com")
    messages.try_again(contact=contact, by=ann, at=NOON + HOUR)
    messages.send(contact_id=contact.pk, at=NOON + HOUR)
    assert mail.outbox[0].to == ["new@example.com"]


@pytest.mark.django_db
def test_trying_again_is_refused_where_e_mail_is_not_wanted_any_more(team, ann):
    report = report_from(team, "email")
    decided(report, ann, outcome="advice")
    Contact.objects.update(status=ContactStatus.FAILED)
    report.contact_method = "none"
    report.save()

    with pytest.raises(CannotContact, match="asked not to be contacted"):
        messages.try_again(contact=Contact.objects.get(), by=ann, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "queued", "status"),
    [
        (dt.timedelta(minutes=5), 0, ContactStatus.QUEUED),
        (dt.timedelta(minutes=6), 1, ContactStatus.QUEUED),
        (dt.timedelta(days=1), 1, ContactStatus.QUEUED),
        (dt.timedelta(days=1, seconds=1), 0, ContactStatus.FAILED),
    ],
)
def test_what_a_worker_left_is_queued_again_and_given_up_after_a_day(
    team, ann, age, queued, status, django_capture_on_commit_callbacks
):
    decided(report_from(team, "email"), ann, outcome="advice")

    with django_capture_on_commit_callbacks() as callbacks:
        messages.send_waiting(at=NOON + age)

    assert len(callbacks) == queued
    assert Contact.objects.get().status == status


@pytest.mark.django_db
def test_a_letter_is_marked_as_posted(team, ann):
    decided(report_from(team, "letter"), ann, outcome="advice")
    contact = Contact.objects.get()

    contacts.mark_done(contact=contact, by=ann, at=NOON + HOUR)

    contact.refresh_from_db()
    assert (contact.status, contact.done_at) == (ContactStatus.DONE, NOON + HOUR)
    with pytest.raises(InvalidTransition):
        contacts.mark_done(contact=contact, by=ann, at=NOON + HOUR)


@pytest.mark.django_db
@pytest.mark.parametrize(("attempts", "may"), [(2, False), (3, True)])
def test_after_three_calls_without_answer_a_letter_can_be_written(team, ann, attempts, may):
    decided(report_from(team, "phone"), ann, outcome="advice")
    call = Contact.objects.get()
    for _ in range(attempts):
        contacts.mark_no_answer(contact=call, note="Rang out", by=ann, at=NOON)

    if not may:
        with pytest.raises(CannotContact, match="Try to phone 3 times"):
            contacts.write_instead(contact=call, by=ann, at=NOON)
        return
    letter = contacts.write_instead(contact=call, by=ann, at=NOON)

    call.refresh_from_db()
    assert (letter.method, letter.body, letter.decision) == (ContactMethod.LETTER, call.body, call.decision)
    assert call.status == ContactStatus.FAILED
    with pytest.raises(CannotContact, match="no longer waiting"):
        contacts.mark_no_answer(contact=call, note="", by=ann, at=NOON)


@pytest.mark.django_db
def test_a_letter_instead_needs_an_address(team, ann):
    decided(report_from(team, "phone", reachable={"phone": "01235"}), ann, outcome="advice")

    with pytest.raises(CannotContact, match="No postal address is known"):
        contacts.write_instead(contact=Contact.objects.get(), by=ann, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "status"), [("email", "queued"), ("letter", "to_do"), ("phone", "to_do")])
def test_the_case_review_notice_goes_the_safe_way_and_is_due_no_more(team, ann, method, status):
    report = report_from(team, method, case_review_notice_due=True)

    made = contacts.give_case_review_notice(report=report, in_person=False, by=ann, at=NOON)

    report.refresh_from_db()
    assert (made.kind, made.method, made.status) == (ContactKind.CASE_REVIEW, method, status)
    assert "Anybody affected can" in made.body
    assert report.case_review_notice_due is False
    with pytest.raises(CannotContact, match="given already"):
        contacts.give_case_review_notice(report=report, in_person=False, by=ann, at=NOON)


@pytest.mark.django_db
def test_the_notice_can_be_explained_to_who_must_not_be_written_to(team, ann):
    report = report_from(team, "none", case_review_notice_due=True)
    with pytest.raises(CannotContact, match="Explain it when you speak to them"):
        contacts.give_case_review_notice(report=report, in_person=False, by=ann, at=NOON)

    made = contacts.give_case_review_notice(report=report, in_person=True, by=ann, at=NOON)

    assert (made.status, made.done_at) == (ContactStatus.DONE, NOON)


@pytest.mark.django_db
def test_a_notice_that_could_not_be_sent_is_due_again(team, ann):
    report = report_from(team, "email", case_review_notice_due=True)
    made = contacts.give_case_review_notice(report=report, in_person=False, by=ann, at=NOON)

    messages.give_up(contact_id=made.pk, at=NOON + dt.timedelta(days=2))

    report.refresh_from_db()
    assert report.case_review_notice_due is True


@pytest.mark.parametrize("start", ContactStatus)
@pytest.mark.parametrize("goal", ContactStatus)
def test_a_contact_moves_only_along_its_arrows(start, goal):
    contact = Contact(status=start, subject="S", method="email")

    if goal in CONTACT_TRANSITIONS[start]:
        contact.move_to(goal)
        assert contact.status == goal
    else:
        with pytest.raises(InvalidTransition):
            contact.move_to(goal)
