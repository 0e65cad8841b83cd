"""Sharing a record with a partner: the disclosure record and the permission rows move together."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.utils import timezone

from csp.agencies.access import LEVEL_VERBS, codename, share_models
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, Share, User
from csp.audit.services import record as record_event
from csp.core.errors import RuleBroken

KEPT_TERMS = ("gateway", "consent", "consent_note", "agreement", "handling", "ends_at")


class CannotShare(RuleBroken): ...


Follower = Callable[[Any, Partner], None]
Teller = Callable[[Share, User | None], None]
_followers: dict[type[Model], Follower] = {}
_tellers: dict[type[Share], Teller] = {}


def follow(model: type[Model], follower: Follower) -> None:
    """`follower(record, partner)` is called after every grant or revoke of a record of `model`, inside its
    transaction: for a room whose other records open and close with it.
    """
    _followers[model] = follower


def tell_of(model: type[Share], teller: Teller) -> None:
    """`teller(share, by)` is called when a share of `model` was made, changed its level or ended."""
    _tellers[model] = teller


@transaction.atomic
def grant(*, record: Any, partner: Partner, level: ShareLevel) -> None:
    """Give the partner's group the permission rows of `level` and of every level below it, and no others."""
    set_rows([record], partner, level)
    _tell_follower(record, partner)


@transaction.atomic
def revoke(*, record: Any, partner: Partner) -> None:
    set_rows([record], partner, None)
    _tell_follower(record, partner)


def set_rows(records: Sequence[Any], partner: Partner, level: ShareLevel | None) -> None:
    """The rows of some records of one model for one partner, and nothing that follows from them."""
    if not records:
        return
    model = type(records[0])
    row = model._meta.get_field("permission_rows").related_model
    wanted = [codename(model, each) for each in LEVEL_VERBS if level is not None and each <= level]
    permissions = list(
        Permission.objects.filter(content_type__app_label=model._meta.app_label, codename__in=wanted)
    )
    rows = row._default_manager.filter(content_object__in=records, group=partner.group_id)
    rows.exclude(permission__in=permissions).delete()
    row._default_manager.bulk_create(
        [
            row(content_object=record, group_id=partner.group_id, permission=each)
            for record in records
            for each in permissions
        ],
        ignore_conflicts=True,
    )


def _tell_follower(record: Any, partner: Partner) -> None:
    follower = _followers.get(type(record))
    if follower is not None:
        follower(record, partner)


def _tell(share: Share, by: User | None) -> None:
    teller = _tellers.get(type(share))
    if teller is not None:
        teller(share, by)


