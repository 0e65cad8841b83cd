import uuid

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.enums import CallerKind, CaseStatus, Channel, LinkRole, PersonConsent, ReportStatus
from cases.models import Case, Report
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.cases.log_form import filled, person_row
from tests.factories.agencies import PartnerFactory, user_at
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
NEW = "/reports/new/"


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def officer(team, client):
    user = user_at(team, Role.OFFICER)
    client.force_login(user)
    return user


def test_log_page_opens_ready_to_type(client, officer):
    page = client.get(NEW).content.decode()

    assert "Log a report" in page
    assert 'value="4 March 2026"' in page
    assert 'value="midday"' in page


def test_log_page_logs_a_report_and_shows_it(client, officer, team):
    noise = CategoryFactory(partnership=team.partnership, label="Noise")

    answer = client.post(
        NEW, filled(name="Ann Brown", phone="07700 900123", categories=[noise.pk], effect="3", log="")
    )

    report = Report.objects.get()
    assert answer.url == reverse("reports:detail", args=[report.reference])
    assert (report.channel, report.logged_by, report.effect) == (Channel.PHONE, officer, 3)
    assert list(report.categories.all()) == [noise]
    caller = report.links.get()
    assert (caller.person.name, caller.role, caller.is_caller) == ("Ann Brown", LinkRole.COMPLAINANT, True)
    assert Event.objects.filter(verb="report.logged", actor=officer).count() == 1


def test_log_page_takes_everything_it_asks(client, officer, team):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    answers = filled(
        caller="agency", source_partner=soha.pk, source_reference="ASB/12", name="Jo Lee",
        contact_method="phone", phone="01235 1", contact_when="after 6pm", contact_avoid="no messages",
        when_kind="repeating", occurred_on="1 mar", occurred_at="11pm", occurred_pattern="most nights",
        where="4 Mill Road, Didcot OX11 7AA", location="behind the garages",
        latitude="51.6", longitude="-1.24",
        hate_strands=["race"], in_danger="on", children_present="on", reported_before="Twice",
        why_you="No idea", how_affected="No sleep", who_affected="The stairwell", subjects_known="A tall man",
        vulnerability=["personal"], language="Polish", contact_warning="A dog", do_not_disclose="on",
        **person_row("affected", 0, name="Bo Brown", role="child"),
        **person_row("subjects", 0, known_as="Dave"),
        **{"told-TOTAL_FORMS": "1", "told-0-agency": "Police", "told-0-agency_reference": "P1"},
    )  # fmt: skip

    client.post(NEW, answers)

    report = Report.objects.get()
    assert (report.caller_kind, report.source_partner) == (CallerKind.AGENCY, soha)
    assert (report.source_reference, report.hate, report.hate_strands) == ("ASB/12", True, ["race"])
    assert (report.place.full_address, report.location) == (
        "4 Mill Road, Didcot, OX11 7AA",
        "behind the garages",
    )
    assert (report.latitude, report.longitude) == (51.6, -1.24)
    assert (report.occurred_precision, report.occurred_pattern) == ("time", "most nights")
    assert report.in_danger
    assert report.children_present
    assert str(report.told_agencies.get()) == "Police P1"
    roles = {link.person.name: link.role for link in report.links.select_related("person")}
    assert roles == {"Jo Lee": "professional", "Bo Brown": "child", "Dave": "subject"}
    jo = report.people.get(name="Jo Lee")
    assert (jo.vulnerability, jo.language, jo.contact_warning) == (["personal"], "Polish", "A dog")
    assert jo.do_not_disclose
    assert not report.shares.exists()


def test_log_page_takes_somebody_who_calls_for_another(client, officer):
    answers = filled(
        caller="behalf", name="Sam", consent="given", consent_note="On the phone", **{"behalf-name": "Ann"}
    )

    client.post(NEW, answers)

    report = Report.objects.get()
    assert (report.caller_kind, report.consent) == (CallerKind.BEHALF, PersonConsent.GIVEN)
    roles = {link.person.name: link.role for link in report.links.select_related("person")}
    assert roles == {"Sam": LinkRole.REPRESENTATIVE, "Ann": LinkRole.VICTIM}


