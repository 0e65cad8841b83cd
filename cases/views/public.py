"""Pages for residents: no account, nothing kept before it is sent."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.core import is_ratelimited
from formtools.wizard.views import NamedUrlWizardView

from cases.forms.public import QUESTIONS, AddForm, answers_of
from cases.models import Report
from cases.services import public
from cases.services.information import add_information
from csp.agencies.models import Partnership
from csp.core.errors import RuleBroken

FOLLOWED = "followed_report"
SENT = "sent_report"
SENDS = "20/h"
ADDITIONS = "20/h"
LINKS = "60/h"


def takes_reports() -> Any:
    return Partnership.objects.exclude(receiving_partner=None).order_by("name")


def too_many(request: HttpRequest, group: str, rate: str) -> bool:
    """More from one address than a person sends. Counted only when called."""
    return is_ratelimited(request, group=group, key="ip", rate=rate, increment=True)


@login_not_required
@require_safe
def start(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What this is for, and, where one installation serves several partnerships, which of them."""
    partnerships = list(takes_reports())
    if slug:
        partnerships = [get_object_or_404(takes_reports(), slug=slug)]
    only = partnerships[0] if len(partnerships) == 1 else None
    return render(request, "public/start.html", {"partnerships": partnerships, "partnership": only})


def wants_to_be_named(wizard: "ReportWizard") -> bool:
    return answer(wizard, "for", "for_whom") != "anonymous"


def reports_for_another(wizard: "ReportWizard") -> bool:
    return answer(wizard, "for", "for_whom") == "behalf"


def answer(wizard: "ReportWizard", step: str, name: str) -> Any:
    return (wizard.get_cleaned_data_for_step(step) or {}).get(name)


@method_decorator([login_not_required, never_cache], name="dispatch")
class ReportWizard(NamedUrlWizardView):
    """One question per page. A class because the wizard of django-formtools is one."""

    storage_name = "csp.core.wizard.CacheStorage"
    form_list = QUESTIONS
    condition_dict = {
        "affected": reports_for_another,
        "name": wants_to_be_named,
        "contact": wants_to_be_named,
        "needs": wants_to_be_named,
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.partnership = get_object_or_404(takes_reports(), slug=kwargs["slug"])
        return super().dispatch(request, *args, **kwargs)

    def get_prefix(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return f"report-{kwargs['slug']}"

    def get_step_url(self, step: str) -> str:
        return reverse("public:question", args=[self.partnership.slug, step])

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        return {"partnership": self.partnership}

    def get_template_names(self) -> list[str]:
        return ["public/check.html" if self.steps.current == "check" else "public/question.html"]

    def get_context_data(self, form: Any, **kwargs: Any) -> dict[str, Any]:
        more = {
            "partnership": self.partnership,
            "call_999": answer(self, "danger", "in_danger") == "yes",
        }
        if self.steps.current == "danger":
            more["back"] = reverse("public:start_in", args=[self.partnership.slug])
        elif self.steps.prev:
            more["back"] = self.get_step_url(self.steps.prev)
        if self.steps.current == "check":
            more["answers"] = self.answered()
        return super().get_context_data(form, **kwargs) | more

    def answered(self) -> list[dict[str, Any]]:
        """What the check page lists: each question with its answer and the way back to it."""
        rows = []
        for step in self.steps.all:
            data = self.storage.get_step_data(step)
            if step == "check" or data is None:
                continue
            form = self.get_form(step=step, data=data)
            rows.append({"url": self.get_step_url(step), "step": step, "answers": answers_of(form)})
        return rows

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kwargs.get("step") == "check" and too_many(self.request, "report-asb", SENDS):
            return render(self.request, "public/too_many.html", {"partnership": self.partnership}, status=429)
        return super().post(*args, **kwargs)

    def done(self, form_list: Any, **kwargs: Any) -> HttpResponse:
        token = uuid.UUID(self.storage.extra_data["token"])
        report = public.file_report(
            partnership=self.partnership,
            answers=self.get_all_cleaned_data(),
            token=token,
            at=timezone.now(),
        )
        self.storage.forget()
        self.request.session[SENT] = report.pk
        return redirect("public:sent", self.partnership.slug)

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if "token" not in self.storage.extra_data:
            self.storage.extra_data = {"token": str(uuid.uuid4())}
        return super().get(*args, **kwargs)


@login_not_required
@never_cache
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """The reference, what happens next, and the private link. Shown in the session that sent it."""
    reports = Report.objects.select_related("partnership")
    report = get_object_or_404(reports, pk=int(request.session.get(SENT) or 0), partnership__slug=slug)
    link = settings.PUBLIC_URL + reverse("public:follow", args=[public.follow_token(report)])
    return render(
        request, "public/sent.html", {"report": report, "partnership": report.partnership, "link": link}
    )


@login_not_required
@never_cache
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """The private link. It goes on to an address without the token, which so stays out of what is shared."""
    report = None if too_many(request, "follow-report", LINKS) else public.report_of(token)
    if report is None:
        return render(request, "public/gone.html", status=404)
    request.session[FOLLOWED] = report.pk
    return HttpResponseRedirect(reverse("public:progress"))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """What has happened to the report, and a box to add to it."""
    report = (
        Report.objects.select_related("partnership")
        .filter(pk=int(request.session.get(FOLLOWED) or 0))
        .first()
    )
    if report is None:
        return render(request, "public/gone.html", status=404)
    form = AddForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        if too_many(request, "add-to-report", ADDITIONS):
            form.add_error(None, "You have sent a lot in the last hour. Wait an hour, or phone us")
        elif add(form, report):
            return redirect(reverse("public:progress") + "?added=1")
    context = {
        "report": report,
        "partnership": report.partnership,
        "steps": public.steps(report),
        "form": form,
        "added": "added" in request.GET,
    }
    return render(request, "public/progress.html", context)


def add(form: AddForm, report: Report) -> bool:
    try:
        add_information(report=report, by=None, at=timezone.now(), **form.cleaned_data)
    except RuleBroken as problem:
        form.add_error(None, str(problem))
        return False
    return True


@login_not_required
@require_http_methods(["POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Done: this browser forgets which report it followed."""
    request.session.pop(FOLLOWED, None)
    request.session.pop(SENT, None)
    return redirect("public:start")
