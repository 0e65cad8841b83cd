"""Who can see this, and why: the answer for people and for the command, from what the gate itself reads."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from csp.agencies.access import LEVEL_VERBS, codename
from csp.agencies.enums import CASEWORK_ROLES, ShareLevel
from csp.agencies.models import Membership, Partner, Share, User


@dataclass(frozen=True)
class Seen:
    """What one partner may see of a record, and which of its people."""

    partner: Partner
    level: ShareLevel
    why: str
    share: Share | None
    memberships: tuple[Membership, ...]
    emergency: frozenset[int] = frozenset()
    """Those of its people who opened a restricted record in an emergency, for a day."""
    shown: bool = True
    """To the reader at hand: who else sees the record is for the team that leads it."""

    @property
    def people(self) -> list[str]:
        return sorted({self._words(seat.user) for seat in self.memberships})

    def _words(self, user: User) -> str:
        return f"{user.name} (opened it in an emergency)" if user.pk in self.emergency else user.name

    def as_dict(self) -> dict[str, Any]:
        return {
            "partner": self.partner.name,
            "agency": self.partner.agency.name,
            "level": self.level.label,
            "why": self.why,
            "ends_at": self.share.ends_at.isoformat() if self.share and self.share.ends_at else None,
            "people": [
                {
                    "name": seat.user.name,
                    "email": seat.user.email,
                    "role": seat.get_role_display(),
                    "emergency": seat.user_id in self.emergency,
                }
                for seat in self.memberships
            ],
        }


def who_can_see(record: Any, at: dt.datetime) -> list[Seen]:
    """Each partner with a permission row on the record: the lead first, then by name."""
    levels = _levels(record)
    partners = Partner.objects.filter(group__in=levels).select_related("agency")
    named = _named(record)
    seats = _seats(partners, timezone.localdate(at), None if named is None else set(named))
    emergency = frozenset(user for user, broke_glass in (named or {}).items() if broke_glass)
    shares = _shares(record)
    seen = [
        Seen(
            partner=partner,
            level=levels[partner.group_id],
            why=_why(record, partner, shares.get(partner.pk)),
            share=shares.get(partner.pk),
            memberships=tuple(seats[partner.pk]),
            emergency=emergency,
        )
        for partner in partners
    ]
    return sorted(seen, key=lambda each: (each.partner.pk != record.lead_id, each.partner.name))


def cut_to(seen: list[Seen], record: Any, user: User) -> list[Seen]:
    """The team that leads it reads all of this; another agency its own line, and the name of the lead."""
    if record.lead_id in user.partner_ids:
        return seen
    lead = [replace(each, memberships=(), shown=False) for each in seen if each.partner.pk == record.lead_id]
    return lead + [each for each in seen if each.partner.pk in user.partner_ids]


def is_restricted(record: Any) -> bool:
    return _named(record) is not None


def _named(record: Any) -> dict[int, bool] | None:
    """Who is named on a restricted record, and whether in an emergency; None where it is not restricted."""
    answer = getattr(record, "named_now", None)
    rows = answer() if answer else None
    if rows is None:
        return None
    return {row.user_id: getattr(row, "broke_glass", False) for row in rows}


def _levels(record: Any) -> dict[int, ShareLevel]:
    by_codename = {codename(type(record), level): level for level in LEVEL_VERBS}
    levels: dict[int, ShareLevel] = {}
    for group, name in record.permission_rows.values_list("group", "permission__codename"):
        levels[group] = max(by_codename[name], levels.get(group, ShareLevel.EXISTENCE))
    return levels


def _seats(partners: Any, on: dt.date, named: set[int] | None) -> dict[int, list[Membership]]:
    """Whom the gate lets in: active people with a casework role now, at a partner that is a member now."""
    current = Membership.objects.current(on).filter(
        partner__in=partners, role__in=CASEWORK_ROLES, user__is_active=True
    )
    if named is not None:
        current = current.filter(user__in=named)
    seats = defaultdict(list)
    for seat in current.select_related("user").order_by("user__name", "pk"):
        seats[seat.partner_id].append(seat)
    return seats


def _shares(record: Any) -> dict[int, Any]:
    """By partner, what opens the record to it now: of its own share and that of its case, the wider."""
    found: dict[int, Any] = {}
    both: list[Any] = [record, getattr(record, "case", None)]
    for shared in both:
        if not hasattr(shared, "shares"):
            continue
        for share in shared.shares.filter(ended_at=None).select_related("from_partner", "record"):
            before = found.get(share.to_partner_id)
            if before is None or before.level < share.level:
                found[share.to_partner_id] = share
    return found


def _why(record: Any, partner: Partner, share: Any) -> str:
    if partner.pk == record.lead_id:
        return "Leads it"
    if share is not None and share.record != record:
        return f"Shared through case {share.record} by {share.from_partner}: {share.purpose}"
    if share is not None:
        return f"Shared by {share.from_partner}: {share.purpose}"
    if getattr(record, "owner_id", None) == partner.pk:
        return "It is asked of them"
    return "Holds a permission row without a share: tell your administrator"
