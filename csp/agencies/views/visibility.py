from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from csp.agencies.access import level_for, record_model
from csp.agencies.enums import ShareLevel
from csp.agencies.services.visibility import cut_to, is_restricted, who_can_see


@require_safe
def who_sees(request, reference):
    """Who can see this record, and why: for everybody to whom it is open in full."""
    model = record_model(reference)
    if model is None:
        raise Http404
    record = get_object_or_404(model.objects.visible_to(request.user), reference=reference)
    if (level_for(request.user, record) or 0) < ShareLevel.FULL:
        raise PermissionDenied
    seen = cut_to(who_can_see(record, timezone.now()), record, request.user)
    context = {
        "record": record,
        "seen": seen,
        "restricted": is_restricted(record),
        "marking": settings.MARKING,
    }
    return render(request, "agencies/who_can_see.html", context)
