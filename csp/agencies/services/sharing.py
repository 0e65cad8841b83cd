"""Sharing a record with a partner: the disclosure record and the permission rows move together."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction

from csp.agencies.access import LEVEL_VERBS, codename
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, Share, User
from csp.audit.services import record as record_event
from csp.core.errors import RuleBroken


class CannotShare(RuleBroken): ...


def grant(*, record: Any, partner: Partner, level: ShareLevel) -> None:
    """Give the partner's group the permission rows of `level` and of every level below it, and no others."""
    rows = record.permission_rows
    wanted = [codename(type(record), each) for each in LEVEL_VERBS if each <= level]
    permissions = Permission.objects.filter(
        content_type__app_label=record._meta.app_label, codename__in=wanted
    )
    rows.filter(group=partner.group).exclude(permission__in=permissions).delete()
    row = rows.model
    row.objects.bulk_create(
        [row(content_object=record, group=partner.group, permission=each) for each in permissions],
        ignore_conflicts=True,
    )


def revoke(*, record: Any, partner: Partner) -> None:
    record.permission_rows.filter(group=partner.group).delete()


@transaction.atomic
def share(
    *,
    record: Any,
    to_partner: Partner,
    level: ShareLevel,
    gateway: str,
    purpose: str,
    necessity: str,
    consent: str,
    by: User | None,
    at: dt.datetime,
    **terms: Any,
) -> Share:
    """Disclose `record` to `to_partner` and open it to them. Raises `CannotShare`.

    `terms` are the other fields of a share: consent_note, agreement, handling, ends_at.
    """
    if to_partner.partnership_id != record.partnership_id:
        raise CannotShare(f"{to_partner} is not in this partnership")
    if to_partner.left_on and to_partner.left_on <= at.date():
        raise CannotShare(f"{to_partner} left the partnership on {to_partner.left_on:%-d %B %Y}")
    if to_partner.pk == record.lead_id:
        raise CannotShare(f"{to_partner} leads this already")
    try:
        with transaction.atomic():
            made = record.shares.create(
                from_partner=record.lead,
                to_partner=to_partner,
                level=level,
                gateway=gateway,
                purpose=purpose,
                necessity=necessity,
                consent=consent,
                starts_at=at,
                made_by=by,
                **terms,
            )
    except IntegrityError as clash:
        raise CannotShare(
            f"This is shared with {to_partner} already. Change or end that share first."
        ) from clash
    grant(record=record, partner=to_partner, level=level)
    record_event(
        f"{record._meta.model_name}.shared",
        by=by,
        target=record,
        partner=to_partner,
        reason=purpose,
        level=made.get_level_display(),
        gateway=made.get_gateway_display(),
        share=made.pk,
    )
    return made


@transaction.atomic
def end_share(*, share: Share, reason: str, by: User | None, at: dt.datetime) -> Share:
    """End a share now. The permission rows go with it."""
    current = type(share)._default_manager.select_for_update(of=("self",)).get(pk=share.pk)
    if current.ended_at is not None:
        raise CannotShare("This share has ended already")
    current.ended_at, current.ended_by, current.end_reason = at, by, reason
    current.save(update_fields=["ended_at", "ended_by", "end_reason"])
    shared = current.record  # type: ignore[attr-defined]
    revoke(record=shared, partner=current.to_partner)
    record_event(
        f"{shared._meta.model_name}.unshared",
        by=by,
        target=shared,
        partner=current.to_partner,
        reason=reason,
        share=current.pk,
    )
    return current


@transaction.atomic
def end_lapsed_shares(*, model: type[Share], at: dt.datetime) -> int:
    """End the shares whose time has run out. Returns how many."""
    lapsed = model._default_manager.filter(ended_at=None, ends_at__lte=at)
    for each in lapsed:
        end_share(share=each, reason="The time of the share ran out", by=None, at=at)
    return len(lapsed)
