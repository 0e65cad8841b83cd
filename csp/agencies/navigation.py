"""What each room puts into the menu and on the home page. A room registers in its `AppConfig.ready()`."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from csp.agencies.models import Partnership, User
from csp.audit import unusual
from csp.core.calendar import local_day
from csp.core.tallies import tally

MOST_COUNTED = 100

Count = Callable[[User, Partnership], QuerySet[Any]]


@dataclass(frozen=True)
class NavItem:
    """One line of the menu, for those who hold `perm`. `count` gives the rows to count."""

    label: str
    url_name: str
    perm: str | None = None
    count: Count | None = None
    position: int = 100


@dataclass(frozen=True)
class MenuLine:
    label: str
    url: str
    active: bool
    count: int | None


@dataclass(frozen=True)
class Need:
    """One thing that needs this person now. `tag` is a word or two, such as "Triage" or "High risk"."""

    url: str
    title: str
    detail: str = ""
    due_at: dt.datetime | None = None
    late: bool = False
    tag: str = ""


@dataclass(frozen=True)
class Panel:
    """A box beside the list of needs: a heading, and a template that gets `context` and nothing else."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


NeedSource = Callable[[User, Partnership, dt.datetime], Iterable[Need]]
Waiting = Callable[[User, Partnership, dt.datetime], QuerySet[Any]]
PanelSource = Callable[[User, Partnership, dt.datetime], Panel | None]

_items: dict[str, NavItem] = {}
_need_sources: dict[NeedSource, Waiting | None] = {}
_panel_sources: list[tuple[int, PanelSource]] = []
_search: list[tuple[str, str]] = []


def register(item: NavItem) -> None:
    _items[item.url_name] = item


def register_need(source: NeedSource, waiting: Waiting | None = None) -> None:
    """`source(user, partnership, at)` gives a few dozen needs at most, cut to what they may see.

    What most people have none of on most days says in `waiting` which rows it would show. Home asks of all
    of these at once who has any, and only then for the needs themselves.
    """
    _need_sources[source] = waiting


def register_panel(source: PanelSource, *, position: int = 100) -> None:
    """`source(user, partnership, at)` gives a panel, or None where it has nothing to say to this user."""
    if source not in [each for _, each in _panel_sources]:
        _panel_sources.append((position, source))


def register_search(url_name: str, perm: str) -> None:
    """The page behind the search box in the header, for those who hold `perm`. It gets `q`."""
    _search[:] = [(url_name, perm)]


def search_url(user: User) -> str | None:
    return next((reverse(url_name) for url_name, perm in _search if user.has_perm(perm)), None)


def menu(user: User, partnership: Partnership | None, path: str) -> list[MenuLine]:
    """The menu of this user, in order. The line of the page they are on is active."""
    lines = [MenuLine("Home", "/", path == "/", None)]
    items = sorted(_items.values(), key=lambda each: (each.position, each.label))
    open_to = [(item, reverse(item.url_name)) for item in items if not item.perm or user.has_perm(item.perm)]
    here = max((url for _, url in open_to if path.startswith(url)), key=len, default="")
    counts = counted([item for item, _ in open_to], user, partnership) if partnership else {}
    return lines + [MenuLine(item.label, url, url == here, counts.get(item)) for item, url in open_to]


def counted(items: Iterable[NavItem], user: User, partnership: Partnership) -> dict[NavItem, int]:
    """The figures of a menu, each to `MOST_COUNTED`: every page asks."""
    rows = {item: item.count(user, partnership) for item in items if item.count}
    found = tally(list(rows.values()), most=MOST_COUNTED)
    return {item: found[place] for place, item in enumerate(rows)}


def needs(user: User, partnership: Partnership, at: dt.datetime) -> list[Need]:
    """Everything that needs the user: late first, then by due time; what has no time comes last."""
    found = [need for source in sources_for(user, partnership, at) for need in source(user, partnership, at)]
    end = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda need: (not need.late, need.due_at or end, need.title))


def sources_for(user: User, partnership: Partnership, at: dt.datetime) -> list[NeedSource]:
    """Those worth asking: all but the ones for which nothing waits."""
    rows = {source: waiting(user, partnership, at) for source, waiting in _need_sources.items() if waiting}
    found = tally(list(rows.values()), most=1)
    empty = [source for place, source in enumerate(rows) if not found[place]]
    return [source for source in _need_sources if source not in empty]


def panels(user: User, partnership: Partnership, at: dt.datetime) -> list[Panel]:
    made = [source(user, partnership, at) for _, source in sorted(_panel_sources, key=lambda each: each[0])]
    return [panel for panel in made if panel is not None]


def unusual_access_needs(user: User, partnership: Partnership, at: dt.datetime) -> Iterable[Need]:
    """For the auditor: the audit room is below this one, and knows neither roles nor menus."""
    if not user.has_perm("audit.read", partnership):
        return
    for found in unusual.unusual_access(partnership=partnership, day=local_day(at)):
        reasons = ". ".join(found.reasons)
        yield Need(reverse("audit:unusual"), f"{found.person}: {reasons}", tag="Unusual access")


register(NavItem("Audit", "audit:list", "audit.read", position=90))
register_need(unusual_access_needs)
