import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.enums import LinkRole, ReportStatus
from cases.models import Report
from cases.services.attachments import attach
from cases.services.information import add_information
from cases.views.report_words import when_words
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import (
    NOON,
    CaseFactory,
    CategoryFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Joint visit", "necessity": "They visit", "consent": "given"}
CALLER = "Siân O'Brien"
PICTURE = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON + dt.timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER)


@pytest.fixture
def report(team):
    place = PlaceFactory(partnership=team.partnership, address="4 Mill Road, Didcot", postcode="OX11 7AA")
    report = ReportFactory(
        lead=team, place=place, postcode="OX11 7AA", latitude=51.6, longitude=-1.24, contact_method="phone",
        location="by the garages", why_you="They are new here", contact_avoid="leave messages", hate=True,
    )  # fmt: skip
    report.categories.add(CategoryFactory(partnership=team.partnership, label="Noise"))
    caller = PersonFactory(
        partnership=team.partnership, name=CALLER, phone="07700 900123", place=place, contact_warning="A dog"
    )
    ReportPersonFactory(report=report, person=caller)
    return report


def url(report, rest=""):
    return f"/reports/{report.reference}/{rest}"


def see(client, user, report):
    client.force_login(user)
    return client.get(url(report)).content.decode()


def shared_with(report, level):
    partner = PartnerFactory(partnership=report.partnership)
    sharing.share(record=report, to_partner=partner, level=level, by=None, at=NOON, **TERMS)
    return user_at(partner)


def test_team_sees_everything_in_the_order_of_the_work(client, officer, report):
    page = see(client, officer, report)

    places = [
        page.index(words)
        for words in (
            "Shouting in the street", "Caller and people", "Known before", 'id="decide"', "Files",
            "Further information", "History",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    for words in ("Siân O&#x27;Brien", "07700 900123", "A dog", "Take care: leave messages"):
        assert words in page


def test_opening_a_report_is_recorded_once_in_a_while(client, officer, report):
    see(client, officer, report)
    see(client, officer, report)

    event = Event.objects.get(verb="report.viewed")
    assert (event.actor, event.target_id, event.detail) == (officer, report.pk, {"level": "full"})


def test_summary_shows_kind_area_and_time_and_nobody(client, report):
    report.ward = AreaFactory(partnership=report.partnership, name="Didcot West")
    report.occurred_on = dt.date(2026, 3, 1)
    report.save()

    page = see(client, shared_with(report, ShareLevel.SUMMARY), report)

    for words in ("Noise", "Didcot West", "1 March 2026", "Waiting to be looked at", "Community Safety"):
        assert words in page
    for words in ("Brien", "07700", "A dog", "leave messages", "Mill Road", "51.6", "new here", "Shouting"):
        assert words not in page
    assert Event.objects.get(verb="report.viewed").detail == {"level": "summary"}


def test_full_shows_people_and_what_they_said(client, report):
    page = see(client, shared_with(report, ShareLevel.FULL), report)

    for words in ("O&#x27;Brien", "07700 900123", "They are new here", "Joint visit"):
        assert words in page
    for words in ("Change what it says", "Take out", "Add information", "History"):
        assert words not in page


@pytest.mark.parametrize("level", [ShareLevel.SUMMARY, ShareLevel.FULL])
def test_a_protected_address_stays_in_the_team(client, officer, report, level):
    report.people.update(do_not_disclose=True)

    page = see(client, shared_with(report, level), report)

    for words in ("4 Mill Road", "OX11", "51.6", "garages", "07700"):
        assert words not in page
    assert "4 Mill Road" in see(client, officer, report)


def test_existence_only_is_all_they_get_and_strangers_get_nothing(client, report, team):
    know = shared_with(report, ShareLevel.EXISTENCE)
    west = user_at(PartnerFactory(receiving=True), Role.OFFICER)

    client.force_login(know)
    page = client.get(url(report)).content.decode()
    assert report.reference in page
    assert report.what_happened not in page
    for rest in ("edit/", "information/", "people/", "files/1/"):
        assert client.get(url(report, rest)).status_code == 404
    for user in (west, user_at(team, Role.ADMINISTRATOR), user_at(team, Role.AUDITOR)):
        client.force_login(user)
        for rest in ("", "edit/", "information/", "people/", "files/1/"):
            assert client.get(url(report, rest)).status_code == 404


@pytest.mark.parametrize("rest", ["edit/", "people/", "people/1/remove/"])
def test_only_the_team_that_leads_changes_a_report(client, report, rest):
    client.force_login(shared_with(report, ShareLevel.CONTRIBUTE))

    assert client.get(url(report, rest)).status_code == 403
    assert client.post(url(report, rest)).status_code == 403


def test_only_those_who_may_add_to_a_report_do(client, report):
    client.force_login(shared_with(report, ShareLevel.FULL))

    assert client.get(url(report, "information/")).status_code == 403


def test_case_shows_only_to_those_who_may_see_it(client, officer, report, team):
    report.case, report.status = CaseFactory(lead=team), ReportStatus.JOINED
    report.save()

    assert report.case.reference in see(client, officer, report)
    assert report.case.reference not in see(client, shared_with(report, ShareLevel.FULL), report)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Not known"),
        ({"occurred_on": dt.date(2026, 3, 1)}, "1 March 2026"),
        ({"occurred_on": dt.date(2026, 3, 1), "occurred_at": dt.time(23)}, "1 March 2026 at 11pm"),
        ({"occurred_on": dt.date(2026, 3, 1), "occurred_precision": "month"}, "March 2026"),
        ({"when_kind": "repeating", "occurred_pattern": "most nights"}, "It keeps happening: most nights"),
        ({"when_kind": "repeating"}, "It keeps happening"),
        (
            {
                "when_kind": "span",
                "occurred_on": dt.date(2026, 3, 1),
                "occurred_until_on": dt.date(2026, 3, 2),
                "occurred_until_at": dt.time(1),
            },
            "1 March 2026 until 2 March 2026 at 1am",
        ),
        ({"when_kind": "span", "occurred_on": dt.date(2026, 3, 1)}, "1 March 2026"),
    ],
)
def test_when_reads_as_people_say_it(fields, words):
    assert when_words(Report(**fields)) == words


