"""Every address, opened by everybody: what it answers, what it shows, and what reading it leaves behind.

A new address fails here until `table.txt` says who may open it.
"""

import re
from functools import cache
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.access.addresses import address
from tests.access.nouns import NOUNS
from tests.access.secrets import secrets_of, shown_to_others
from tests.access.table import KNOWN, ROWS
from tests.access.visits import FORBIDDEN, MISSING, OK, SIGN_IN
from tests.access.walk import every_url
from tests.access.world import ROLES

pytestmark = pytest.mark.django_db
NAMES = sorted(every_url())
NOT_ALLOWED = 405
FROM_LIBRARIES = ("account_", "mfa_", "openid_connect", "socialaccount", "public:question")
"""Their class views take PUT as another word for POST."""

READING = {
    "action.viewed",
    "attachment.downloaded",
    "audit.exported",
    "audit.viewed",
    "case.viewed",
    "importrun.viewed",
    "import.exported",
    "letter.printed",
    "person.viewed",
    "place.viewed",
    "report.viewed",
} | {verb for noun in NOUNS for verb in getattr(noun, "READING", ())}
"""All that may be written while somebody reads: that they did."""

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
ROWS_OF_READING = {"audit_event", "django_session"}
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#?]+)')
OF_A_RECORD = {
    "actions:detail",
    "cases:detail",
    "meetings:detail",
    "meetings:item",
    "meetings:referral",
    "people:detail",
    "places:detail",
    "reports:detail",
}


def test_every_address_is_in_the_table():
    assert set(NAMES) - {name for name, _ in KNOWN} == set()


def test_every_row_names_an_address():
    assert {name for name, _ in KNOWN} - set(NAMES) == set()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_address_answers_each_role_as_the_table_says(visits, row):
    answers = {role: visits(row.name, row.method, role).code for role in ROLES}

    assert answers == row.codes


@pytest.mark.parametrize("name", NAMES)
def test_address_refuses_methods_that_are_not_in_the_table(visits, name):
    for method in {"GET", "POST"} - {method for known, method in KNOWN if known == name}:
        assert visits(name, method, "officer").status == NOT_ALLOWED
        assert visits(name, method, "anonymous").code in {SIGN_IN, str(NOT_ALLOWED)}


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(FROM_LIBRARIES)])
def test_address_takes_no_other_method(visits, name):
    path = address(name, visits.world)
    answers = {method: visits.visit(method, path, "officer").status for method in ("PUT", "PATCH", "DELETE")}

    assert set(answers.values()) == {NOT_ALLOWED}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_address_shows_nobody_what_they_may_not_read(visits, row):
    secrets = secrets_of(visits.world)
    shown = {role: shown_to_others(visits(row.name, row.method, role).text, role, secrets) for role in ROLES}

    assert {role: words for role, words in shown.items() if words} == {}


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET"], ids=str)
def test_each_form_is_sent_where_it_is_taken(visits, row):
    pages = {visit.text for visit in (visits(row.name, "GET", role) for role in ROLES) if visit.code == OK}
    sent = {target for page in pages for form in FORM.findall(page) for target in targets(form, row.name)}

    assert sent - KNOWN == set()


def targets(form, here):
    """Where it is sent, and how: without an address of its own, to the page that it stands on."""
    tag, _, inside = form.partition(">")
    told = dict(re.findall(r'(?<!-)\b(\w+)="([^"]*)"', tag))
    method = told.get("method", "get").upper()
    for address_given in [told.get("action", ""), *re.findall(r'formaction="([^"]*)"', inside)]:
        path = urlsplit(address_given).path
        yield (resolve(path).view_name if path else here), method


@pytest.fixture(scope="module")
def opened(visits):
    """What a record's page answers somebody, asked once."""
    return cache(lambda role, path: visits.visit("GET", path, role).code)


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET"], ids=str)
def test_each_link_to_a_record_opens_for_whom_it_is_shown(visits, opened, row):
    pages = {role: visits(row.name, "GET", role) for role in ROLES}
    links = {(role, path) for role, page in pages.items() if page.code == OK for path in records(page.text)}

    assert {link: opened(*link) for link in links if opened(*link) != OK} == {}


def records(page):
    """Addresses of records' pages that it links to."""
    for path in set(LINK.findall(page)):
        try:
            if resolve(path).view_name in OF_A_RECORD:
                yield path
        except Resolver404:
            continue


def test_each_secret_stands_on_a_page_of_somebody_who_may_read_it(visits):
    """Else its absence from the other pages would say nothing."""
    team = ("officer", "manager")
    pages = [visits(row.name, "GET", role) for row in ROWS if row.method == "GET" for role in team]
    words = "\n".join(page.text for page in pages if page.code == OK)

    assert {secret for secret in secrets_of(visits.world) if secret not in words} == set()


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET"], ids=str)
def test_reading_changes_nothing(visits, row):
    seen = [visits(row.name, "GET", role) for role in ROLES]

    assert {table for visit in seen for table in visit.written} - ROWS_OF_READING == set()
    assert {verb for visit in seen for verb in visit.verbs} - READING == set()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_refusal_changes_nothing(visits, row):
    refused = {
        role for role, code in row.codes.items() if code in {FORBIDDEN, MISSING} or role == "anonymous"
    }
    written = {table for role in refused for table in visits(row.name, row.method, role).written}

    assert written - {"django_session"} == set()
