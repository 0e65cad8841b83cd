"""Filters of a list, kept under a name: for oneself, or for everybody at the partner."""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from csp.agencies.models import Partner, SavedFilter, User
from csp.audit.services import record
from csp.core.errors import RuleBroken

MOST = 20


class CannotSaveFilter(RuleBroken): ...


def filters_for(user: User, room: str, partner: Partner | None) -> QuerySet[SavedFilter]:
    """The user's own, then what colleagues share with the partner they act from."""
    shared = Q(partner=partner) if partner is not None and partner.pk in user.partner_ids else Q(pk=None)
    return SavedFilter.objects.filter(shared | Q(owner=user), room=room).order_by("name", "pk")


@transaction.atomic
def save_filter(*, by: User, room: str, name: str, query: str, partner: Partner | None) -> SavedFilter:
    """`partner` is given where everybody there shall have it."""
    if len(query) > SavedFilter._meta.get_field("query").max_length:  # type: ignore[operator]
        raise CannotSaveFilter("These are too many filters to save. Remove some and try again")
    if SavedFilter.objects.filter(owner=by, room=room).count() >= MOST:
        raise CannotSaveFilter(f"You have {MOST} saved filters. Delete one first")
    try:
        with transaction.atomic():
            saved = SavedFilter.objects.create(owner=by, room=room, name=name, query=query, partner=partner)
    except IntegrityError as clash:
        raise CannotSaveFilter(f"You have a filter called {name} already. Choose another name") from clash
    record("filter.saved", by=by, target=saved, partner=partner, room=room)
    return saved


@transaction.atomic
def change_filter(*, saved: SavedFilter, name: str, partner: Partner | None, by: User) -> SavedFilter:
    """Another name, or shared, or no more."""
    saved.name, saved.partner = name, partner
    try:
        with transaction.atomic():
            saved.save(update_fields=["name", "partner"])
    except IntegrityError as clash:
        raise CannotSaveFilter(f"You have a filter called {name} already. Choose another name") from clash
    record("filter.changed", by=by, target=saved, partner=partner, room=saved.room)
    return saved


@transaction.atomic
def delete_filter(*, saved: SavedFilter, by: User) -> None:
    record("filter.deleted", by=by, target=saved, partner=saved.partner, room=saved.room)
    saved.delete()