def test_log_page_copies_the_callers_address(client, officer):
    client.post(NEW, filled(name="Ann", address="4 Mill Road, Didcot OX11 7AA", at_callers_address="on"))

    report = Report.objects.get()
    assert report.place == report.people.get().place
    assert report.postcode == "OX11 7AA"


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"what_happened": "  "}, "Enter what happened"),
        ({"caller": "behalf"}, "Select whether the person affected has agreed"),
        ({"caller": "agency"}, "Select the agency, or enter its name"),
        ({"caller": "anonymous", "phone": "07700 900123"}, "Clear what you typed about the caller"),
        ({"contact_method": "email"}, "Enter an email address, or choose another safe way"),
        ({"at_callers_address": "on"}, "Enter the caller&#x27;s address, or say below where it happened"),
        ({"occurred_on": "5 mar 2026"}, "must be"),
        ({"occurred_on": "today", "occurred_at": "11pm"}, "The time must be in the past"),
        ({"occurred_at": "11pm"}, "Enter the date as well as the time"),
        ({"received_at_0": "5 March 2026"}, "must be"),
        (
            {"when_kind": "span", "occurred_on": "3 mar", "occurred_until_on": "2 mar"},
            "It must end after it began",
        ),
        ({"latitude": "51.6"}, "Only one of latitude and longitude was given"),
        ({"latitude": "-1.24", "longitude": "51.6"}, "Latitude and longitude look swapped"),
        ({"told-TOTAL_FORMS": "1", "told-0-agency_reference": "P1"}, "Enter the agency that gave this"),
        ({"person": "99999"}, "Choose the person again"),
        ({"token": "x"}, "There is a problem"),
        ({"told-TOTAL_FORMS": "x"}, "There is a problem"),
    ],
)
def test_log_page_says_what_is_wrong_and_keeps_what_was_typed(client, officer, answers, message):
    page = client.post(NEW, filled(why_you="They are new here", **answers)).content.decode()

    assert message in page
    assert "They are new here" in page
    assert not Report.objects.exists()


def test_log_page_sent_twice_makes_one_report(client, officer):
    sent = filled(name="Ann Brown")

    first, second = client.post(NEW, sent), client.post(NEW, sent)

    assert first.url == second.url
    assert Report.objects.count() == 1


def test_log_page_opens_a_case(client, officer, team):
    CategoryFactory(partnership=team.partnership)

    client.post(NEW, filled(where="4 Mill Road", open_case=""))

    report = Report.objects.get()
    assert report.status == ReportStatus.CASE_OPENED
    assert report.case.title == "Anti-social behaviour, Mill Road"


def test_log_page_joins_a_case(client, officer, team):
    case = CaseFactory(lead=team)

    client.post(NEW, filled(join=case.reference))

    report = Report.objects.get()
    assert (report.status, report.case) == (ReportStatus.JOINED, case)


def test_log_page_refuses_a_case_that_is_not_theirs(client, officer):
    elsewhere = CaseFactory()

    answer = client.post(NEW, filled(join=elsewhere.reference))

    assert answer.status_code == 404
    assert not Report.objects.exists()


def test_log_page_sent_twice_opens_one_case(client, officer):
    sent = filled(open_case="")

    client.post(NEW, sent)
    client.post(NEW, sent)

    assert (Report.objects.count(), Case.objects.count()) == (1, 1)


def test_log_page_keeps_files(client, officer, settings, tmp_path):
    client.post(
        NEW, filled(attachments=[SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("b.txt", b"two")])
    )

    names = [kept.name for kept in Report.objects.get().attachments.order_by("pk")]
    assert names == ["a.txt", "b.txt"]


def test_log_page_refuses_a_program(client, officer):
    page = client.post(NEW, filled(attachments=[SimpleUploadedFile("a.txt", b"MZ\x00\x01")])).content.decode()

    assert "is not a file we can take" in page
    assert "Choose your files again" in page
    assert not Report.objects.exists()


def test_log_page_adds_a_row_without_scripts_and_judges_nothing(client, officer):
    sent = filled(what_happened="", occurred_on="half way thr", add="subjects")

    page = client.post(NEW, sent).content.decode()

    assert 'name="subjects-0-name"' in page
    assert "half way thr" in page
    assert "There is a problem" not in page


def test_log_page_fills_in_a_known_person_without_scripts(client, officer, team):
    place = PlaceFactory(partnership=team.partnership, address="4 Mill Road", postcode="OX11 7AA")
    ann = PersonFactory(partnership=team.partnership, name="Ann Brown", phone="01235 1", place=place)
    ReportPersonFactory(report=ReportFactory(lead=team), person=ann)

    page = client.post(NEW, filled(name="An", email="new@example.org", use=str(ann.pk))).content.decode()

    assert 'value="Ann Brown"' in page
    assert 'value="01235 1"' in page
    assert 'value="4 Mill Road, OX11 7AA"' in page
    assert 'value="new@example.org"' in page


@pytest.mark.parametrize("use", ["0", "x", "99999"])
def test_log_page_fills_in_nobody_it_may_not_show(client, officer, use):
    assert client.post(NEW, filled(use=use)).status_code == 404


def test_log_page_shows_what_is_known_without_scripts(client, officer, team):
    earlier = ReportFactory(lead=team, postcode="OX11 7AA")

    page = client.post(NEW, filled(where="OX11 7AA", check="")).content.decode()

    assert earlier.reference in page
    assert "same postcode" in page


def test_log_page_is_for_the_team_that_receives_reports(client, team):
    client.force_login(user_at(PartnerFactory(partnership=team.partnership)))

    assert client.get(NEW).status_code == 403
    assert client.post(NEW, filled()).status_code == 403


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.BOARD, Role.PROVIDER])
def test_log_page_is_not_for_roles_without_casework(client, team, role):
    client.force_login(user_at(team, role))

    assert client.get(NEW).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_log_page_query_count(client, officer, team, count, django_assert_max_num_queries):
    CategoryFactory.create_batch(count, partnership=team.partnership)
    PartnerFactory.create_batch(count, partnership=team.partnership)

    with django_assert_max_num_queries(9):
        client.get(NEW)


