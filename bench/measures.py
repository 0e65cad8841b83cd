"""What is measured, on one filled database."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import get_objects_for_user

from bench.build import Cast
from bench.meetings import measure_meetings
from bench.performance import measure_performance
from bench.sharing import measure_sharing
from bench.timing import Timing, time_call, time_page
from cases.enums import ReportStatus
from cases.models import Case, Report
from cases.services.case_list import ORDERS, PRIORITY, Wanted, find_cases
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

CASES_BY_HAND = """
    SELECT c.id, c.reference, c.title, c.risk, c.status, c.opened_at, c.update_due_on, l.name, u.name
    FROM cases_case c
    JOIN agencies_partner l ON l.id = c.lead_id
    LEFT JOIN agencies_user u ON u.id = c.officer_id
    WHERE c.partnership_id = %s AND c.ended_at IS NULL AND EXISTS (
        SELECT 1 FROM cases_casegrouppermission p
        WHERE p.content_object_id = c.id AND p.group_id = ANY(%s) AND p.permission_id = %s)
    ORDER BY c.risk DESC, c.opened_at DESC, c.id LIMIT %s
"""
COMMON, RARE = "noise", "zebra"
"""A word that stands in every case, and one of few."""


def county() -> Partnership:
    return Partnership.objects.order_by("pk")[0]


def measure(cast: Cast) -> dict[str, dict[str, Any]]:
    """Each measure's name and its figures."""
    report = Report.objects.visible_to(cast.housing).filter(partnership=county()).order_by("-pk")[0]
    page = reverse("reports:detail", args=[report.reference])
    shared = Case.objects.visible_to(cast.housing).open().filter(partnership=county()).order_by("-pk")[0]
    case_page, cases = reverse("cases:detail", args=[shared.reference]), reverse("cases:list")
    search = reverse("search:everything")
    figures = {
        "queue, manager": time_page(cast.manager, reverse("reports:list")),
        "queue, county-wide police": time_page(cast.police, reverse("reports:list")),
        "queue, small housing user": time_page(cast.housing, reverse("reports:list")),
        "report page, manager": time_page(cast.manager, page),
        "report page, housing": time_page(cast.housing, page),
        "person search page": time_page(cast.manager, reverse("people:search") + "?q=Chen+Okafr"),
        "person match while typing": time_call(_matcher(cast.manager)),
        "case list, manager": time_page(cast.manager, cases),
        "case list, county-wide police": time_page(cast.police, cases),
        "case list, small housing user": time_page(cast.housing, cases),
        "case list, common word": time_page(cast.manager, f"{cases}?q={COMMON}"),
        "case list, rare word": time_page(cast.manager, f"{cases}?q={RARE}"),
        "case list, next clock": time_page(cast.manager, f"{cases}?sort=clock"),
        "case page, manager": time_page(cast.manager, case_page),
        "case page, housing": time_page(cast.housing, case_page),
        "search, common word": time_page(cast.manager, f"{search}?q={COMMON}"),
        "search, rare word": time_page(cast.manager, f"{search}?q={RARE}"),
        "search, common word, housing": time_page(cast.housing, f"{search}?q={COMMON}"),
        "search, reference": time_page(cast.manager, f"{search}?q={shared.reference}", code=302),
        **measure_sharing(cast, shared),
        **measure_meetings(cast),
        **measure_performance(cast),
        "case rows, our gate": time_call(_cases_through_the_gate(cast.manager)),
        "case rows, SQL by hand": time_call(_cases_by_hand(cast.manager)),
        "case rows, police, our gate": time_call(_cases_through_the_gate(cast.police)),
        "case rows, housing, our gate": time_call(_cases_through_the_gate(cast.housing)),
        "case rows, get_objects_for_user": time_call(_cases_by_guardian(cast.manager), runs=3),
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
        Report.objects.listed_for(user)
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


def _cases_through_the_gate(user: User) -> Callable[[], Any]:
    partnership, at = county(), timezone.now()
    return lambda: list(
        find_cases(Wanted(), user=user, partnership=partnership, at=at)
        .order_by(*ORDERS[PRIORITY])
        .select_related("lead", "officer")[:ROWS]
    )


def _cases_by_hand(user: User) -> Callable[[], Any]:
    view = Permission.objects.get(codename="view_case", content_type__app_label="cases").pk
    parameters: tuple[Any, ...] = (county().pk, user.partner_groups, view, ROWS)

    def fetch() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(CASES_BY_HAND, parameters)
            return cursor.fetchall()

    return fetch


def _cases_by_guardian(user: User) -> Callable[[], Any]:
    partnership = county()
    return lambda: list(
        get_objects_for_user(user, "cases.view_case", Case, accept_global_perms=False)
        .filter(partnership=partnership, ended_at=None)
        .order_by(*ORDERS[PRIORITY])[:ROWS]
    )


__all__ = ["Timing", "county", "measure"]
