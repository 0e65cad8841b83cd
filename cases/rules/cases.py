import rules

from cases.models import Case, CaseNamed, HandOver
from cases.rules.reports import manages_lead
from csp.agencies.enums import Role
from csp.agencies.models import User
from csp.agencies.rules import does_casework, works_for_lead


@rules.predicate
def reads_case_in_full(user: User, case: Case) -> bool:
    return Case.objects.readable_by(user).filter(pk=case.pk).exists()


@rules.predicate
def contributes_to_case(user: User, case: Case) -> bool:
    return Case.objects.open_to_add(user).filter(pk=case.pk).exists()


@rules.predicate
def leads_case(user: User, case: Case) -> bool:
    """The user works for the team that leads the case, and where it is restricted, is one of those named."""
    return works_for_lead(user, case) and (
        not case.restricted or CaseNamed.objects.current().filter(case=case, user=user).exists()
    )


@rules.predicate
def is_of_the_team(user: User, case: Case) -> bool:
    """An officer or manager of the team that leads it."""
    return any(
        seat.role in (Role.OFFICER, Role.MANAGER) and seat.partner_id == case.lead_id for seat in user.seats
    )


@rules.predicate
def is_asked_to_take_over(user: User, asked: HandOver) -> bool:
    return asked.to_partner_id in user.partner_ids


@rules.predicate
def asked_to_hand_over(user: User, asked: HandOver) -> bool:
    return asked.from_partner_id in user.partner_ids


rules.add_perm("cases.list", does_casework)
rules.add_perm("cases.view", does_casework)
rules.add_perm("cases.read", reads_case_in_full)
rules.add_perm("cases.contribute", contributes_to_case)
rules.add_perm("cases.edit", leads_case)
rules.add_perm("cases.manage", leads_case & manages_lead)
rules.add_perm("cases.answer_hand_over", is_asked_to_take_over)
rules.add_perm("cases.withdraw_hand_over", asked_to_hand_over)
