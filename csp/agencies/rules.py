"""Predicates every room uses: who the user is, before what they do."""

import rules
from django.utils import timezone
from rules.predicates import Predicate

from csp.agencies.enums import CASEWORK_ROLES, GIVABLE_ROLES, Role
from csp.agencies.models import Membership, Partner, User


def holds(*roles: Role) -> Predicate:
    """The user holds one of these roles anywhere."""

    def check(user: User) -> bool:
        return user.is_authenticated and user.has_role(*roles)

    return Predicate(check, name="holds_" + "_or_".join(roles))


does_casework = holds(*CASEWORK_ROLES)
is_administrator = holds(Role.ADMINISTRATOR)
is_auditor = holds(Role.AUDITOR)
leads_an_agency = holds(Role.AGENCY_LEAD, Role.MANAGER)
gives_roles = holds(*GIVABLE_ROLES)


@rules.predicate
def works_for_lead(user: User, record: object) -> bool:
    """The user does casework for the partner that leads the record."""
    return record is not None and record.lead_id in user.partner_ids  # type: ignore[attr-defined]


@rules.predicate
def in_the_team(user: User) -> bool:
    """The user does casework for the team that receives reports in one of their partnerships."""
    return user.is_authenticated and any(
        seat.role in CASEWORK_ROLES and seat.partner.partnership.receiving_partner_id == seat.partner_id
        for seat in user.seats
    )


def roles_to_give(user: User, partner: Partner) -> frozenset[Role]:
    """What the user may give and take at `partner`. An administrator's reach is the whole partnership."""
    held = {
        Role(seat.role)
        for seat in user.seats
        if (seat.role == Role.ADMINISTRATOR and seat.partner.partnership_id == partner.partnership_id)
        or (seat.role != Role.ADMINISTRATOR and seat.partner_id == partner.pk)
    }
    return frozenset(role for each in held for role in GIVABLE_ROLES.get(each, ()))


@rules.predicate
def looks_after_a_seat(user: User, person: User) -> bool:
    """The user gives roles at a partner where the person works or worked; never for themselves."""
    seats = Membership.objects.filter(user=person).select_related("partner")
    return person.pk != user.pk and any(seat.role in roles_to_give(user, seat.partner) for seat in seats)


@rules.predicate
def looks_after(user: User, person: User) -> bool:
    """Each role the person holds now is the user's to give, so the whole account is theirs to manage."""
    now = Membership.objects.current(timezone.localdate()).filter(user=person).select_related("partner")
    return looks_after_a_seat(user, person) and all(
        seat.role in roles_to_give(user, seat.partner) for seat in now
    )


rules.add_perm("agencies.manage_users", gives_roles)
rules.add_perm("agencies.manage_user", looks_after_a_seat)
rules.add_perm("agencies.manage_account", looks_after)
rules.add_perm("agencies.administer", is_administrator)
