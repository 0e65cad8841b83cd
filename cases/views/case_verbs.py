"""What the small pages of a case share: one form, one thing done to the case, and back to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.views.case_shell import CaseShell
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken
from csp.core.forms import GDSForm


def verb_page(
    request: StaffRequest,
    shell: CaseShell,
    form: GDSForm,
    *,
    title: str,
    does: Callable[..., Any],
    done: str,
    **more: Any,
) -> HttpResponse:
    """`does` gets the case, the answers, who and when. `more` goes to the template, such as `intro`."""
    if form.is_valid():
        try:
            does(case=shell.case, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, done.format(shell.case))
            return redirect(shell.case)
    nothing: dict[str, Any] = {"intro": "", "changes": []}
    context = nothing | {"case": shell.case, "form": form, "title": title, **more}
    return render(request, "cases/case_verb.html", context)
