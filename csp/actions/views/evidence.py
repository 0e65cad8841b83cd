"""Evidence of an action: adding files, and handing them out through the gate."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from csp.actions import services
from csp.actions.forms import EvidenceForm
from csp.actions.models import ActionFile
from csp.actions.views.verbs import permitted
from csp.agencies.access import StaffRequest
from csp.audit.services import record
from csp.core.errors import RuleBroken
from csp.core.keeping import hand_out


@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, reference: str) -> HttpResponse:
    action = permitted(request, reference, "actions.note")
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        files = form.cleaned_data["evidence"]
        try:
            services.add_files(action=action, files=files, by=request.user, at=timezone.now())
        except RuleBroken as problem:
            form.add_error("evidence", str(problem))
        else:
            messages.success(request, f"The evidence is with {action}")
            return redirect(action)
    context = {"action": action, "form": form, "title": "Add evidence"}
    return render(request, "actions/action_verb.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def download(request: StaffRequest, reference: str, pk: int) -> FileResponse:
    action = permitted(request, reference, "actions.view")
    files = ActionFile.objects.visible_to(request.user).filter(action=action)
    stored = get_object_or_404(files, pk=pk)
    response = hand_out(request, stored)
    if request.method == "GET":
        record("evidence.downloaded", by=request.user, target=action, file=stored.pk)
    return response
