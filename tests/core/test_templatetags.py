import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template

from csp.core.clocks import ClockState
from csp.core.models import ClockReading, LongTask

AT = dt.datetime(2026, 9, 3, 20, 30, tzinfo=dt.UTC)


def draw(template, **context):
    return " ".join(Template("{% load csp %}" + template).render(Context(context)).split())


class Person:
    """Somebody who may do one thing to one record."""

    def has_perm(self, perm, record):
        return (perm, record) == ("cases.close", "this case")


class Request:
    user = Person()


def test_clock_shows_words_and_the_exact_moment():
    drawn = draw("{% clock reading %}", reading=ClockReading(ClockState.LATE, "2 hours late", AT))

    assert "2 hours late</time>" in drawn
    assert 'datetime="2026-09-03T' in drawn
    assert "Thursday 3 September 2026" in drawn
    assert "app-clock--late" in drawn


def test_clock_shows_nothing_where_there_is_none():
    assert draw("{% clock reading %}", reading=None) == ""


def test_status_tag_shows_the_status_in_words():
    drawn = draw("{% status_tag work %}", work=LongTask(status="QUEUED"))

    assert "app-status--queued" in drawn
    assert ">Waiting to start</strong>" in drawn


@pytest.mark.parametrize(("record", "shown"), [("this case", "yes"), ("that case", "no")])
def test_has_perm_asks_about_the_record(record, shown):
    template = '{% has_perm "cases.close" record as may %}{{ may|yesno:"yes,no" }}'

    assert draw(template, request=Request(), record=record) == shown


@pytest.mark.parametrize(
    ("template", "value", "shown"),
    [
        ("{{ value|govuk_date }}", AT, "3 September 2026"),
        ("{{ value|govuk_date }}", dt.date(2026, 9, 3), "3 September 2026"),
        ("{{ value|govuk_date }}", dt.datetime(2026, 7, 3, 23, 30, tzinfo=dt.UTC), "4 July 2026"),
        ("{{ value|govuk_date }}", None, ""),
        ("{{ value|govuk_time }}", AT, "9:30pm"),
        ("{{ value|govuk_time }}", dt.time(9), "9am"),
        ("{{ value|govuk_time }}", dt.time(12), "midday"),
        ("{{ value|govuk_time }}", dt.time(0), "midnight"),
        ("{{ value|govuk_time }}", None, ""),
        (
            "{{ value|govuk_datetime }}",
            AT,
            '<time datetime="2026-09-03T20:30:00+00:00">3 September 2026 at 9:30pm</time>',
        ),
        ("{{ value|govuk_datetime }}", None, ""),
        ("{{ value|money }}", 1250, "£1,250"),
        ("{{ value|money }}", Decimal("12.5"), "£12.50"),
        ("{{ value|money }}", Decimal("-0.05"), "-£0.05"),
        ("{{ value|money }}", Decimal("1234567.005"), "£1,234,567"),
        ("{{ value|money }}", 0, "£0"),
        ("{{ value|money }}", None, ""),
    ],
)
def test_filter_writes_as_gov_uk_does(template, value, shown):
    assert draw(template, value=value) == shown
