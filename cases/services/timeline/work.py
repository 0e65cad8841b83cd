"""Risk that was scored, powers that were used, and actions that agencies were given."""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse

from cases.enums.timeline import TimelineKind
from cases.models import Case, DashAssessment, Intervention, InterventionBreach, Report, RiskAssessment
from cases.services.timeline.items import Reading, TimelineItem
from csp.actions.enums import UpdateKind
from csp.actions.models import Action, ActionUpdate
from csp.core.text import mid_sentence

POWER = TimelineKind.POWER
SAID_BY_THE_ASKER = (UpdateKind.TIME_AGREED, UpdateKind.TIME_REFUSED, UpdateKind.CHANGED)


def risk(reading: Reading) -> Iterator[TimelineItem]:
    found = RiskAssessment.objects.visible_to(reading.user).filter(case__in=reading.in_full)
    for scored in reading.newest(found.select_related("person", "by", "case__lead")):
        when = mid_sentence(scored.get_kind_display())
        yield TimelineItem(
            at=scored.at,
            kind=TimelineKind.RISK,
            title=f"Risk of {scored.person}: {mid_sentence(scored.get_risk_display())}",
            text="\n".join(
                filter(None, [f"Score {scored.score}, {when}", scored.override_reason, scored.note])
            ),
            who=str(scored.by),
            partner=scored.case.lead,
            url=reverse("cases:assessment", args=[scored.case.reference, scored.pk]),
        )


def dash(reading: Reading) -> Iterator[TimelineItem]:
    found = DashAssessment.objects.visible_to(reading.user).filter(case__in=reading.in_full)
    for done in reading.newest(found.select_related("person", "by", "case__lead")):
        yield TimelineItem(
            at=done.at,
            kind=TimelineKind.RISK,
            title=f"DASH for {done.person}: {done.ticks} of {done.questions}",
            text=done.judgement,
            who=str(done.by),
            partner=done.case.lead,
        )


def interventions(reading: Reading) -> Iterator[TimelineItem]:
    """Whom or what they are about, but no address."""
    found = Intervention.objects.visible_to(reading.user).filter(case__in=reading.in_full)
    for power in reading.newest(found.select_related("case", "person", "issuer", "made_by")):
        whom = power.person or power.body
        name = f"{power.get_kind_display()}{f' for {whom}' if whom else ''}"
        page = reverse("cases:power", args=[power.case.reference, power.pk])
        told: dict[str, Any] = {"kind": POWER, "partner": power.issuer, "url": page}
        yield TimelineItem(
            at=power.made_at, title=f"{name}: drafted", text=power.grounds, who=str(power.made_by), **told
        )
        if power.served_at:
            how = mid_sentence(power.get_service_method_display())
            yield TimelineItem(at=power.served_at, title=f"{name}: served", text=how, **told)
        if power.appealed_on:
            title, text = f"{name}: appealed", power.appeal_result
            yield TimelineItem.on(power.appealed_on, title=title, text=text, **told)
        if power.ended_on:
            yield TimelineItem.on(power.ended_on, title=f"{name}: ended", text=power.outcome, **told)


def breaches(reading: Reading) -> Iterator[TimelineItem]:
    found = InterventionBreach.objects.visible_to(reading.user)
    found = found.filter(intervention__case__in=reading.in_full)
    for breach in reading.newest(found.select_related("intervention__case", "intervention__issuer", "by")):
        power = breach.intervention
        yield TimelineItem.on(
            breach.happened_on,
            kind=POWER,
            title=f"{power.get_kind_display()} breached: {mid_sentence(breach.get_response_display())}",
            text=breach.what,
            who=str(breach.by),
            partner=power.issuer,
            url=reverse("cases:power", args=[power.case.reference, power.pk]),
        )


def actions(reading: Reading) -> Iterator[TimelineItem]:
    """Through the gate of actions: an agency sees what it was asked, and what it asked."""
    for action in reading.newest(seen_actions(reading).select_related("owner", "lead", "asked_by")):
        yield TimelineItem(
            at=action.asked_at,
            kind=TimelineKind.ACTION,
            title=f"Action for {action.owner}",
            text=action.text,
            who=str(action.asked_by or ""),
            partner=action.lead,
            url=action.get_absolute_url(),
        )


def answers(reading: Reading) -> Iterator[TimelineItem]:
    said = ActionUpdate.objects.filter(action__in=seen_actions(reading)).exclude(kind=UpdateKind.GIVEN)
    for update in reading.newest(said.select_related("action__owner", "action__lead", "by")):
        action = update.action
        yield TimelineItem(
            at=update.at,
            kind=TimelineKind.ACTION,
            title=f"Action {action} for {action.owner}: {mid_sentence(update.get_kind_display())}",
            text=update.text,
            who=str(update.by or ""),
            partner=action.lead if update.kind in SAID_BY_THE_ASKER else action.owner,
            url=action.get_absolute_url(),
        )


def seen_actions(reading: Reading) -> Any:
    """On the case and on its reports."""
    types = ContentType.objects.get_for_models(Case, Report)
    return Action.objects.visible_to(reading.user).filter(
        Q(target_type=types[Case], target_id__in=reading.cases)
        | Q(target_type=types[Report], target_id__in=reading.reports)
    )