def hold(record: Any) -> Any:
    """The record as it is now, held so that of two changes to its shares the second waits for the first."""
    return type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)


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
    record = hold(record)
    _guard(record=record, to_partner=to_partner, ends_at=terms.get("ends_at"), at=at)
    for lapsed in record.shares.filter(to_partner=to_partner, ended_at=None, ends_at__lte=at):
        _end(lapsed, reason="The time of the share ran out", by=None, at=at)
    made = _make(
        record,
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
    _record_shared(made, record, by)
    return made


@transaction.atomic
def change_level(
    *,
    share: Share,
    level: ShareLevel,
    purpose: str,
    necessity: str,
    by: User | None,
    at: dt.datetime,
    **terms: Any,
) -> Share:
    """Open more of the record, or less. The share before ends; terms that are not given carry on."""
    before = _open_share(share)
    if level == before.level and not terms:
        raise CannotShare(f"{before.to_partner} sees this at that level already")
    shared = before.record
    carried = {term: getattr(before, term) for term in KEPT_TERMS} | terms
    _guard(record=shared, to_partner=before.to_partner, ends_at=carried["ends_at"], at=at)
    _end(before, reason=f"Changed to {ShareLevel(level).label.lower()}", by=by, at=at)
    made = _make(
        shared,
        to_partner=before.to_partner,
        level=level,
        purpose=purpose,
        necessity=necessity,
        starts_at=at,
        made_by=by,
        **carried,
    )
    _record_shared(made, shared, by, before=before.get_level_display())
    return made


@transaction.atomic
def end_share(*, share: Share, reason: str, by: User | None, at: dt.datetime) -> Share:
    """End a share now. The permission rows go with it."""
    current = _open_share(share)
    _end(current, reason=reason, by=by, at=at)
    shared = current.record
    record_event(
        f"{shared._meta.model_name}.unshared",
        by=by,
        target=shared,
        partner=current.to_partner,
        reason=reason,
        share=current.pk,
    )
    _tell(current, by)
    return current


def end_lapsed_shares(*, model: type[Share], at: dt.datetime) -> int:
    """End the shares whose time ran out and those with partners that left. Returns how many."""
    left = Q(to_partner__left_on__lte=timezone.localdate(at))
    lapsed = model._default_manager.filter(left | Q(ends_at__lte=at), ended_at=None).select_related(
        "to_partner"
    )
    ended = 0
    for each in lapsed.order_by("pk"):
        ran_out = each.ends_at is not None and each.ends_at <= at
        reason = "The time of the share ran out" if ran_out else f"{each.to_partner} left the partnership"
        try:
            end_share(share=each, reason=reason, by=None, at=at)
        except CannotShare:  # somebody ended it since we looked
            continue
        ended += 1
    return ended


@transaction.atomic
def end_shares_with(*, partner: Partner, reason: str, by: User | None, at: dt.datetime) -> int:
    """For a partner that leaves: everything that was shared with it."""
    ended = 0
    for model in share_models():
        for each in model._default_manager.filter(to_partner=partner, ended_at=None).order_by("pk"):
            end_share(share=each, reason=reason, by=by, at=at)
            ended += 1
    return ended


def _guard(*, record: Any, to_partner: Partner, ends_at: dt.datetime | None, at: dt.datetime) -> None:
    if to_partner.partnership_id != record.partnership_id:
        raise CannotShare(f"{to_partner} is not in this partnership")
    if to_partner.left_on and to_partner.left_on <= timezone.localdate(at):
        raise CannotShare(f"{to_partner} left the partnership on {to_partner.left_on:%-d %B %Y}")
    if to_partner.pk == record.lead_id:
        raise CannotShare(f"{to_partner} leads this already")
    if ends_at is not None and ends_at <= at:
        raise CannotShare("The share must end in the future")


def _open_share(share: Any) -> Any:
    hold(share.record)
    current = type(share)._default_manager.select_for_update(of=("self",)).get(pk=share.pk)
    if current.ended_at is not None:
        raise CannotShare("This share has ended already")
    return current


def _make(record: Any, **fields: Any) -> Share:
    to_partner = fields["to_partner"]
    try:
        with transaction.atomic():
            made = record.shares.create(from_partner=record.lead, **fields)
    except IntegrityError as clash:
        raise CannotShare(
            f"This is shared with {to_partner} already. Change or end that share first."
        ) from clash
    grant(record=record, partner=to_partner, level=made.level)
    return made


def _end(share: Any, *, reason: str, by: User | None, at: dt.datetime) -> None:
    """Whoever leads the record by now keeps their own rows."""
    share.ended_at, share.ended_by, share.end_reason = at, by, reason
    share.save(update_fields=["ended_at", "ended_by", "end_reason"])
    if share.to_partner_id != share.record.lead_id:
        revoke(record=share.record, partner=share.to_partner)


def _record_shared(made: Share, record: Any, by: User | None, **detail: Any) -> None:
    record_event(
        f"{record._meta.model_name}.shared",
        by=by,
        target=record,
        partner=made.to_partner,
        reason=made.purpose,
        level=made.get_level_display(),
        gateway=made.get_gateway_display(),
        share=made.pk,
        **_agreement_relied_on(made),
        **detail,
    )
    _tell(made, by)


def _agreement_relied_on(made: Share) -> dict[str, Any]:
    """An agreement that does not cover the share is used all the same, and the record says so."""
    if made.agreement is None:
        return {}
    short = made.agreement.falls_short(made.to_partner, timezone.localdate(made.starts_at))
    return {"agreement": made.agreement.pk, "agreement_falls_short": short}
