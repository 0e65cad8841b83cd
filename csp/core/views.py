from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from csp.core import progress
from csp.core.errors import RuleBroken
from csp.core.models import LongTask


@require_safe
@never_cache
def progress_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "core/progress.html", reading(_mine(request, pk)))


@require_safe
@never_cache
def progress_state(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The same for scripts."""
    work = _mine(request, pk)
    return JsonResponse(
        {
            "state": reading(work)["state"],
            "percent": work.percent,
            "done": work.done,
            "total": work.total,
            "message": work.message,
            "result_url": work.result_url,
        }
    )


@require_POST
def progress_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    work = _mine(request, pk)
    try:
        progress.retry(work)
    except RuleBroken as problem:
        messages.warning(request, str(problem))
    return redirect(work)


def _mine(request: HttpRequest, pk: UUID) -> LongTask:
    return get_object_or_404(LongTask.objects.visible_to(request.user), pk=pk)


def reading(work: LongTask) -> dict[str, Any]:
    """What the page shows. Work whose worker has died is stopped, which the row itself cannot know."""
    now = timezone.now()
    state = "stopped" if work.has_stopped(now) else work.status.lower()
    return {"task": work, "state": state, "can_retry": work.can_retry(now)}
