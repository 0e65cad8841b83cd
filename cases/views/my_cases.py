from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.services.my_cases import my_cases
from cases.views.case_list import check_may_list
from csp.agencies.access import StaffRequest


@require_safe
def mine(request: StaffRequest) -> HttpResponse:
    """The person's own open cases and what each waits for, late first."""
    check_may_list(request)
    groups = my_cases(request.user, request.partnership, timezone.now())
    number = sum(len(group.cases) for group in groups)
    return render(request, "cases/my_cases.html", {"groups": groups, "number": number})
