"""Reports and actions to be counted, and the dashboard as it is built, opened and read."""

import datetime as dt
import html

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from csp.actions.models import Action
from csp.agencies.models import Partner, User
from csp.core.calendar import Period
from performance.services.dashboard import Asked, build, sheets
from performance.services.dashboard_parts import Dashboard, Tile
from tests.factories.actions import ActionFactory
from tests.factories.cases import NOON, ReportFactory

YEAR, AFTER = Period.named("2021-22"), dt.date(2022, 6, 30)
JUNE = dt.datetime(2021, 6, 8, 9, tzinfo=dt.UTC)
A_YEAR = dt.timedelta(days=365)


def reported(team: Partner, number: int = 1, at: dt.datetime = JUNE, **more: object) -> None:
    for _ in range(number):
        ReportFactory(lead=team, received_at=at, **more)


def done(team: Partner, owner: Partner, *, late: bool) -> Action:
    due = NOON.date() - dt.timedelta(days=1 if late else 0)
    return ActionFactory(lead=team, owner=owner, complete=True, due_on=due, asked_at=NOON)


def built(
    team: Partner, period: Period = YEAR, today: dt.date = AFTER, *, small: bool = True, monthly: bool = False
) -> Dashboard:
    return build(Asked(team.partnership, period, today, monthly=monthly, small=small, opens=small))


def tile(found: Dashboard, name: str) -> Tile:
    return next(each for each in found.tiles if each.measure.name == name)


def said(found: Tile) -> list[tuple[str, str, str]]:
    return [(each.change.words, each.change.percent_words, each.when) for each in found.against]


def table_of(found: Dashboard, name: str) -> list[list[str]]:
    return next(each.rows for each in sheets(found) if each.name == name)


def show(client: Client, user: User, name: str = "dashboard", **query: str) -> HttpResponse:
    client.force_login(user)
    return client.get(reverse(f"performance:{name}"), {"period": "2021-22"} | query)


def words_of(page: HttpResponse) -> str:
    assert page.status_code == 200
    return " ".join(html.unescape(page.content.decode()).split())
