"""The meetings of a case: where it stands on an agenda, what was decided, and what waits."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.views.case_shell import open_case
from csp.agencies.access import StaffRequest
from csp.agencies.models import User
from tasking.models import AgendaItem, Referral

MOST_SHOWN = 100


def is_draft_to(user: User, item: AgendaItem) -> bool:
    """What its meeting decided is written up by the team that runs it, and not approved yet."""
    return not (item.meeting.is_approved or item.lead_id in user.partner_ids)


@require_safe
def of_case(request: StaffRequest, reference: str) -> HttpResponse:
    """Each item and each referral through its own gate, those of merged cases with them."""
    shell = open_case(request, reference, active="meetings:of_case")
    family = shell.case.family.values("pk")
    items = AgendaItem.objects.visible_to(request.user).filter(case__in=family)
    items = items.select_related("meeting__series", "referred_by").prefetch_related("outcomes")
    listed = list(items.order_by("-meeting__starts_at", "-pk")[:MOST_SHOWN])
    for item in listed:
        item.is_draft = is_draft_to(request.user, item)
    referrals = Referral.objects.visible_to(request.user).filter(case__in=family, item=None)
    referrals = referrals.select_related("meeting__series", "from_partner")
    context = {
        "shell": shell,
        "items": listed,
        "referrals": referrals.order_by("-made_at", "-pk")[:MOST_SHOWN],
        "may_refer": shell.case.is_open and shell.may("meetings.refer_subject"),
    }
    return render(request, "tasking/case_meetings.html", context)
