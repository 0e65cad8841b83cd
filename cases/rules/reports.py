import rules

from cases.models import Case, ImportRun, Report
from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models import Partnership, User
from csp.agencies.rules import does_casework, works_for_lead


@rules.predicate
def receives_reports(user: User, partnership: Partnership | None) -> bool:
    """The user works for the team that receives reports: of that partnership, or of any if none is named."""
    return user.is_authenticated and any(
        seat.role in CASEWORK_ROLES
        and seat.partner.partnership.receiving_partner_id == seat.partner_id
        and (partnership is None or seat.partner.partnership_id == partnership.pk)
        for seat in user.seats
    )


@rules.predicate
def manages_lead(user: User, record: Report | Case) -> bool:
    """The user is a manager of the partner that leads the record."""
    return any(seat.role == Role.MANAGER and seat.partner_id == record.lead_id for seat in user.seats)


@rules.predicate
def decided_it(user: User, report: Report) -> bool:
    """The triage decision that stands is the user's own."""
    return report.decisions.filter(undone_at=None, by=user).exists()


@rules.predicate
def reads_report_in_full(user: User, report: Report) -> bool:
    return Report.objects.readable_by(user).filter(pk=report.pk).exists()


@rules.predicate
def contributes_to_report(user: User, report: Report) -> bool:
    return Report.objects.open_to_add(user).filter(pk=report.pk).exists()


@rules.predicate
def runs_imports(user: User, record: Partnership | ImportRun | None) -> bool:
    """An officer or manager of the team that receives reports: of that partnership or import, or of any."""
    team = record.lead_id if isinstance(record, ImportRun) else record and record.receiving_partner_id
    return user.is_authenticated and any(
        seat.role in (Role.OFFICER, Role.MANAGER)
        and seat.partner.partnership.receiving_partner_id == seat.partner_id
        and team in (None, seat.partner_id)
        for seat in user.seats
    )


rules.add_perm("reports.list", does_casework)
rules.add_perm("reports.view", does_casework)  # of a record the gate lets them see
rules.add_perm("reports.read", reads_report_in_full)
rules.add_perm("reports.log", receives_reports)
rules.add_perm("reports.refer", does_casework)
rules.add_perm("reports.contribute", contributes_to_report)
rules.add_perm("reports.edit", works_for_lead)
rules.add_perm("reports.triage", works_for_lead)
rules.add_perm("reports.claim", works_for_lead)
rules.add_perm("reports.assign", works_for_lead)
rules.add_perm("reports.contact", works_for_lead)
rules.add_perm("reports.undo_decision", works_for_lead & (decided_it | manages_lead))
rules.add_perm("people.search", does_casework)
rules.add_perm("people.view", does_casework)  # of a person the gate lets them see
rules.add_perm("imports.run", runs_imports)
