"""How the reports, cases and what hangs on them that a figure counts are listed.

Everybody who sees a record at all may open such a list, so a row says nothing that a summary would not.
"""

from django.urls import reverse

from cases.models import Case, Closure, Contact, Intervention, InterventionBreach, Report, RiskAssessment
from csp.core.calendar import local_day
from csp.core.record_rows import Row, register_rows
from csp.core.words import date_words

NOT_KNOWN = "Kind not known"


def _report(report: Report) -> Row:
    kinds = ", ".join(category.label for category in report.categories.all())
    area = str(report.local_area or report.ward or "Place not known")
    received = f"received {date_words(local_day(report.received_at))}"
    detail = f"{area} · {received} · {report.get_status_display()}"
    return Row(report.reference, kinds or NOT_KNOWN, report.get_absolute_url(), detail)


def _case(case: Case) -> Row:
    opened = f"opened {date_words(local_day(case.opened_at))}"
    detail = f"{case.lead} · {opened} · {case.get_status_display()}"
    return Row(case.reference, case.title, case.get_absolute_url(), detail)


def _closure(closure: Closure) -> Row:
    case = closure.case
    closed = f"closed {date_words(local_day(closure.approved_at))}" if closure.approved_at else ""
    return Row(
        case.reference, case.title, case.get_absolute_url(), f"{closed} · {closure.get_reason_display()}"
    )


def _assessment(assessment: RiskAssessment) -> Row:
    detail = f"{assessment.get_kind_display()}, {date_words(local_day(assessment.at))}"
    url = reverse("cases:assessment", args=[assessment.case.reference, assessment.pk])
    return Row(assessment.case.reference, assessment.get_risk_display(), url, detail)


def _contact(contact: Contact) -> Row:
    detail = f"{contact.get_method_display()}, {contact.get_status_display().lower()}"
    made = date_words(local_day(contact.made_at))
    about = contact.about
    return Row(about.reference, contact.get_kind_display(), about.get_absolute_url(), f"{detail} · {made}")


def _intervention(power: Intervention) -> Row:
    served = f"served {date_words(local_day(power.served_at))}" if power.served_at else ""
    url = reverse("cases:power", args=[power.case.reference, power.pk])
    detail = " · ".join(filter(None, [str(power.issuer), served, power.get_status_display()]))
    return Row(power.case.reference, power.get_kind_display(), url, detail)


def _breach(breach: InterventionBreach) -> Row:
    power = breach.intervention
    url = reverse("cases:power", args=[power.case.reference, power.pk])
    detail = f"{date_words(breach.happened_on)} · {breach.get_response_display()}"
    return Row(power.case.reference, f"Breach: {power.get_kind_display()}", url, detail)


def join_in() -> None:
    register_rows(Report, ("local_area", "ward"), _report, prefetch=("categories",))
    register_rows(Case, ("lead",), _case)
    register_rows(Closure, ("case",), _closure)
    register_rows(RiskAssessment, ("case",), _assessment)
    register_rows(Contact, ("report", "case"), _contact)
    register_rows(Intervention, ("case", "issuer"), _intervention)
    register_rows(InterventionBreach, ("intervention__case",), _breach)
