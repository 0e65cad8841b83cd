"""Ways round the front door: other lists and records, and asking for a word to learn whether it is there."""

import html
import re
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

import pytest

from tests.access import secrets
from tests.access.addresses import address
from tests.access.roles import ASKED, FULL, SUMMARY, TEAM
from tests.access.secrets import secrets_of, shown_to_others
from tests.access.visits import MOVED, OK
from tests.access.world import ROLES

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def doors(world) -> list[str]:
    """Other records and other lists than the table's."""
    reports = (world.decided, world.joined, world.hidden, world.hidden_joined)
    return [
        *(f"{address('reports:list', world)}{query}" for query in ("?tab=all", "?tab=decided")),
        *(each.get_absolute_url() for each in reports),
        f"{world.joined.get_absolute_url()}?list=tab%3Dall",
        world.hidden_case.get_absolute_url(),
        world.hidden_action.get_absolute_url(),
        f"{address('cases:list', world)}?tab=ended",
        f"{address('actions:list', world)}?whose=asked",
        f"{address('actions:new', world)}?on={world.hidden_case}",
        f"{address('people:search', world)}?q=o",
        f"/people/{world.subject.pk}/",
        f"/places/{world.hidden_place.pk}/",
        f"{address('reports:new', world)}?draft={world.draft.pk}",
        f"{address('reports:refer', world)}?draft={world.draft.pk}",
        f"/reports/{world.decided}/files/{world.attachment.pk}/",
        f"/reports/{world.decided}/people/{world.link.pk}/remove/",
    ]


@pytest.mark.parametrize("role", ROLES)
def test_no_other_door_shows_what_the_role_may_not_read(visits, role):
    known = secrets_of(visits.world)
    shown = {path: visits.visit("GET", path, role).text for path in doors(visits.world)}
    leaks = {path: shown_to_others(text, role, known) for path, text in shown.items()}

    assert {path: words for path, words in leaks.items() if words} == {}


@dataclass(frozen=True)
class Asked:
    """A word put into a search, a word of the same shape that is nowhere, and who finds the first."""

    name: str
    word: str
    nonsense: str
    finders: frozenset[str]
    method: str = "GET"
    box: str = "q"
    also: dict[str, str] = field(default_factory=dict)
    of: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.of} {self.box}={self.word}"

    def path(self, world) -> str:
        return f"/people/suggest/{self.of}/" if self.of else address(self.name, world)


NAME, PHONE = "Zebedee Xylander", "07700 900999"
EMAIL, HOUSE = "zebedee@xylander.example", "98 Nowhere Close, Thame"
REPORTS = {"tab": "all"}

ASKED_FOR = [
    Asked("reports:list", "greenhouse", "xylophone", FULL, also=REPORTS),
    Asked("reports:list", "tablets", "xylophone", TEAM, also=REPORTS),
    Asked("actions:list", "second lock", "third hinge", ASKED - TEAM, box="words"),
    Asked("actions:list", "vehicle register", "third hinge", TEAM, box="words"),
    Asked("people:search", secrets.CALLER, NAME, FULL),
    Asked("people:search", secrets.CALLER_PHONE, PHONE, TEAM),
    Asked("people:search", secrets.CALLER_EMAIL, EMAIL, TEAM),
    Asked("people:search", secrets.CALLER_ADDRESS, HOUSE, TEAM),
    Asked("people:search", secrets.SUBJECT_ADDRESS, HOUSE, FULL),
    Asked("places:search", secrets.CALLER_ADDRESS, HOUSE, TEAM),
    Asked("places:search", secrets.SUBJECT_ADDRESS, HOUSE, FULL),
    Asked("search:everything", secrets.CALLER, NAME, FULL),
    Asked("search:everything", secrets.CALLER_PHONE, PHONE, TEAM),
    Asked("search:everything", secrets.CALLER_ADDRESS, HOUSE, TEAM),
    Asked("search:everything", secrets.SUBJECT_ADDRESS, HOUSE, FULL),
    Asked("people:suggest", secrets.CALLER, NAME, FULL, "POST", of="name"),
    Asked("people:suggest", secrets.CALLER_PHONE, PHONE, TEAM, "POST", of="phone"),
    Asked("people:suggest", secrets.CALLER_ADDRESS, HOUSE, TEAM, "POST", of="address"),
    Asked("reports:known", secrets.CALLER, NAME, FULL, "POST", "name"),
    Asked("reports:known", secrets.CALLER_PHONE, PHONE, TEAM, "POST", "phone"),
    Asked("reports:known", secrets.CALLER_ADDRESS, HOUSE, TEAM, "POST", "where"),
    Asked("reports:known", secrets.SUBJECT_ADDRESS, HOUSE, FULL, "POST", "where"),
]


@pytest.mark.parametrize("asked", ASKED_FOR, ids=str)
def test_a_word_is_found_by_those_who_may_read_it_and_by_nobody_else(visits, asked):
    path = asked.path(visits.world)

    def answer(role: str, word: str) -> str:
        visit = visits.visit(asked.method, path, role, asked.also | {asked.box: word})
        return without(word, visit.text) if visit.code == OK else visit.code

    found = {role for role in ROLES if answer(role, asked.word) != answer(role, asked.nonsense)}

    assert found == asked.finders


@pytest.mark.parametrize(
    ("thing", "finders"),
    [("report", SUMMARY), ("case", SUMMARY), ("hidden", TEAM), ("hidden_case", TEAM)],
)
def test_a_reference_leads_to_a_record_those_who_may_see_it_and_nobody_else(visits, thing, finders):
    reference = getattr(visits.world, thing).reference
    path = f"{address('search:everything', visits.world)}?q={reference}"

    assert {role for role in ROLES if visits.visit("GET", path, role).code == MOVED} == finders


def without(word: str, text: str) -> str:
    """The page without what was typed into it, so that two pages differ by what was found alone."""
    text = TOKEN.sub("", text)
    for written in (word, html.escape(word), quote_plus(word), quote(word), html.escape(quote(word))):
        text = text.replace(written, "")
    return text