@pytest.mark.parametrize("count", [1, 3])
def test_report_page_query_count(client, officer, report, team, count, django_assert_max_num_queries):
    for _ in range(count):
        other = ReportFactory(lead=team, postcode="OX11 7AA")
        ReportPersonFactory(report=other, person=report.people.first())
        ReportPersonFactory(report=report, role=LinkRole.SUBJECT, is_caller=False)
        add_information(report=report, text="More", by=None, at=NOON)
    client.force_login(officer)

    with django_assert_max_num_queries(45):
        client.get(url(report))


def test_further_information_is_added_recorded_and_new_until_seen(client, officer, report):
    partner = shared_with(report, ShareLevel.CONTRIBUTE)
    client.force_login(partner)
    files = [SimpleUploadedFile("diary.txt", b"noise at nine")]

    answer = client.post(url(report, "information/"), {"text": "It went on", "attachments": files})

    assert answer.url == url(report)
    assert Event.objects.get(verb="report.information_added").actor == partner
    page = see(client, officer, report)
    assert "It went on" in page
    assert "diary.txt" in page
    assert page.count(">New</strong>") == 1
    client.post(url(report, "information/read/"))
    assert ">New</strong>" not in see(client, officer, report)
    assert Event.objects.get(verb="report.information_read").detail == {"pieces": 1}


def test_only_the_team_says_it_has_read_what_was_added(client, report):
    client.force_login(shared_with(report, ShareLevel.CONTRIBUTE))

    assert client.post(url(report, "information/read/")).status_code == 403


def test_nothing_added_says_what_to_do(client, officer, report):
    client.force_login(officer)

    page = client.post(url(report, "information/"), {"text": " "}).content.decode()

    assert "Enter what you want to add, or choose a file" in page


def test_file_leaves_as_a_download_and_is_recorded(client, officer, report):
    (kept,) = attach(report=report, files=[SimpleUploadedFile("a <b>.txt", b"words")], by=officer, at=NOON)
    client.force_login(officer)

    answer = client.get(url(report, f"files/{kept.pk}/"))

    assert b"".join(answer.streaming_content) == b"words"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.get(verb="attachment.downloaded").detail == {"attachment": kept.pk}


def test_only_a_picture_is_shown_in_the_page(client, officer, report):
    picture, words = attach(
        report=report,
        files=[SimpleUploadedFile("p.gif", PICTURE), SimpleUploadedFile("w.txt", b"words")],
        by=officer,
        at=NOON,
    )
    client.force_login(officer)

    shown = client.get(url(report, f"files/{picture.pk}/?show"))
    refused = client.get(url(report, f"files/{words.pk}/?show"))

    assert (shown["Content-Type"], shown["Content-Disposition"][:6]) == ("image/gif", "inline")
    assert refused["Content-Disposition"].startswith("attachment")
    page = client.get(url(report)).content.decode()
    assert page.count("<img") == 1
    assert b"".join(shown.streaming_content) == PICTURE
    refused.close()


def test_file_is_for_those_who_read_the_report_in_full(client, officer, report, team):
    (kept,) = attach(report=report, files=[SimpleUploadedFile("a.txt", b"words")], by=officer, at=NOON)
    other = ReportFactory(lead=team)

    client.force_login(shared_with(report, ShareLevel.SUMMARY))
    assert client.get(url(report, f"files/{kept.pk}/")).status_code == 404
    client.force_login(officer)
    assert client.get(url(other, f"files/{kept.pk}/")).status_code == 404


def test_file_that_is_gone_from_the_disk_is_not_found(client, officer, report):
    (kept,) = attach(report=report, files=[SimpleUploadedFile("a.txt", b"words")], by=officer, at=NOON)
    kept.file.storage.delete(kept.file.name)
    client.force_login(officer)

    assert client.get(url(report, f"files/{kept.pk}/")).status_code == 404


def test_add_a_person_known_or_new(client, officer, report):
    client.force_login(officer)

    answer = client.post(url(report, "people/"), {"role": "subject", "name": "Dave", "known_as": "Dee"})

    assert answer.url == url(report)
    link = report.links.get(role=LinkRole.SUBJECT)
    assert link.person.name == "Dave"
    event = Event.objects.get(verb="report.person_added")
    assert event.detail == {"person": link.person_id, "role": "subject"}


def test_add_nobody_says_what_to_do(client, officer, report):
    client.force_login(officer)

    page = client.post(url(report, "people/"), {"role": "subject"}).content.decode()

    assert "Enter a name, or anything else that is known about them" in page


def test_take_a_person_out_with_a_reason(client, officer, report):
    client.force_login(officer)
    link = report.links.get()

    refused = client.post(url(report, f"people/{link.pk}/remove/"), {"reason": ""}).content.decode()
    client.post(url(report, f"people/{link.pk}/remove/"), {"reason": "Typed twice"})

    assert "Enter why they are taken out" in refused
    assert not Report.objects.get().links.exists()
    assert Event.objects.get(verb="report.person_removed").reason == "Typed twice"
    assert client.get(url(report, f"people/{link.pk}/remove/")).status_code == 404
