"""The people of a case: who they are in it, and how they may be reached."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import LinkRole
from cases.forms.cases import ReasonForm
from cases.forms.edit import LinkPersonForm
from cases.forms.people import CaseRoleForm
from cases.models import CasePerson, Report
from cases.services.case_people import (
    add_person_to_case,
    change_role_in_case,
    people_of,
    remove_person_from_case,
)
from cases.services.risk_rows import risk_rows
from cases.services.search import contact_open_to
from cases.views.case_shell import CaseShell, open_case
from cases.views.person_shown import PersonShown
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken

TAB = "cases:people"
GROUPS = {
    LinkRole.COMPLAINANT: "Complainants",
    LinkRole.VICTIM: "Victims",
    LinkRole.CHILD: "Children",
    LinkRole.SUBJECT: "Subjects",
    LinkRole.WITNESS: "Witnesses",
    LinkRole.PROFESSIONAL: "Professionals",
    LinkRole.REPRESENTATIVE: "Calling for someone else",
}


@dataclasses.dataclass(frozen=True)
class PersonRow(PersonShown):
    """Somebody in one role in the case."""

    link: CasePerson
    report: Report | None
    """The report they came with, where the reader sees it."""


@require_safe
def people(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.read", active=TAB)
    rows = rows_of(shell)
    may_edit = request.user.has_perm("cases.edit", shell.case) and shell.case.is_open
    groups = [
        {"title": title, "role": role, "rows": [row for row in rows if row.link.role == role]}
        for role, title in GROUPS.items()
    ]
    context = {
        "shell": shell,
        "groups": [group for group in groups if group["rows"]],
        "risks": risk_rows(shell.case, shell.user, shell.at),
        "assesses": may_edit,
        "may_edit": may_edit,
    }
    return render(request, "cases/case_people.html", context)


def rows_of(shell: CaseShell) -> list[PersonRow]:
    links = people_of(shell.case, shell.user).select_related("person__place", "case", "report")
    found = list(links.filter(person__merged_into=None).order_by("person__name", "pk"))
    contact = contact_open_to(shell.user, list({link.person_id: link.person for link in found}.values()))
    reports = Report.objects.visible_to(shell.user).in_bulk({link.report_id for link in found} - {None})
    return [
        PersonRow(link.person, link.person_id in contact, link, reports.get(link.report_id or 0))
        for link in found
    ]


@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit", active=TAB)
    form = LinkPersonForm(request.POST or None, user=request.user, partnership=shell.case.partnership)
    form.fields["role"].label = "In this case they are"
    form.fields["role"].error_messages["required"] = "Select what they are in this case"
    if form.is_valid():
        entry = form.entry(LinkRole(form.cleaned_data["role"]))
        try:
            link = add_person_to_case(case=shell.case, entry=entry, by=request.user, at=timezone.now())
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{link.person} added to case {shell.case}")
            return redirect(TAB, reference=reference)
    return render(request, "cases/case_person_add.html", {"shell": shell, "form": form})


@require_http_methods(["GET", "POST"])
def change_role(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell, link = link_to_change(request, reference, pk)
    form = CaseRoleForm(request.POST or None, initial={"role": link.role})
    return changed(
        request,
        shell,
        link,
        form,
        title=f"What is {link.person} in this case?",
        does=lambda typed: change_role_in_case(
            link=link, role=LinkRole(typed["role"]), by=request.user, at=timezone.now()
        ),
        done=f"The role of {link.person} is changed",
    )


@require_http_methods(["GET", "POST"])
def remove(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell, link = link_to_change(request, reference, pk)
    form = ReasonForm(
        request.POST or None,
        label="Why are they taken out?",
        missing="Enter why they are taken out",
        submit="Take out of this case",
    )
    return changed(
        request,
        shell,
        link,
        form,
        title=f"Take out {link.person}, {link.get_role_display().lower()}",
        does=lambda typed: remove_person_from_case(
            link=link, reason=typed["reason"], by=request.user, at=timezone.now()
        ),
        done=f"{link.person} is taken out of case {shell.case} as {link.get_role_display().lower()}",
    )


def link_to_change(request: StaffRequest, reference: str, pk: int) -> tuple[CaseShell, CasePerson]:
    shell = open_case(request, reference, "cases.edit", active=TAB)
    return shell, get_object_or_404(shell.case.links.select_related("person"), pk=pk)


def changed(
    request: StaffRequest,
    shell: CaseShell,
    link: CasePerson,
    form: Any,
    *,
    title: str,
    does: Any,
    done: str,
) -> HttpResponse:
    """One form, one thing done to somebody in the case, and back to the people."""
    if form.is_valid():
        try:
            does(form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, done)
            return redirect(TAB, reference=shell.case.reference)
    context = {"shell": shell, "link": link, "form": form, "title": title}
    return render(request, "cases/case_person_change.html", context)
