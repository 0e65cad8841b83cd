"""When each kind of record makes a line of the timeline. What reads them and what looks ahead agree on it."""

from typing import Any

from django.db.models import DateTimeField, F, Func, Value
from django.db.models.functions import Coalesce, Greatest

from cases.models import (
    AccessRequest,
    Case,
    CaseContact,
    CaseLink,
    CaseMerge,
    CaseNamed,
    CaseShare,
    Closure,
    Contact,
    DashAssessment,
    Decision,
    Evidence,
    FurtherInformation,
    HandOver,
    Intervention,
    InterventionBreach,
    Note,
    Report,
    RiskAssessment,
)
from csp.actions.models import Action, ActionUpdate
from csp.core.calendar import LONDON

CaseVersion: Any = Case.pgh_event_model  # type: ignore[attr-defined]


def start_of(day: str) -> Func:
    """As `csp.core.calendar.start_of_day` has it."""
    template = "timezone(%(expressions)s::timestamp)"
    return Func(Value(LONDON.key), F(day), template=template, output_field=DateTimeField())


MOMENTS: dict[Any, tuple[Any, ...]] = {
    CaseVersion: ("pgh_created_at",),
    CaseMerge: ("at", "undone_at"),
    CaseLink: ("made_at",),
    HandOver: ("asked_at", "answered_at"),
    Closure: ("proposed_at", "approved_at", "refused_at", "reopened_at"),
    Report: ("received_at",),
    FurtherInformation: ("at",),
    Decision: ("at", "undone_at"),
    Note: ("at",),
    Evidence: ("at",),
    CaseContact: ("at",),
    Contact: (Coalesce("done_at", "made_at"),),
    RiskAssessment: ("at",),
    DashAssessment: ("at",),
    Intervention: ("made_at", "served_at", start_of("appealed_on"), start_of("ended_on")),
    InterventionBreach: (start_of("happened_on"),),
    Action: ("asked_at",),
    ActionUpdate: ("at",),
    CaseShare: ("starts_at", "ended_at"),
    AccessRequest: ("asked_at", "answered_at"),
    CaseNamed: ("added_at",),
}
"""The first is never empty. A record may make one line at each."""


def newest(model: Any) -> Any:
    """The time of the newest line of a record."""
    moments = MOMENTS[model]
    if len(moments) > 1:
        return Greatest(*moments)
    return F(moments[0]) if isinstance(moments[0], str) else moments[0]
