from django.db.models import Q

from cases.models import Report, ReportPerson
from cases.services.assessment import weigh

AT_ONCE = 50


def weigh_again_after(*, report: Report) -> int:
    """A report became a duplicate, or is one no more: others of the same people or place may repeat less, or
    more. Those that still wait for triage are weighed again, except where somebody is deciding just now.
    """
    people = report.links.values("person")
    alike = Q(pk__in=ReportPerson.objects.filter(person__in=people).values("report"))
    if report.place_id:
        alike |= Q(place=report.place_id)
    waiting = Report.objects.awaiting_triage().filter(alike, partnership=report.partnership_id)
    held = waiting.exclude(pk=report.pk).select_for_update(of=("self",), skip_locked=True)
    others = list(held.select_related("partnership").order_by("pk")[:AT_ONCE])
    for other in others:
        weigh(report=other)
    return len(others)
