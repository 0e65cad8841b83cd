"""The dashboard, and a quarter's report: its figures beside SQL by hand, its PDF beside static HTML."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from bench.build import Cast
from bench.timing import Timing, time_call, time_page
from csp.agencies.measures import Question, answers, find_measure
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from csp.core.fonts import only_our_fonts
from performance.services.report_content import live
from performance.services.report_counting import periods_up_to
from performance.services.report_files import as_pdf
from performance.services.report_paper import printable

FEW = 3

BY_HAND = """
    SELECT c.local_area_id, a.name, {columns}
    FROM cases_case c LEFT JOIN agencies_area a ON a.id = c.local_area_id
    WHERE c.partnership_id = %s AND c.merged_into_id IS NULL AND c.opened_at >= %s AND c.opened_at < %s
    GROUP BY c.local_area_id, a.name
"""
COLUMN = "count(*) FILTER (WHERE c.opened_at >= %s AND c.opened_at < %s)"


def measure_performance(cast: Cast) -> dict[str, Timing]:
    here = cast.manager.seats[0].partner.partnership
    quarter, at = Period.quarter_of(timezone.localdate(), here.year_start), timezone.now()
    page = _as_html(live(here, quarter, at))
    return {
        "dashboard, manager": time_page(cast.manager, reverse("performance:dashboard")),
        "quarter's report, every figure": time_call(lambda: live(here, quarter, at), runs=FEW),
        "cases by area and quarter, ours": time_call(_ours(here, quarter)),
        "cases by area and quarter, SQL": time_call(_by_hand(here, quarter)),
        "quarter's PDF, counted": time_call(lambda: as_pdf(live(here, quarter, at)), runs=FEW),
        "quarter's PDF, static HTML": time_call(lambda: _printed(page), runs=FEW),
    }


def _as_html(content: dict[str, Any]) -> str:
    """The page as it goes to the printer."""
    context = {"report": printable(content), "title": content["title"], "marking": settings.MARKING}
    return render_to_string("performance/report.pdf.html", context)


def _printed(html: str) -> bytes:
    with only_our_fonts():
        from csp.core.printing import write_pdf  # noqa: PLC0415 -- slow import
    return write_pdf(html)


def _ours(here: Partnership, quarter: Period) -> Callable[[], Any]:
    measure = find_measure("cases-opened")
    if measure is None:
        raise ValueError("No room counts cases opened")
    questions = [Question(measure, each, measure.breakdown("area")) for each in periods_up_to(quarter, here)]
    return lambda: answers(here, questions)


def _by_hand(here: Partnership, quarter: Period) -> Callable[[], Any]:
    periods = periods_up_to(quarter, here)
    sql = BY_HAND.format(columns=", ".join([COLUMN] * len(periods)))
    bounds = [moment for each in periods for moment in (each.starts_at, each.ends_at)]
    parameters: tuple[Any, ...] = (*bounds, here.pk, min(bounds), max(bounds))

    def fetch() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    return fetch
