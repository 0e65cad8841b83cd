"""The one gate: who may see a record, and how much of it."""

from functools import cache
from typing import Any, TypeVar, cast

from django.contrib.auth.models import Permission
from django.core.cache import cache as cache_of_hints
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, Partnership, Share, User

M = TypeVar("M", bound=Model)


class StaffRequest(HttpRequest):
    """What a view behind sign-in gets: the person, and the seat they act from."""

    user: User
    partner: Partner
    partnership: Partnership


LEVEL_VERBS = {
    ShareLevel.EXISTENCE: "know",
    ShareLevel.SUMMARY: "view",
    ShareLevel.FULL: "read",
    ShareLevel.CONTRIBUTE: "contribute",
}
"""Each level is one permission on the record: know_report, view_report, read_report, contribute_report."""

MANY = 1500
"""Permission rows from which on walking a list is quicker than sorting what is held: about the root of the
rows of a page times the records of a large list."""
KNOWN_FOR = 600
"""Seconds. It is about speed alone, so it may be out of date."""

_records: dict[str, type[Model]] = {}


def register_record(kind: str, model: type[Model]) -> None:
    """A room says which of its models stands behind a letter in references: the R in SV-R-26-000123."""
    _records[kind] = model


def share_models() -> list[type[Share]]:
    shared = [model for model in _records.values() if hasattr(model, "shares")]
    return [cast(type[Share], model._meta.get_field("shares").related_model) for model in shared]


def record_model(reference: str) -> Any:
    """The model that the letter in the reference stands for; None for a letter nobody uses."""
    kind = reference.upper().split("-")[1:2]
    return _records.get(kind[0]) if kind else None


def find_record(reference: str) -> Any:
    """The record with this reference, whoever may see it. For commands, never for pages."""
    model = record_model(reference)
    return model and model._default_manager.filter(reference=reference.upper()).first()


def codename(model: type[Model], level: ShareLevel) -> str:
    return f"{LEVEL_VERBS[level]}_{model._meta.model_name}"


def level_permissions(model_name: str) -> list[tuple[str, Any]]:
    """For `Meta.permissions` of a shareable model. Django itself adds view_…"""
    return [
        (f"{verb}_{model_name}", f"Can {verb} {model_name}")
        for level, verb in LEVEL_VERBS.items()
        if level != ShareLevel.SUMMARY
    ]


NO_RECORD = Q(pk__in=())


def held_by(user: User, permission_rows: type[Model], model: type[Model], level: ShareLevel) -> Exists | Q:
    """A permission row that opens the outer record to one of the user's groups, at `level` or above.

    Who has no group holds nothing, and the database is not asked: planning a question of many joins takes it
    long, even where the answer is known.
    """
    if not user.partner_groups:
        return NO_RECORD
    return Exists(_rows_of(user, permission_rows, model, level).filter(content_object=OuterRef("pk")))


def held_in_order(
    user: User, permission_rows: type[Model], model: type[Model], level: ShareLevel
) -> Exists | Q:
    """The same answer for the pages of a list whose index ends its sort.

    Where the user's groups hold many rows, each record is asked for as the list is walked: the database does
    not join, so it cannot read and sort everything that they hold first. `OFFSET 0` changes no answer; a
    question that has one is not made into a join.
    """
    if not user.partner_groups:
        return NO_RECORD
    rows = _rows_of(user, permission_rows, model, level)
    groups = ",".join(map(str, user.partner_groups))
    key = f"holds-many:{connection.settings_dict['NAME']}:{model._meta.label}:{level}:{groups}"
    many = cache_of_hints.get_or_set(key, lambda: rows[:MANY].count() == MANY, KNOWN_FOR)
    template = "EXISTS(%(subquery)s OFFSET 0)" if many else Exists.template
    return Exists(rows.filter(content_object=OuterRef("pk")), template=template)


def _rows_of(
    user: User, permission_rows: type[Model], model: type[Model], level: ShareLevel
) -> QuerySet[Any]:
    ids = permission_ids(connection.settings_dict["NAME"])
    permission = ids[model._meta.app_label, codename(model, level)]
    return permission_rows._default_manager.filter(group__in=user.partner_groups, permission=permission)


@cache
def permission_ids(_database: str) -> dict[tuple[str, str], int]:
    """Keys of the levels' permissions, which only migrations write. As numbers in the query, and not as a
    question inside it, they let the planner see how many rows each level has.
    """
    verbs = Q(codename__regex=f"^({'|'.join(LEVEL_VERBS.values())})_")
    found = Permission.objects.filter(verbs).values_list("content_type__app_label", "codename", "pk")
    return {(app, name): pk for app, name, pk in found}


def level_for(user: User, record: Any) -> ShareLevel | None:
    """How much of the record is open to the user; None for a stranger."""
    rows = record.permission_rows.filter(group__in=user.partner_groups)
    held = set(rows.values_list("permission__codename", flat=True))
    return max((level for level in LEVEL_VERBS if codename(type(record), level) in held), default=None)


def get_permitted(records: QuerySet[M], user: User, perm: str, **lookup: Any) -> M:
    """Return one record: 404 if `user` may not see it, 403 if they may not do `perm` to it."""
    record = get_object_or_404(records.visible_to(user), **lookup)  # type: ignore[attr-defined]
    if not user.has_perm(perm, record):
        raise PermissionDenied
    return record
