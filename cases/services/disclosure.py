"""What of a report stays inside the team that leads it."""

from cases.models import Report
from csp.agencies.models import User


def leads(user: User, report: Report) -> bool:
    return report.lead_id in user.partner_ids


def place_is_protected(report: Report) -> bool:
    """Somebody whose address must not be disclosed lives where it happened."""
    if report.place_id is None:
        return False
    return report.people.filter(do_not_disclose=True, place=report.place_id).exists()
