"""When each kind of thing last happened in a case: what is worth asking for its newest lines.

These times pass no gate, so no page shows them. They only say which records cannot hold anything newer, or
anything at all; what there is to read is asked through the gates.
"""

import datetime as dt
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from cases.models import (
    Case,
    CaseLink,
    CaseMerge,
    CaseShare,
    Contact,
    FurtherInformation,
    InterventionBreach,
    Report,
)
from cases.services.timeline.moments import MOMENTS, CaseVersion, newest
from csp.actions.models import Action, ActionUpdate

Latest = dict[type[Model], dt.datetime]
THIS_CASE = -1
"""Stands for the case in the question, which is put into SQL once."""


def latest_in(case: Case) -> Latest:
    """In the case and what was merged into it. What never happened is not there."""
    models, sql, params = _question(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(sql, [case.pk if each == THIS_CASE else each for each in params])
        rows = cursor.fetchall()
    found: Latest = {}
    for model, *times in zip(models, *rows, strict=True):
        known = [found[model]] if model in found else []
        if known := known + [at for at in times if at is not None]:
            found[model] = max(known)
    return found


@cache
def _question(_database: str) -> tuple[list[Any], str, tuple[Any, ...]]:
    asked = [(model, rows) for model in MOMENTS for rows in _hanging_on(model, OuterRef("pk"))]
    times = [_newest_of(model, rows) for model, rows in asked]
    sql, params = Case(pk=THIS_CASE).family.values_list(*times).query.sql_with_params()
    return [model for model, _ in asked], sql, params


def _newest_of(model: Any, rows: QuerySet[Any]) -> Subquery:
    at = newest(model)
    return Subquery(rows.order_by(at.desc()).values_list(at)[:1])


def _hanging_on(model: Any, case: Any) -> list[QuerySet[Any]]:
    """Each by an index of its own."""
    if model in (Action, ActionUpdate):
        return _actions(model, case)
    paths = PATHS.get(model, ("case",))
    return [model.objects.filter(**{path: case}) for path in paths]


PATHS: dict[Any, tuple[str, ...]] = {
    CaseVersion: ("pgh_obj",),
    CaseMerge: ("kept", "gone"),
    CaseLink: ("case", "other"),
    CaseShare: ("record",),
    Contact: ("case", "report__case"),
    FurtherInformation: ("report__case",),
    InterventionBreach: ("intervention__case",),
}


def _actions(model: Any, case: Any) -> list[QuerySet[Any]]:
    """On the case, and on its reports."""
    types = ContentType.objects.get_for_models(Case, Report)
    reports = Report.objects.filter(case=OuterRef(case)).values("pk")
    on_case = Q(target_type=types[Case], target_id=case)
    on_report = Q(target_type=types[Report], target_id__in=reports)
    if model is Action:
        return [model.objects.filter(on_case), model.objects.filter(on_report)]
    of_report = Action.objects.filter(target_type=types[Report], target_id__in=reports)
    return [
        model.objects.filter(action__target_type=types[Case], action__target_id=case),
        model.objects.filter(action__in=of_report.values("pk")),
    ]
