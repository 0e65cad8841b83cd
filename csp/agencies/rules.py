"""Predicates every room uses: who the user is, before what they do."""

import rules
from django.utils import timezone
from rules.predicates import Predicate

from csp.agencies.enums import CASEWORK_ROLES, GIVABLE_ROLES, Role
from csp.agencies.models import Membership, Partner, Partnership, User


def holds(*roles: Role) -> Predicate:
    """The user holds one of these roles anywhere."""

    def check(user: User) -> bool:
        return user.is_authenticated and user.has_role(*roles)

    return Predicate(check, name="holds_" + "_or_".join(roles))


does_casework = holds(*CASEWORK_ROLES)
is_administrator = holds(Role.ADMINISTRATOR)
gives_roles = holds(*GIVABLE_ROLES)


@rules.predicate
def works_for_lead(user: User, record: object) -> bool:
    """The user does casework for the partner that leads the record."""
    return record is not None and record.lead_id in user.partner_ids  # type: ignore[attr-defined]


def partners_looked_after(user: User, partnership: Partnership) -> list[Partner]:
    """Partners of this partnership whose people's accounts the user manages."""
    mine = [seat.partner for seat in user.seats if seat.role in (Role.AGENCY_LEAD, Role.MANAGER)]
    if user.has_role(Role.ADMINISTRATOR, partnership=partnership):
        return list(partnership.partners.order_by("name"))
    own = {partner.pk: partner for partner in mine if partner.partnership_id == partnership.pk}
    return sorted(own.values(), key=lambda partner: partner.name)


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


@rules.predicate
def gives_this_role(user: User, seat: Membership) -> bool:
    return seat.user_id != user.pk and seat.role in roles_to_give(user, seat.partner)


@rules.predicate
def administers(user: User, record: Partner | Partnership) -> bool:
    """The user administers the partnership that the record belongs to, or is."""
    partnership = record if isinstance(record, Partnership) else record.partnership
    return user.has_role(Role.ADMINISTRATOR, partnership=partnership)


@rules.predicate
def keeps_agreements(user: User, partnership: Partnership | None) -> bool:
    """A manager or administrator: of that partnership, or of any if none is named."""
    return user.is_authenticated and user.has_role(Role.MANAGER, Role.ADMINISTRATOR, partnership=partnership)


@rules.predicate
def reads_agreements(user: User, partnership: Partnership | None) -> bool:
    """Whoever does casework, and those who keep or audit the register."""
    return user.is_authenticated and user.has_role(
        *CASEWORK_ROLES, Role.ADMINISTRATOR, Role.AUDITOR, partnership=partnership
    )


rules.add_perm("agencies.read_agreements", reads_agreements)
rules.add_perm("agencies.keep_agreements", keeps_agreements)
rules.add_perm("agencies.manage_users", gives_roles)
rules.add_perm("agencies.manage_user", looks_after_a_seat)
rules.add_perm("agencies.manage_account", looks_after)
rules.add_perm("agencies.change_membership", gives_this_role)
rules.add_perm("agencies.administer", is_administrator)
rules.add_perm("agencies.change", administers)


@rules.predicate
def audits(user: User, partnership: Partnership | None) -> bool:
    """The user is an auditor of that partnership, or of any if none is named."""
    return user.is_authenticated and user.has_role(Role.AUDITOR, partnership=partnership)


rules.add_perm("audit.read", audits)
