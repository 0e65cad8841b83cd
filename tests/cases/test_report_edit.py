import datetime as dt
import html
import re

import pytest
import time_machine

from cases.enums import ReportStatus, Risk
from cases.models import ToldAgency
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CategoryFactory, PlaceFactory, ReportFactory

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def report(team):
    address = {"address": "4 Mill Road", "address_key": "4 mill road ox117aa", "postcode": "OX11 7AA"}
    place = PlaceFactory(partnership=team.partnership, **address)
    report = ReportFactory(
        lead=team, place=place, postcode="OX11 7AA", latitude=51.6, longitude=-1.24, why_you="Unsure",
        effect=2, hate=True, hate_strands=["race"], occurred_precision="month",
    )  # fmt: skip
    report.categories.add(CategoryFactory(partnership=team.partnership))
    ToldAgency.objects.create(report=report, agency="Police", agency_reference="P1")
    return report


def open_form(client, report):
    """Every field of the form as the page holds it, like a browser would send it back."""
    page = client.get(f"/reports/{report.reference}/edit/").content.decode()
    return fields_of(page[page.index('id="edit"') :])


def fields_of(page):
    sent = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        ticked = ('type="checkbox"' not in tag and 'type="radio"' not in tag) or "checked" in tag
        if name and ticked and name[1] != "csrfmiddlewaretoken":
            sent.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    for name, text in re.findall(r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        sent[name] = [html.unescape(text)]
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        sent[name] = re.findall(r'value="([^"]*)" selected', options)
    return sent


def save(client, report, sent):
    return client.post(f"/reports/{report.reference}/edit/", sent)


def test_saving_without_a_change_changes_nothing(client, officer, report):
    answer = save(client, report, open_form(client, report))

    assert answer.status_code == 302
    assert not Event.objects.filter(verb="report.edited").exists()
    report.refresh_from_db()
    assert (report.latitude, report.occurred_precision, report.hate_strands) == (51.6, "month", ["race"])


def test_a_change_is_saved_and_recorded_by_field_names_only(client, officer, report):
    worst = CategoryFactory(partnership=report.partnership, risk=Risk.HIGH)
    sent = open_form(client, report) | {"why_you": "They are new here", "categories": [worst.pk]}

    save(client, report, sent)

    report.refresh_from_db()
    assert (report.why_you, report.risk) == ("They are new here", Risk.HIGH)
    event = Event.objects.get(verb="report.edited")
    assert (event.actor, sorted(event.detail["fields"])) == (officer, ["categories", "why_you"])


def test_a_new_address_leaves_the_old_point(client, officer, report):
    save(client, report, open_form(client, report) | {"where": "6 Mill Road OX11 7AB"})

    report.refresh_from_db()
    assert report.place.full_address == "6 Mill Road, OX11 7AB"
    assert (report.latitude, report.longitude) == (None, None)


def test_a_new_point_keeps_the_address(client, officer, report):
    save(client, report, open_form(client, report) | {"latitude": "51.7"})

    report.refresh_from_db()
    assert (report.latitude, report.longitude, report.place.address) == (51.7, -1.24, "4 Mill Road")


def test_agencies_told_are_changed_added_and_emptied(client, officer, report):
    sent = open_form(client, report)
    sent |= {"told-0-agency": "", "told-0-agency_reference": "", "told-1-agency": "Soha"}

    save(client, report, sent)

    assert [str(told) for told in report.told_agencies.all()] == ["Soha"]


def test_hate_taken_back_takes_its_strands_along(client, officer, report):
    sent = open_form(client, report)
    del sent["hate"], sent["hate_strands"]

    save(client, report, sent)

    report.refresh_from_db()
    assert (report.hate, report.hate_strands) == (False, [])


def test_the_second_of_two_editors_is_told_and_loses_nothing(client, officer, report, team):
    first, second = open_form(client, report), open_form(client, report)
    save(client, report, first | {"why_you": "First words", "reported_before": "Twice"})

    answer = save(client, report, second | {"why_you": "Second words", "how_affected": "No sleep"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Somebody else changed this report while you had it open" in page
    assert "First words" in page
    again = fields_of(page[page.index('id="edit"') :])
    assert again["why_you"] == ["Second words"]
    assert again["reported_before"] == ["Twice"]
    assert again["how_affected"] == ["No sleep"]
    report.refresh_from_db()
    assert (report.why_you, report.how_affected) == ("First words", "")

    save(client, report, again)

    report.refresh_from_db()
    assert (report.why_you, report.reported_before, report.how_affected) == (
        "Second words",
        "Twice",
        "No sleep",
    )


@pytest.mark.parametrize("seen", ["", "no json", "[]"])
def test_an_editor_who_shows_no_prints_is_told_what_the_report_says(client, officer, report, seen):
    page = save(client, report, open_form(client, report) | {"seen": seen}).content.decode()

    assert "Somebody else changed this report" in page


def test_bad_input_says_what_to_do_and_keeps_what_was_typed(client, officer, report):
    sent = open_form(client, report) | {"what_happened": "", "why_you": "Words to keep"}

    page = save(client, report, sent).content.decode()

    assert "Enter what happened" in page
    assert "Words to keep" in page


def test_a_decided_report_can_still_be_put_right(client, officer, report):
    report.status = ReportStatus.ADVICE
    report.save()

    save(client, report, open_form(client, report) | {"why_you": "New"})

    report.refresh_from_db()
    assert (report.why_you, report.status) == ("New", ReportStatus.ADVICE)


def test_when_and_how_to_find_it_are_changed(client, officer, report):
    sent = open_form(client, report) | {"occurred_on": "1 mar", "occurred_at": "11pm", "location": "Garages"}

    save(client, report, sent)

    report.refresh_from_db()
    assert (report.occurred_on, report.occurred_precision) == (dt.date(2026, 3, 1), "time")
    assert (report.location, report.place.address, report.latitude) == ("Garages", "4 Mill Road", 51.6)


def test_the_second_editor_reads_every_kind_of_change_in_words(client, officer, report):
    first, second = open_form(client, report), open_form(client, report)
    del first["hate"], first["hate_strands"]
    changes = {"occurred_on": "1 mar", "occurred_at": "11pm", "told-0-agency": "Soha", "effect": "4"}
    save(client, report, first | changes)

    page = save(client, report, second | {"why_you": "Second words"}).content.decode()

    for words in ("1 March 2026", "11pm", "Soha P1", "Hate</strong>: <span", "no"):
        assert words in page


def test_history_tells_who_changed_what(client, officer, report):
    save(client, report, open_form(client, report) | {"why_you": "New", "where": "6 Mill Road"})
    client.post(f"/reports/{report.reference}/people/", {"role": "subject", "name": "Dave"})

    page = client.get(f"/reports/{report.reference}/").content.decode()

    assert "Changed: where, the point on the map, why it happens to them" in page
    assert "Person added: subject" in page
