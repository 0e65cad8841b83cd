"""What is measured, on one filled database."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse
from guardian.shortcuts import get_objects_for_user

from bench.build import Cast
from bench.timing import Timing, time_call, time_page
from cases.enums import ReportStatus
from cases.models import Report
from cases.services.search import search_people
from csp.agencies.models import Partnership, User

ROWS = 25

BY_HAND = """
    SELECT r.id, r.reference, r.risk, r.clock_due_at, r.what_happened, r.location, r.repeat_victim,
           r.vulnerable, r.hate, a.name, s.name, u.name
    FROM cases_report r
    LEFT JOIN agencies_area a ON a.id = r.local_area_id
    LEFT JOIN agencies_partner s ON s.id = r.source_partner_id
    LEFT JOIN agencies_user u ON u.id = r.officer_id
    WHERE r.partnership_id = %s AND r.status = 'new' AND EXISTS (
        SELECT 1 FROM cases_reportgrouppermission p
        WHERE p.content_object_id = r.id AND p.group_id = ANY(%s) AND p.permission_id = %s)
    ORDER BY r.risk DESC, r.clock_due_at, r.id LIMIT %s
"""


def county() -> Partnership:
    return Partnership.objects.order_by("pk")[0]


def measure(cast: Cast) -> dict[str, dict[str, Any]]:
    """Each measure's name and its figures."""
    report = Report.objects.visible_to(cast.housing).filter(partnership=county()).order_by("pk")[0]
    page = reverse("reports:detail", args=[report.reference])
    figures = {
        "queue, manager": time_page(cast.manager, reverse("reports:list")),
        "queue, county-wide police": time_page(cast.police, reverse("reports:list")),
        "queue, small housing user": time_page(cast.housing, reverse("reports:list")),
        "report page, manager": time_page(cast.manager, page),
        "report page, housing": time_page(cast.housing, page),
        "person search page": time_page(cast.manager, reverse("people:search") + "?q=Chen+Okafr"),
        "person match while typing": time_call(_matcher(cast.manager)),
        "queue rows, our gate": time_call(_through_the_gate(cast.manager)),
        "queue rows, SQL by hand": time_call(_by_hand(cast.manager)),
        "queue rows, housing, our gate": time_call(_through_the_gate(cast.housing)),
        "queue rows, get_objects_for_user": time_call(_by_guardian(cast.manager), runs=3),
    }
    return {name: asdict(timing) for name, timing in figures.items()}


def _matcher(user: User) -> Callable[[], Any]:
    partnership = county()
    return lambda: search_people(user=user, partnership=partnership, text="Chen Okafr")


def _through_the_gate(user: User) -> Callable[[], Any]:
    partnership = county()
    return lambda: list(
        Report.objects.visible_to(user)
        .filter(partnership=partnership)
        .awaiting_triage()
        .in_queue_order()
        .select_related("local_area", "source_partner", "officer")[:ROWS]
    )


def _by_hand(user: User) -> Callable[[], Any]:
    view = Permission.objects.get(codename="view_report", content_type__app_label="cases").pk
    parameters: tuple[Any, ...] = (county().pk, user.partner_groups, view, ROWS)

    def fetch() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(BY_HAND, parameters)
            return cursor.fetchall()

    return fetch


def _by_guardian(user: User) -> Callable[[], Any]:
    partnership = county()
    return lambda: list(
        get_objects_for_user(user, "cases.view_report", Report, accept_global_perms=False)
        .filter(partnership=partnership, status=ReportStatus.NEW)
        .order_by("-risk", "clock_due_at", "pk")[:ROWS]
    )


__all__ = ["Timing", "county", "measure"]
