"""What a report prints of small numbers: the year no more than its quarters, two places no more than one."""

import datetime as dt
from typing import Any

import pytest

from cases.enums import InterventionKind, InterventionStatus
from csp.agencies.enums import AreaKind
from csp.agencies.models import Area, Partner
from csp.core.calendar import Period
from performance.services.report_content import live
from tests.counting import queries_of
from tests.factories.agencies import AreaFactory
from tests.factories.cases import CaseFactory, ReportFactory
from tests.factories.casework import InterventionFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2022, 5, 3, 9, tzinfo=dt.UTC)
JUNE = dt.datetime(2021, 6, 8, 9, tzinfo=dt.UTC)
YEAR = Period.named("2021-22")
Content = dict[str, Any]


def of_each_quarter(team: Partner, *numbers: int, **more: object) -> None:
    for quarter, number in enumerate(numbers):
        for _ in range(number):
            ReportFactory(lead=team, received_at=JUNE + quarter * dt.timedelta(days=91), **more)


def local(team: Partner, name: str) -> Area:
    area: Area = AreaFactory(partnership=team.partnership, name=name, kind=AreaKind.LOCAL_AREA)
    return area


def words_of(content: Content, measure: str, by: str = "") -> dict[str, str]:
    return {
        row["of"]: row["words"]
        for row in content["figures"]
        if (row["measure"], row["by"]) == (measure, by) and row["of"] != "Total"
    }


def drawn(content: Content, title: str) -> list[str]:
    blocks = (block for section in content["sections"] for block in section["blocks"])
    return next(block["lines"][0]["words"] for block in blocks if block.get("title") == title)


def test_a_year_does_not_tell_what_its_quarters_hold_back(team: Partner) -> None:
    of_each_quarter(team, 5, 6, 6, 3)
    content = live(team.partnership, YEAR, NOW)

    assert drawn(content, "Reports received, by quarter") == ["5", "6", "6", "fewer than 5"]
    assert set(words_of(content, "reports-received").values()) == {"not shown"}


def test_a_year_that_tells_nothing_is_printed(team: Partner) -> None:
    of_each_quarter(team, 5, 6, 3, 3)

    assert set(words_of(live(team.partnership, YEAR, NOW), "reports-received").values()) == {"17"}


def test_nor_do_its_tables(team: Partner) -> None:
    of_each_quarter(team, 5, 6, 6, 3, local_area=local(team, "Abingdon"))
    of_each_quarter(team, 10, 10, 10, 10, local_area=local(team, "Wantage"))
    of_each_quarter(team, 20, 20, 20, 20, local_area=local(team, "Didcot"))
    content = live(team.partnership, YEAR, NOW)

    assert set(words_of(content, "reports-received").values()) == {"140"}
    assert words_of(content, "reports-received", "area") == {
        "Abingdon": "not shown", "Wantage": "not shown", "Didcot": "80",
    }  # fmt: skip
    quarter = live(team.partnership, Period.named("2021-22-Q4"), NOW)
    assert words_of(quarter, "reports-received", "area") == {
        "Abingdon": "fewer than 5", "Wantage": "not shown", "Didcot": "20",
    }  # fmt: skip


def test_a_table_is_left_out_where_the_figure_above_tells_too_much(team: Partner) -> None:
    of_each_quarter(team, 4, local_area=local(team, "Abingdon"))
    of_each_quarter(team, 4, local_area=local(team, "Wantage"))
    content = live(team.partnership, Period.named("2021-22-Q1"), NOW)

    assert words_of(content, "reports-received") == {"": "8"}
    assert words_of(content, "reports-received", "area") == {}


def test_a_table_hides_nothing_that_is_printed_below(team: Partner) -> None:
    kinds = {InterventionKind.CPN: 3, InterventionKind.CLOSURE_ORDER: 6, InterventionKind.ABC: 20}
    for kind, number in kinds.items():
        for _ in range(number):
            InterventionFactory(
                case=CaseFactory(lead=team), kind=kind, status=InterventionStatus.ENDED, served_at=JUNE
            )
    content = live(team.partnership, Period.named("2021-22-Q1"), NOW)

    assert words_of(content, "closure-orders") == {"": "6"}
    assert sorted(words_of(content, "powers-used", "kind").values()) == ["6", "fewer than 5", "not shown"]


def test_a_year_costs_the_same_however_much_there_is(team: Partner) -> None:
    of_each_quarter(team, 1, 1, local_area=local(team, "Abingdon"))
    few = len(queries_of(lambda: live(team.partnership, YEAR, NOW)))
    for number in range(4):
        of_each_quarter(team, 2, 2, 2, 2, local_area=local(team, f"Area {number}"))

    assert len(queries_of(lambda: live(team.partnership, YEAR, NOW))) == few


def test_the_published_figure_says_no_more_than_the_report(team: Partner) -> None:
    for quarter, number in enumerate((5, 6, 6, 3)):
        for _ in range(number):
            InterventionFactory(
                case=CaseFactory(lead=team),
                kind=InterventionKind.CLOSURE_ORDER,
                status=InterventionStatus.ENDED,
                served_at=JUNE + quarter * dt.timedelta(days=91),
            )
    content = live(team.partnership, YEAR, NOW)

    published = {each["key"]: each for each in content["published"]}
    assert set(words_of(content, "closure-orders").values()) == {"not shown"}
    assert (published["closure_orders"]["number"], published["closure_orders"]["words"]) == (
        None,
        "not shown",
    )
