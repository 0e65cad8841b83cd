from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from csp.actions import services
from csp.actions.forms import GiveForm
from csp.core.errors import RuleBroken


@require_http_methods(["GET", "POST"])
@permission_required("actions.give", raise_exception=True)
def give(request):
    """Ask an agency to do something, about a record named in `?on=` or about nothing in particular."""
    on = request.GET.get("on", "")
    target = services.find_target(on, request.user) if on else None
    lead = request.partner
    if lead.pk not in request.user.partner_ids:
        raise PermissionDenied
    form = GiveForm(request.POST or None, lead=lead)
    if form.is_valid():
        try:
            action = services.give_action(
                lead=lead,
                target=target,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{action} is given to {action.owner}")
            return redirect(action if target is None else target)
    shown = services.Target.of(target) if target else None
    return render(request, "actions/action_give.html", {"form": form, "target": shown})
