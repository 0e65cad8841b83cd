import datetime as dt
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.enums import CallerKind, Channel, LinkRole, ReportStatus
from cases.models import Contact, FurtherInformation, Report
from cases.services import public
from csp.agencies.models import Partnership
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import ReportFactory

pytestmark = pytest.mark.django_db

MINE = {
    "danger": {"in_danger": "no"},
    "what": {"what_happened": "Siân O'Brien's windows were egged - twice"},
    "kind": {},
    "when": {"when_kind": "once", "occurred_on": "3 3 2026", "occurred_at": "11pm"},
    "where": {"where": "4 Mill Road, Didcot OX11 7AA", "location": "By the garages"},
    "who": {"subjects_known": "Two boys"},
    "before": {},
    "why": {},
    "hate": {"hate_strands": ["race"]},
    "effect": {"effect": "3", "how_affected": "I do not sleep"},
    "for": {"for_whom": "me"},
    "name": {"name": "Ann Brown", "address_of_caller": "4 Mill Road, Didcot OX11 7AA"},
    "contact": {"contact_method": "email", "email": "ann@mail.example", "contact_avoid": "Do not phone"},
    "needs": {"vulnerability": ["personal"], "language": "Large print"},
    "check": {},
}


@pytest.fixture(autouse=True)
def _nobody_has_sent_anything_yet():
    cache.clear()


@pytest.fixture
def here() -> Partnership:
    return PartnerFactory(receiving=True).partnership


def send(client, partnership, step, data):
    url = reverse("public:question", args=[partnership.slug, step])
    typed = {f"{step}-{name}": value for name, value in data.items()}
    prefix = f"report-{partnership.slug}"
    return client.post(url, typed | {f"{prefix}-current_step": step}, follow=True)


def answer_all(client, partnership, answers):
    client.get(reverse("public:question", args=[partnership.slug, "danger"]))
    for step, data in answers.items():
        response = send(client, partnership, step, data)
        assert not re.search("govuk-error-message", response.content.decode()), (
            step,
            response.content.decode(),
        )
    return response


def test_a_report_arrives_with_all_that_was_typed(client, here):
    response = answer_all(client, here, MINE)

    report = Report.objects.get()
    assert report.reference in response.content.decode()
    assert (report.channel, report.caller_kind, report.status) == (
        Channel.ONLINE,
        CallerKind.PERSON,
        ReportStatus.NEW,
    )
    assert report.what_happened == "Siân O'Brien's windows were egged - twice"
    assert (report.hate_strands, report.effect, report.how_affected) == (["race"], 3, "I do not sleep")
    assert (report.subjects_known, report.location, report.postcode) == (
        "Two boys",
        "By the garages",
        "OX11 7AA",
    )
    link = report.links.get()
    assert (link.role, link.is_caller, link.person.name, link.person.email) == (
        LinkRole.COMPLAINANT,
        True,
        "Ann Brown",
        "ann@mail.example",
    )
    assert (link.person.vulnerability, link.person.language) == (["personal"], "Large print")
    assert Event.objects.filter(verb="report.logged", actor=None, target_id=report.pk).count() == 1


def test_nothing_is_stored_before_it_is_sent(client, here):
    answer_all(client, here, {step: data for step, data in MINE.items() if step != "check"})

    assert not Report.objects.exists()
    assert "egged" not in str(client.session.items())


def test_check_page_lists_every_answer(client, here):
    response = answer_all(client, here, {step: data for step, data in MINE.items() if step != "check"})

    page = response.content.decode()
    for words in (
        "egged",
        "3 March 2026",
        "By the garages",
        "Race or ethnicity",
        "Ann Brown",
        "Do not phone",
    ):
        assert words in page


def test_anonymous_reports_name_nobody_and_tell_nobody(client, here):
    answers = MINE | {"for": {"for_whom": "anonymous"}}
    for step in ("name", "contact", "needs"):
        del answers[step]

    answer_all(client, here, answers)

    report = Report.objects.get()
    assert report.caller_kind == CallerKind.ANONYMOUS
    assert (report.links.count(), Contact.objects.count()) == (0, 0)


def test_reports_for_someone_else_keep_both_people_and_consent(client, here):
    answers = dict(MINE) | {"for": {"for_whom": "behalf"}}
    affected = {"affected_name": "George Whitlock", "affected_address": "2 Chapel Court", "consent": "given"}
    order = [*list(MINE)[:11], "affected", *list(MINE)[11:]]
    answers = {step: affected if step == "affected" else answers[step] for step in order}

    answer_all(client, here, answers)

    report = Report.objects.get()
    roles = {link.role: link.person.name for link in report.links.select_related("person")}
    assert roles == {LinkRole.REPRESENTATIVE: "Ann Brown", LinkRole.VICTIM: "George Whitlock"}
    assert (report.caller_kind, report.consent) == (CallerKind.BEHALF, "given")


@pytest.mark.parametrize(
    ("step", "data", "message"),
    [
        ("danger", {}, "Select yes if anyone is in danger now"),
        ("what", {"what_happened": "  "}, "Enter what happened"),
        ("when", {}, "Select how often it has happened"),
        ("when", {"when_kind": "once", "occurred_at": "11pm"}, "Enter the date as well as the time"),
        ("when", {"when_kind": "once", "occurred_on": "1 1 2999"}, "must be today or in the past"),
        (
            "when",
            {"when_kind": "span", "occurred_on": "3 3 2026", "occurred_until_on": "1 3 2026"},
            "The last date must be after the first",
        ),
        ("where", {}, "Enter an address or postcode, or say how to find the place"),
        ("for", {}, "Select who you are reporting this for"),
        ("name", {}, "Enter your name"),
        ("contact", {}, "Select how we can contact you"),
        ("contact", {"contact_method": "phone"}, "Enter your phone number, or choose another way"),
        ("contact", {"contact_method": "email"}, "Enter your e-mail address, or choose another way"),
        ("contact", {"contact_method": "email", "email": "not an address"}, "like name@example.com"),
    ],
)
def test_each_page_refuses_with_its_message_and_keeps_what_was_typed(client, here, step, data, message):
    client.get(reverse("public:question", args=[here.slug, step]))

    page = send(client, here, step, data).content.decode()

    assert message in page
    for typed in data.values():
        assert typed.strip() in page


