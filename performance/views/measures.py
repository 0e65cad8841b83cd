from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from csp.agencies.access import StaffRequest


@require_safe
def dashboard(request: StaffRequest) -> HttpResponse:
    if request.partnership is None or not request.user.has_perm("performance.read", request.partnership):
        raise PermissionDenied
    return render(request, "performance/dashboard.html")
