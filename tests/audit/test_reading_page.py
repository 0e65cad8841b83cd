import csv
import datetime as dt

import pytest
from django.http import QueryDict
from django.urls import reverse

from csp.agencies.enums import Role
from csp.audit import views
from csp.audit.forms import EventFilter
from csp.audit.models import Event, Seal
from csp.audit.services import record, searched
from csp.core.calendar import local_day
from tests.audit.days import days_ago, noon
from tests.counting import queries_of
from tests.factories.agencies import MembershipFactory, PartnerFactory, user_at
from tests.factories.audit import event_at
from tests.factories.cases import ReportFactory

pytestmark = pytest.mark.django_db
LIST = "/audit/"


@pytest.fixture
def team():
    return PartnerFactory(name="Community Safety", receiving=True)


@pytest.fixture
def auditor(team):
    return user_at(team, Role.AUDITOR, name="D. Protection")


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER, name="A. Officer")


@pytest.fixture
def read(client, auditor):
    """What the page lists, without the auditor's own reading."""
    client.force_login(auditor)

    def get(**query):
        response = client.get(LIST, query)
        assert response.status_code == 200
        return [str(line) for line in response.context["lines"] if line.event.verb != "audit.viewed"]

    return get


@pytest.fixture
def report(team):
    return ReportFactory(lead=team, reference="SV-R-26-000012")


def test_the_auditor_reads_events_as_sentences_newest_first(read, report, officer):
    record("report.logged", by=officer, target=report)
    record("report.viewed", by=officer, target=report, reason="Court asked")

    assert read() == [
        "A. Officer (Community Safety) opened report SV-R-26-000012",
        "A. Officer (Community Safety) logged report SV-R-26-000012",
    ]


def test_the_page_shows_reason_details_and_seal(client, read, report, officer):
    record("report.viewed", by=officer, target=report, reason="Court asked", level="full")
    assert "No day is sealed yet" in client.get(LIST).content.decode()
    Seal.objects.create(day=days_ago(1), count=0, marks=b"", digest="5f3a" * 16)

    page = client.get(LIST).content.decode()

    assert "Court asked" in page
    assert "report.viewed" in page
    assert "Sealed up to" in page
    assert "5f3a" * 16 in page


def test_the_auditor_reads_nothing_of_other_partnerships(read, report, officer):
    elsewhere = ReportFactory()
    record("report.viewed", by=user_at(elsewhere.lead), target=elsewhere)
    record("report.viewed", by=officer, target=report)

    assert len(read()) == 1
    assert read(reference=elsewhere.reference) == []
    assert len(read(agency=elsewhere.lead.pk)) == 1  # not a choice here: left out, with a message


def test_filters_cut_the_list(read, report, officer, team):
    soha = PartnerFactory(name="Soha", partnership=team.partnership)
    tenant = user_at(soha, name="T. Tenancy")
    record("report.logged", by=officer, target=report)
    record("report.shared", by=officer, target=report, partner=soha)
    record("report.viewed", by=tenant, target=report)
    record("case.viewed", by=tenant, target=ReportFactory(lead=team, reference="SV-R-26-000013"))
    opened, opened_case = (
        f"T. Tenancy (Soha) opened {what}" for what in ("report SV-R-26-000012", "case SV-R-26-000013")
    )
    shared = "A. Officer (Community Safety) shared report SV-R-26-000012 with Soha"

    assert read(kind="disclosure") == [shared]
    assert read(kind="consultation") == [opened_case, opened]
    assert read(person=tenant.pk) == [opened_case, opened]
    assert read(agency=soha.pk) == [opened_case, opened, shared]
    assert read(reference="sv-r-26-000013") == [opened_case]
    assert read(person=tenant.pk, reference="SV-R-26-000012") == [opened]
    assert read(kind="nonsense", person="nonsense", since="soon") == read()


