"""Taking a late action that was given at a meeting to the agency's lead, and after that to the board."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from csp.actions.models import Action
from csp.agencies.access import StaffRequest, get_permitted
from csp.audit.services import looked_at
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.text import mid_sentence
from tasking.enums import EscalationLevel
from tasking.forms.actions import EscalateForm
from tasking.models import Escalation
from tasking.notifications.escalation import addresses
from tasking.services import escalation as services


@require_http_methods(["GET", "POST"])
def escalate(request: StaffRequest, reference: str) -> HttpResponse:
    given = Action.objects.filter(given_at__isnull=False)
    given = given.select_related("owner__group", "lead", "person").prefetch_related("escalations__by")
    action = get_permitted(given, request.user, "meetings.escalate", reference=reference)
    at, earlier = timezone.now(), services.earlier_of(action)
    level = services.next_level(earlier)
    problem = services.why_not(action, earlier, local_day(at))
    told = bool(addresses(action, request.user.pk, local_day(at)))
    form = EscalateForm(request.POST or None, level=level or EscalationLevel.BOARD)
    if form.is_valid():
        try:
            made = services.escalate(action=action, by=request.user, at=at, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            say(request, action, made, told)
            return redirect(f"{reverse('meetings:action_board')}?agency={action.owner_id}")
    looked_at(request.user, action)
    context = {
        "told": told,
        "action": action,
        "form": form if form.is_bound or not problem else None,
        "problem": problem,
        "to_board": level == EscalationLevel.BOARD,
        "escalations": sorted(earlier.values(), key=lambda each: each.at),
    }
    return render(request, "tasking/escalate.html", context)


def say(request: StaffRequest, action: Action, made: Escalation, told: bool) -> None:
    if made.level == EscalationLevel.AGENCY_LEAD and not told:
        messages.warning(
            request,
            f"{action} is escalated, but nobody at {action.owner} could be told by e-mail. Phone them",
        )
    else:
        messages.success(request, f"{action} is escalated to {mid_sentence(made.get_level_display())}")
