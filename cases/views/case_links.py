"""Linking cases to each other."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms.cases import LinkForm
from cases.models import Case, CaseLink
from cases.services import case_links
from cases.views.case_shell import open_case
from cases.views.case_verbs import verb_page
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken


@require_http_methods(["GET", "POST"])
def link(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    form = LinkForm(request.POST or None, user=request.user)
    return verb_page(
        request,
        shell,
        form,
        title="Link it to another case",
        does=case_links.link_cases,
        done="{} is linked",
        intro="Both stay cases of their own. Others see the link only where they may see both.",
    )


@require_POST
def unlink(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    visible = Case.objects.visible_to(request.user)
    links = CaseLink.objects.filter(
        Q(case=shell.case, other__in=visible) | Q(other=shell.case, case__in=visible)
    )
    found = get_object_or_404(links, pk=pk)
    try:
        case_links.unlink_cases(link=found, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "The link is taken away")
    return redirect(shell.case)