def test_typing_shows_earlier_reports_and_their_case(client, officer, team):
    ann = PersonFactory(partnership=team.partnership, name="Ann Brown", contact_warning="Dog loose")
    case = CaseFactory(lead=team)
    earlier = ReportFactory(lead=team, status=ReportStatus.JOINED, case=case)
    ReportPersonFactory(report=earlier, person=ann)
    elsewhere = ReportFactory(what_happened="Not for their eyes")
    ReportPersonFactory(
        report=elsewhere, person=PersonFactory(partnership=elsewhere.partnership, name="Ann Brown")
    )

    panel = client.post("/reports/known/", {"name": "Anne Broun"}).content.decode()

    assert earlier.reference in panel
    assert f'value="{case.reference}"' in panel
    assert "Dog loose" in panel
    assert elsewhere.reference not in panel
    assert Event.objects.get(verb="person.searched").actor == officer


def test_typing_shows_nothing_of_reports_they_may_not_see(client, team):
    outsider = PartnerFactory(partnership=team.partnership)
    hidden = ReportFactory(lead=team, postcode="OX11 7AA")
    ReportPersonFactory(report=hidden, person=PersonFactory(partnership=team.partnership, name="Ann Brown"))
    client.force_login(user_at(outsider))

    panel = client.post("/reports/known/", {"name": "Ann Brown", "where": "OX11 7AA"}).content.decode()

    assert hidden.reference not in panel
    assert "Ann Brown" not in panel


def test_typing_needs_a_seat_in_casework(client, team):
    client.force_login(user_at(team, Role.AUDITOR))

    assert client.post("/reports/known/", {"name": "Ann"}).status_code == 403


def test_draft_comes_back_with_every_word(client, officer):
    token = str(uuid.uuid4())
    typed = filled(token=token, name="Ann", occurred_on="half", **person_row("subjects", 0, name="Dave"))

    saved = client.post("/reports/drafts/save/", typed).json()
    draft = officer.report_drafts.get()
    page = client.get(f"{NEW}?draft={draft.pk}").content.decode()

    assert saved == {"saved": "12:00"}
    assert 'value="half"' in page
    assert 'value="Dave"' in page
    assert f'value="{token}"' in page


def test_draft_is_listed_saved_again_and_thrown_away(client, officer):
    sent = filled(name="Ann", what_happened="Loud music")
    client.post("/reports/drafts/save/", sent)
    client.post(NEW, {**sent, "what_happened": "Loud music again", "keep": ""})
    draft = officer.report_drafts.get()

    assert "Ann - Loud music again" in client.get(NEW).content.decode()
    client.post(f"/reports/drafts/{draft.pk}/discard/")
    assert not officer.report_drafts.exists()


def test_draft_goes_when_the_report_is_logged_and_stays_away(client, officer):
    sent = filled(name="Ann")
    client.post("/reports/drafts/save/", sent)

    client.post(NEW, sent)
    late = client.post("/reports/drafts/save/", sent)

    assert late.json() == {}
    assert not officer.report_drafts.exists()


def test_draft_is_the_owners_alone(client, officer, team):
    client.post("/reports/drafts/save/", filled(name="Ann"))
    draft = officer.report_drafts.get()
    client.force_login(user_at(team, Role.OFFICER))

    assert client.get(f"{NEW}?draft={draft.pk}").status_code == 404
    assert client.post(f"/reports/drafts/{draft.pk}/discard/").status_code == 404
    assert "Ann" not in client.get(NEW).content.decode()


@pytest.mark.parametrize("query", ["draft=x", "draft=99999", "draft="])
def test_draft_that_is_not_there_is_not_found(client, officer, query):
    assert client.get(f"{NEW}?{query}").status_code == 404


def test_draft_without_a_token_is_not_found(client, officer):
    assert client.post("/reports/drafts/save/", {"name": "Ann"}).status_code == 404


def test_log_page_joins_no_closed_case_and_logs_nothing(client, officer, team):
    case = CaseFactory(lead=team, status=CaseStatus.CLOSED, ended_at=NOON)

    page = client.post(NEW, filled(join=case.reference, why_you="Words to keep")).content.decode()

    assert "or choose an open case" in page
    assert "Words to keep" in page
    assert not Report.objects.exists()


def test_log_page_names_an_agency_outside_the_partnership(client, officer):
    client.post(NEW, filled(caller="agency", agency_name="RSPCA", source_reference="R1", name="Jo"))

    report = Report.objects.get()
    assert (report.source_partner, str(report.told_agencies.get())) == (None, "RSPCA R1")


def test_log_page_has_the_cursor_at_its_first_question(client, officer):
    assert "autofocus" in client.get(NEW).content.decode()
    assert "autofocus" not in client.post(NEW, filled(what_happened="")).content.decode()
