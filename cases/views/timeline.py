"""The timeline of a case, on a page and on paper: the same items, cut to the reader."""

import dataclasses

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cases.forms.timeline import TimelineFilter
from cases.services.timeline import MOST_ITEMS, TimelineItem, of_partner, timeline_of
from cases.views.case_shell import CaseShell, open_case
from csp.agencies.access import StaffRequest
from csp.audit.services import printed
from csp.core.pdf import render_pdf
from csp.core.text import count
from csp.core.words import moment_words

TAB = "cases:timeline"


@dataclasses.dataclass(frozen=True)
class TimelinePage:
    filter: TimelineFilter
    items: list[TimelineItem]
    left_out: int
    """The oldest of a very long case."""

    @property
    def left_out_words(self) -> str:
        if not self.left_out:
            return ""
        shown = f"The newest {MOST_ITEMS:,} entries are shown, and {self.left_out:,} older ones are not. "
        return shown + "Choose a kind or an agency to see them"


def page_of(request: StaffRequest, shell: CaseShell) -> TimelinePage:
    narrowed = TimelineFilter(request.GET)
    items = timeline_of(shell.case, shell.user, narrowed.kinds)
    narrowed.offer({item.partner for item in items if item.partner})
    if narrowed.partner:
        items = of_partner(items, narrowed.partner)
    shown = items[:MOST_ITEMS]
    if narrowed.oldest_first:
        shown.reverse()
    return TimelinePage(narrowed, shown, len(items) - len(shown))


@require_safe
def timeline(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, active=TAB)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        "shell": shell,
        "page": page_of(request, shell),
        "pdf_url": reverse("cases:timeline_pdf", args=[shell.case.reference]) + query,
        "clear_url": reverse(TAB, args=[shell.case.reference]),
    }
    return render(request, "cases/timeline.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def pdf(request: StaffRequest, reference: str) -> HttpResponse:
    """What the page shows, to print or to send. That it was made is recorded."""
    shell = open_case(request, reference, active=TAB)
    page = page_of(request, shell)
    context = {"case": shell.case, "page": page, "reader": request.user, "printed": moment_words(shell.at)}
    context["entries"] = count(len(page.items), "entry", "entries")
    content = render_pdf("cases/timeline.pdf.html", context, title=f"Timeline of case {shell.case}")
    if request.method == "GET":
        printed(request.user, shell.case, what="timeline", items=len(page.items), kinds=page.filter.kinds)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{shell.case.reference}-timeline.pdf"'
    return answer
