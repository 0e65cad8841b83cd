"""Everything that was disclosed by a share: of cases and of reports, for those who answer for it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, When

from cases.models import Case, CaseShare, Report, ReportShare
from csp.agencies.enums import Role
from csp.agencies.models import Partner, Partnership, User
from csp.core.calendar import LONDON, end_of_day, start_of_day

MODELS: dict[str, Any] = {"cases": CaseShare, "reports": ReportShare}
CLOSED = "Restricted: only the people named on the case read this"
HEAD = (
    "Reference", "From", "To", "Level", "Law", "Purpose", "Necessity and proportionality", "Consent",
    "Why, or how they agreed", "Agreement", "Handling conditions", "Shared by", "From when", "Until",
    "Ended", "Ended by", "Why it ended", "Marking",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What the log is narrowed to."""

    partner: Partner | None = None
    gateway: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def narrow(self, shares: Any) -> Any:
        if self.partner:
            shares = shares.filter(to_partner=self.partner)
        if self.gateway:
            shares = shares.filter(gateway=self.gateway)
        if self.since:
            shares = shares.filter(starts_at__gte=start_of_day(self.since))
        if self.until:
            shares = shares.filter(starts_at__lt=end_of_day(self.until))
        return shares


def disclosures(user: User, partnership: Partnership, of: str) -> QuerySet[Any]:
    """For the auditor all of the partnership; for a manager what their team shared and they may see.

    Each has `closed`: it is of a restricted case, and only the people named read why it was shared.
    And `opens`: the reader may open the record.
    """
    model = MODELS[of]
    shared: Any = Case if model is CaseShare else Report
    visible = Exists(shared.objects.visible_to(user).filter(pk=OuterRef("record")))
    restricted = Q(record__restricted=True) if model is CaseShare else Q(record__case__restricted=True)
    shares = model._default_manager.filter(record__partnership=partnership)
    if not user.has_role(Role.AUDITOR, partnership=partnership):
        managed = [seat.partner_id for seat in user.seats if seat.role == Role.MANAGER]
        shares = shares.filter(visible, from_partner__in=managed)
    shut = models.Case(When(restricted & ~Q(visible), then=True), default=False)
    parties = ("record", "from_partner", "to_partner", "agreement", "made_by", "ended_by")
    return shares.annotate(closed=shut, opens=visible).select_related(*parties)


def rows(shares: Any) -> Iterator[tuple[str, ...]]:
    for share in shares.order_by("-starts_at", "-pk").iterator(chunk_size=2000):
        yield row(share)


def row(share: Any) -> tuple[str, ...]:
    def said(text: str) -> str:
        return CLOSED if share.closed and text else text

    return (
        share.record.reference,
        str(share.from_partner),
        str(share.to_partner),
        share.get_level_display(),
        share.get_gateway_display(),
        said(share.purpose),
        said(share.necessity),
        share.get_consent_display(),
        said(share.consent_note),
        str(share.agreement or ""),
        said(share.handling),
        str(share.made_by or ""),
        moment(share.starts_at),
        moment(share.ends_at),
        moment(share.ended_at),
        str(share.ended_by or ""),
        said(share.end_reason),
        settings.MARKING,
    )


def moment(at: dt.datetime | None) -> str:
    return at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") if at else ""
