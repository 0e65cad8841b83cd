"""A page costs the same however much there is to show, and a list or a search no more than twelve queries."""

from dataclasses import dataclass
from functools import cached_property

import pytest
from django.core.cache import cache

from csp.agencies import middleware
from tests.access.addresses import address
from tests.access.growing import grow
from tests.access.nouns import lines
from tests.access.table import ROWS
from tests.access.world import World
from tests.counting import queries_of

MOST_OF_A_LIST, MOST_OF_A_CASE = 12, 30
CHEAPER_WITH_MORE = "cases:detail"
"""It asks one kind of record after the other until it has ten lines."""

LISTS = """
    officer   reports:list
    officer   reports:list       tab=decided
    officer   reports:list       tab=all
    officer   reports:list       tab=all&q=night&mark=hate
    police    reports:list       tab=all
    housing   reports:list       tab=all
    officer   reports:filters
    housing   reports:referrals
    officer   cases:list
    police    cases:list         tab=ended
    officer   people:search      q=Wilhelmina
    housing   people:search      q=Wilhelmina
    officer   people:search      q=Visible+Street
    officer   places:search      q=Visible+Street
    officer   search:everything  q=Wilhelmina
    housing   search:everything  q=Visible+Street
    officer   actions:list       whose=asked
    housing   actions:list
    lead      actions:list       words=lock
    officer   imports:list
    auditor   audit:list
    auditor   audit:unusual      day=2026-03-02
    lead      agencies:users
    admin     agencies:users
    admin     agencies:partners
    admin     agencies:areas
    admin     agencies:rules
    anonymous public:start
"""

RECORDS = """
    officer   home
    manager   home
    police    home
    lead      home
    officer   reports:new
    housing   reports:refer
    officer   reports:detail
    housing   reports:detail
    police    reports:detail
    officer   reports:undo
    officer   reports:decide
    officer   reports:edit
    officer   agencies:who_can_see
    officer   cases:detail
    police    cases:detail
    housing   cases:detail
    housing   actions:detail
    officer   actions:detail
    officer   people:detail
    housing   people:detail
    officer   places:detail
    officer   imports:detail
    officer   imports:mapping
    lead      agencies:user
    admin     agencies:user
    officer   agencies:account
"""

LISTS += lines("LISTS")
RECORDS += lines("PAGES")


@dataclass(frozen=True)
class Page:
    role: str
    name: str
    query: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.query} {self.role}"


@dataclass(frozen=True)
class Cost:
    queries: list[str]
    length: int
    """Of the page, which shows that there is more on it."""


def pages(table: str) -> list[Page]:
    return [Page(*line.split()) for line in table.splitlines() if line.strip()]


@dataclass
class Counted:
    world: World

    @cached_property
    def costs(self) -> tuple[dict[Page, Cost], dict[Page, Cost]]:
        """Queries of each page: with one more row of each kind than the world has, and with three more."""
        with pytest.MonkeyPatch.context() as patch:
            # However slow the machine, no visit falls on the minute in which the session is written again.
            patch.setattr(middleware, "RENEW_AFTER", 24 * 3600)
            grow(self.world)
            few = all_costs(self.world)
            for _ in range(2):
                grow(self.world)
            return few, all_costs(self.world)


@pytest.fixture(scope="module")
def counted(visits):
    return Counted(visits.world)


def all_costs(world: World) -> dict[Page, Cost]:
    return {page: cost(world, page) for page in pages(LISTS) + pages(RECORDS)}


def cost(world: World, page: Page) -> Cost:
    cache.clear()
    client = world.client(page.role)
    path = f"{address(page.name, world)}?{page.query}"
    answer = client.get(path)
    assert answer.status_code == 200, page
    return Cost(queries_of(lambda: client.get(path)), len(answer.content))


@pytest.mark.django_db
@pytest.mark.parametrize("page", pages(LISTS) + pages(RECORDS), ids=str)
def test_page_costs_the_same_however_many_rows(counted, page):
    few, many = (cost[page] for cost in counted.costs)

    assert many.length > few.length
    new = "\n".join(set(many.queries) - set(few.queries))
    assert len(many.queries) <= len(few.queries), new
    assert len(many.queries) == len(few.queries) or page.name == CHEAPER_WITH_MORE, new


@pytest.mark.django_db
@pytest.mark.parametrize("page", pages(LISTS), ids=str)
def test_list_costs_no_more_than_twelve_queries(counted, page):
    _, many = counted.costs

    assert len(many[page].queries) <= MOST_OF_A_LIST, "\n".join(many[page].queries)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["officer", "police", "housing"])
def test_a_case_costs_no_more_than_thirty_queries(counted, role):
    asked = [cost[Page(role, "cases:detail")].queries for cost in counted.costs]

    assert max(map(len, asked)) <= MOST_OF_A_CASE, "\n".join(max(asked, key=len))


def test_every_list_record_and_search_is_counted():
    endings = (":list", ":detail", ":search", ":everything")
    known = {row.name for row in ROWS if row.method == "GET" and row.name.endswith(endings)}

    assert known - {page.name for page in pages(LISTS) + pages(RECORDS)} == set()
