import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from csp.audit.export import MOST_ROWS, lines
from csp.audit.forms import EventFilter
from csp.audit.models import Event, Seal
from csp.audit.services import exported, record_once
from csp.audit.unusual import unusual_access
from csp.audit.words import Line
from csp.core.keyset import page_of

PAGE_SIZE = 50


def audited_partnership(request):
    """The partnership the user works in now, if they audit that, else the first one they audit."""
    here = [getattr(request, "partnership", None), *request.user.partnerships]
    audited = next((each for each in here if each and request.user.has_perm("audit.read", each)), None)
    if audited is None:
        raise PermissionDenied
    return audited


@require_safe
def event_list(request):
    """Who saw, changed and disclosed what. Reading it is itself an event."""
    partnership = audited_partnership(request)
    chosen = EventFilter(request.GET, partnership=partnership)
    record_once("audit.viewed", by=request.user, partnership=partnership, **chosen.to_record())
    events = chosen.apply(Event.objects.filter(partnership=partnership))
    page = page_of(
        events.select_related("actor", "actor_partner", "partner"), request, "-at", "-pk", size=PAGE_SIZE
    )
    context = {
        "filter": chosen,
        "page": page,
        "lines": [Line.of(event) for event in page.rows],
        "seal": Seal.objects.order_by("-day").first(),
        "export_url": reverse("audit:export") + chosen.url(),
        "audited": partnership,
    }
    return render(request, "audit/event_list.html", context)


@require_safe
def export(request):
    """The same events as a file. A file that would not hold them all is refused rather than cut short."""
    partnership = audited_partnership(request)
    chosen = EventFilter(request.GET, partnership=partnership)
    events = chosen.apply(Event.objects.filter(partnership=partnership))
    rows = events[: MOST_ROWS + 1].count()
    if rows > MOST_ROWS:
        messages.error(request, f"More than {MOST_ROWS:,} events. Choose fewer days, or one person or kind")
        return redirect(reverse("audit:list") + chosen.url())
    event = exported(request.user, "audit", rows=rows, partnership=partnership, **chosen.to_record())
    name = f"audit-{partnership.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    # Up to the event of the export itself: what is written while the file streams is for the next one.
    response = StreamingHttpResponse(lines(events.before(event)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def unusual(request):
    """People who opened many more records than usual, or opened records out of hours, on one day."""
    partnership = audited_partnership(request)
    today = timezone.localdate()
    day = asked_day(request.GET.get("day", ""), today)
    record_once("audit.viewed", by=request.user, partnership=partnership, page="unusual", day=day.isoformat())
    context = {
        "day": day,
        "today": today,
        "people": unusual_access(partnership=partnership, day=day),
        "day_before": day - dt.timedelta(days=1),
        "day_after": day + dt.timedelta(days=1) if day < today else None,
        "audited": partnership,
    }
    return render(request, "audit/unusual.html", context)


def asked_day(text: str, today: dt.date) -> dt.date:
    try:
        return min(dt.date.fromisoformat(text), today)
    except ValueError:
        return today