def test_days_are_whole_and_both_ends_count(read, report, officer):
    for days in (3, 2, 1):
        event_at(noon(days_ago(days)), partnership=report.partnership, actor=officer, reference=f"R-{days}")

    listed = read(since=days_ago(2).strftime("%-d %-m %Y"), until=days_ago(2).strftime("%-d %-m %Y"))

    assert [line.rsplit(" ", 1)[1] for line in listed] == ["R-2"]
    assert len(read(since=days_ago(2).strftime("%-d %-m %Y"))) == 2
    assert read(until=days_ago(4).strftime("%-d %-m %Y")) == []


def test_a_wrong_date_is_said_beside_its_field(client, read):
    read()

    assert "From must be a real date" in client.get(LIST, {"since": "31 2 2026"}).content.decode()


def test_searches_for_a_name_are_found_by_the_name_alone(read, officer, team, settings):
    searched(officer, "person", "Ann Brown", hits=1, partnership=team.partnership)
    searched(officer, "person", "Ann Green", hits=0, partnership=team.partnership)

    assert len(read()) == 2
    assert len(read(searched_for="ann  BROWN")) == 1
    assert read(searched_for="Ann") == []
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    chosen = EventFilter(QueryDict("searched_for=Ann+Brown"), partnership=team.partnership)
    assert chosen.apply(Event.objects.filter(verb="person.searched")).count() == 1


def test_chips_name_each_filter_and_take_it_away(client, auditor, officer, team):
    client.force_login(auditor)
    day = days_ago(1)
    query = {
        "kind": "disclosure",
        "person": officer.pk,
        "agency": team.pk,
        "reference": "sv-1",
        "searched_for": "Ann",
        "since": day.strftime("%-d %-m %Y"),
        "until": day.strftime("%-d %-m %Y"),
    }

    chips = client.get(LIST, {**query, "after": "1"}).context["filter"].chips()

    said = f"{day.day} {day:%B %Y}"
    assert [chip["label"] for chip in chips] == [
        "Disclosed or sent out",
        "A. Officer",
        "Community Safety",
        "SV-1",
        "Searched for Ann",
        f"From {said}",
        f"To {said}",
    ]
    assert all(len(chip["url"].split("&")) == len(query) - 1 for chip in chips)


def test_reading_is_itself_recorded_once_for_the_same_filters(client, read, team, auditor, officer):
    read()
    read()
    read(
        person=officer.pk,
        agency=team.pk,
        reference="sv-1",
        kind="disclosure",
        searched_for="Ann",
        since="1 1 2026",
    )

    events = list(Event.objects.order_by("pk"))
    assert [(event.verb, event.actor, event.partnership) for event in events] == [
        ("audit.viewed", auditor, team.partnership)
    ] * 2
    detail = events[1].detail
    assert "Ann" not in str(detail)
    assert {name: detail[name] for name in ("person", "agency", "about", "kind", "since")} == {
        "person": officer.pk,
        "agency": team.pk,
        "about": "SV-1",
        "kind": "disclosure",
        "since": "2026-01-01",
    }