def test_confirmation_goes_to_the_chosen_address_with_a_link_and_no_story(
    client, here, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer_all(client, here, MINE)

    contact = Contact.objects.get()
    assert (contact.method, contact.address) == ("email", "ann@mail.example")
    assert "/report-asb/follow/" in contact.body
    assert "egged" not in contact.body


def test_a_second_sending_of_the_same_form_makes_no_second_report(here):
    answers = {"what_happened": "Noise", "for_whom": "anonymous"}
    token = "9b0c2a52-6a5d-4b7c-9d7b-0d2f5a3b1c11"
    first = public.file_report(partnership=here, answers=answers, token=token, at=ReportFactory().logged_at)

    again = public.file_report(partnership=here, answers=answers, token=token, at=first.logged_at)

    assert again == first


def test_programs_that_fill_every_box_are_refused(client, here):
    answer_all(client, here, {step: data for step, data in MINE.items() if step != "check"})

    page = send(client, here, "check", {"website": "https://spam.example"}).content.decode()

    assert "not a program" in page
    assert not Report.objects.exists()


def test_too_many_from_one_address_are_asked_to_wait_and_lose_nothing(client, here, monkeypatch):
    monkeypatch.setattr("cases.views.public.SENDS", "1/h")
    answer_all(client, here, MINE)
    answer_all(client, here, {step: data for step, data in MINE.items() if step != "check"})

    response = send(client, here, "check", {})

    assert response.status_code == 429
    kept = client.get(reverse("public:question", args=[here.slug, "check"])).content.decode()
    assert "egged" in kept
    assert Report.objects.count() == 1


def test_start_offers_every_partnership_that_takes_reports(client, here):
    other = PartnerFactory(receiving=True).partnership
    silent = PartnerFactory().partnership

    page = client.get(reverse("public:start")).content.decode()

    assert (here.name in page, other.name in page, silent.name in page) == (True, True, False)


def test_a_partnership_without_a_receiving_team_has_no_form(client):
    silent = PartnerFactory().partnership

    assert client.get(reverse("public:question", args=[silent.slug, "danger"])).status_code == 404


def follow(client, report):
    return client.get(reverse("public:follow", args=[public.follow_token(report)]), follow=True)


def test_the_private_link_shows_public_steps_and_never_the_story(client):
    report = ReportFactory(what_happened="A secret about Kyle")

    response = follow(client, report)

    page = response.content.decode()
    assert "We received your report" in page
    assert "secret" not in page
    assert public.follow_token(report) not in response.request["PATH_INFO"]


@pytest.mark.parametrize("token", ["nonsense", "1:abc:def"])
def test_a_wrong_link_says_so_and_opens_nothing(client, token):
    ReportFactory()

    response = client.get(reverse("public:follow", args=[token]))

    assert response.status_code == 404
    assert "does not work any more" in response.content.decode()
    assert client.get(reverse("public:progress")).status_code == 404


@pytest.mark.parametrize(("days", "status"), [(179, 200), (181, 404)])
def test_a_link_works_for_half_a_year(client, time_machine, days, status):
    report = ReportFactory()
    time_machine.move_to(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), tick=False)
    token = public.follow_token(report)
    time_machine.shift(dt.timedelta(days=days))

    assert client.get(reverse("public:follow", args=[token]), follow=True).status_code == status


def test_the_caller_adds_information_and_a_file(client, settings, tmp_path):
    report = ReportFactory()
    follow(client, report)
    diary = SimpleUploadedFile("diary.txt", b"Monday: noise from 11")
    response = client.post(
        reverse("public:progress"), {"text": "It happened again", "files": [diary]}, follow=True
    )

    assert "We received what you added" in response.content.decode()
    added = FurtherInformation.objects.get()
    assert (added.text, added.by, added.seen_at, added.attachments.count()) == (
        "It happened again",
        None,
        None,
        1,
    )
    assert Event.objects.filter(verb="report.information_added", target_id=report.pk).exists()


def test_adding_nothing_is_refused(client):
    report = ReportFactory()
    follow(client, report)

    page = client.post(reverse("public:progress"), {"text": ""}).content.decode()

    assert "Enter what you want to add, or choose a file" in page


def test_finish_forgets_which_report_was_followed(client):
    follow(client, ReportFactory())

    client.post(reverse("public:leave"))

    assert client.get(reverse("public:progress")).status_code == 404


def test_steps_after_a_decision_tell_the_outcome_without_its_reason():
    report = ReportFactory(status=ReportStatus.ADVICE)
    report.decisions.create(
        outcome=ReportStatus.ADVICE, reason="Kyle moved away", by=user_at(report.lead), at=report.logged_at
    )

    titles = [(step.title, step.text) for step in public.steps(report)]

    assert titles[-1] == ("We have given advice", "You can add to your report if things change.")
    assert "Kyle" not in str(titles)
    assert mail.outbox == []


@pytest.mark.parametrize(("said", "told"), [("yes", True), ("no", False)])
def test_who_is_in_danger_is_told_to_call_999_first(client, here, said, told):
    client.get(reverse("public:question", args=[here.slug, "danger"]))

    page = send(client, here, "danger", {"in_danger": said}).content.decode()

    assert ("Call 999 first" in page) is told
