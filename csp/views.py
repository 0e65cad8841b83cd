"""Pages that belong to the installation and to no room: health and errors."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from csp import home as home_page
from csp.agencies import navigation
from csp.agencies.models import User
from csp.celery import app as celery_app
from csp.core.request import current_request_id


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs this person now, late first, and beside it what their rooms have to say."""
    user, partnership, at = request.user, request.partnership, timezone.now()  # type: ignore[attr-defined]
    if not isinstance(user, User) or partnership is None:
        return render(request, "home/no_seat.html")
    context = {
        "groups": home_page.grouped(navigation.needs(user, partnership, at), at),
        "panels": navigation.panels(user, partnership, at),
        "start": home_page.start_for(user),
        "nothing": home_page.nothing_for(user),
    }
    return render(request, "home/home.html", context)


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy.html")


@require_safe
@login_not_required
def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "cookies.html")


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Asks nothing of others, so that a slow database does not restart the web."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything that a page needs is there. Says which part is not, and no more: anybody may read it."""
    parts = {name: answers(check) for name, check in CHECKS.items()}
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def broker_answers() -> bool:
    with celery_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return True


def migrations_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "broker": broker_answers,
    "migrations": migrations_applied,
}


def answers(check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "not ready"
    except Exception:  # noqa: BLE001 -- whatever it is, this part does not answer
        return "not ready"


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """The reference is the request's id in the log, so that a person can tell us which error they met."""
    return render(request, f"{status}.html", {"reference": current_request_id()}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Nearly always a form opened before signing in or out, so the page says how to send it after all."""
    return render(request, "403_csrf.html", {"reference": current_request_id()}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without the request: who is signed in is in the database, which may be what failed."""
    return HttpResponse(render_to_string("500.html", {"reference": current_request_id()}), status=500)