def test_pages_follow_each_other(client, auditor, team, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    for number in range(4):
        record("report.viewed", partnership=team.partnership, number=number)
    client.force_login(auditor)

    first = client.get(LIST).context
    second = client.get(LIST + first["page"].next_url).context
    third = client.get(LIST + second["page"].next_url).context

    numbers = [line.event.detail.get("number") for page in (first, second, third) for line in page["lines"]]
    assert numbers == [None, 3, 2, 1, 0]


def test_an_empty_list_says_what_to_do(client, auditor):
    client.force_login(auditor)

    assert "No events match these filters" in client.get(LIST, {"reference": "none"}).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
@pytest.mark.parametrize("page", ["list", "export", "unusual"])
def test_only_auditors_read_it(client, team, role, page):
    client.force_login(user_at(team, role))

    assert client.get(reverse(f"audit:{page}")).status_code == 403


@pytest.mark.parametrize("page", ["list", "export", "unusual"])
def test_it_asks_for_sign_in_and_is_only_read(client, auditor, page):
    assert client.get(reverse(f"audit:{page}")).status_code == 302
    client.force_login(auditor)
    assert client.post(reverse(f"audit:{page}")).status_code == 405


def test_an_auditor_who_works_elsewhere_reads_only_what_they_audit(client, auditor, report, officer):
    west = PartnerFactory(name="West", receiving=True)
    MembershipFactory(user=auditor, partner=west, role=Role.OFFICER)
    record("report.viewed", by=officer, target=report)
    record("report.viewed", by=auditor, target=ReportFactory(lead=west))
    client.force_login(auditor)
    client.post(reverse("agencies:switch"), {"partnership": west.partnership_id})

    page = client.get(LIST)

    assert page.context["audited"] == report.partnership
    assert {line.event.partnership_id for line in page.context["lines"]} == {report.partnership_id}


def test_an_auditor_of_two_reads_the_one_they_work_in(client, auditor):
    west = PartnerFactory(name="West")
    MembershipFactory(user=auditor, partner=west, role=Role.AUDITOR)
    client.force_login(auditor)
    client.post(reverse("agencies:switch"), {"partnership": west.partnership_id})

    assert client.get(LIST).context["audited"] == west.partnership


def test_the_page_costs_the_same_however_long_it_is(client, auditor, report, team):
    def happen():
        soha = PartnerFactory(partnership=team.partnership)
        record("report.shared", by=user_at(soha), target=report, partner=soha)

    client.force_login(auditor)
    happen()
    one = queries_of(lambda: client.get(LIST))
    happen()
    happen()
    three = queries_of(lambda: client.get(LIST))

    assert len(one) == len(three) <= 15


def download(client, **query):
    response = client.get("/audit/export.csv", query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return response, list(csv.DictReader(text.splitlines()))


def test_the_export_holds_what_the_page_shows(client, auditor, officer, report, team):
    record("report.viewed", by=officer, target=report, reason="=HYPERLINK(evil)", level="full")
    record("report.routed", target=report)
    client.force_login(auditor)

    response, rows = download(client, person=officer.pk)

    today = local_day(dt.datetime.now(dt.UTC))
    name = f"audit-{team.partnership.slug}-{today}.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    (row,) = rows
    assert row["What happened"] == "A. Officer (Community Safety) opened report SV-R-26-000012"
    assert (row["Who"], row["Email"], row["For agency"]) == ("A. Officer", officer.email, "Community Safety")
    assert row["Reason"] == "'=HYPERLINK(evil)"
    assert row["Detail"] == '{"level": "full"}'


def test_the_export_is_recorded_and_does_not_hold_itself(client, auditor, officer, report):
    record("report.viewed", by=officer, target=report)
    client.force_login(auditor)

    _, rows = download(client)

    assert [row["Who"] for row in rows] == ["A. Officer"]
    event = Event.objects.latest("pk")
    assert (event.verb, event.kind, event.actor, event.detail) == (
        "audit.exported",
        "disclosure",
        auditor,
        {"rows": 1},
    )


def test_a_file_that_could_not_hold_all_is_refused(client, auditor, officer, report, monkeypatch):
    monkeypatch.setattr(views, "MOST_ROWS", 1)
    for _ in range(2):
        record("report.viewed", by=officer, target=report)
    client.force_login(auditor)

    page = client.get("/audit/export.csv", {"kind": "consultation"}, follow=True)

    assert page.redirect_chain == [("/audit/?kind=consultation", 302)]
    assert "More than 1 events. Choose fewer days" in page.content.decode()
    assert not Event.objects.filter(verb="audit.exported").exists()


def test_the_menu_has_the_room_for_auditors_alone(client, auditor, officer):
    def menu(user):
        client.force_login(user)
        return [line.label for line in client.get("/").context["nav"]]

    assert "Audit" in menu(auditor)
    assert "Audit" not in menu(officer)
