"""The case itself: what it says, where it stands, whose it is, and what it belongs with."""

from typing import Any

from django.utils import timezone

from cases.enums import CaseLinkKind, LinkRole
from cases.models import CaseLink, CaseMerge, CaseReference, HandOver
from csp.agencies.services import sharing
from tests.access.roles import FULL, SUMMARY, TEAM
from tests.factories.actions import ActionFactory
from tests.factories.cases import CaseFactory, PersonFactory
from tests.factories.casework import CasePersonFactory, RiskAssessmentFactory, RiskTemplateFactory

GOING_ON = "bottles thrown from the balcony most weekends"
OUR_REFERENCE, THEIR_REFERENCE = "SOHA-ASB-4711", "TVP-NICHE-0815"
LINKED = "Operation Goshawk"
MERGE_REASON = "both are about the flat above the shop"
ASKED_REASON = "they hold the tenancy of the whole block"

TABLE = """
#                                         off man pol hou hea lea pro boa aud adm wes anonymous
cases:actions                        GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
cases:edit                           GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:edit                           POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:reference                      GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
cases:reference                      POST ok  ok  ok  ok  --  ok  --  --  --  --  --  in
cases:move                           GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:move                           POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:hold                           GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:hold                           POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:release                        GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:release                        POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:assign                         GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:assign                         POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:take                           POST >>  >>  no  no  --  no  --  --  --  --  --  in
cases:cancel                         GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:cancel                         POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:hand_over_ask                  GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:hand_over_ask                  POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:hand_over                      GET  ok  ok  --  ok  --  ok  --  --  --  --  --  in
cases:hand_over                      POST no  no  --  ok  --  ok  --  --  --  --  --  in
cases:hand_over_withdraw             GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:hand_over_withdraw             POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:link                           GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:link                           POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:unlink                         POST >>  >>  no  no  --  no  --  --  --  --  --  in
cases:merge                          GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:merge                          POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:merge_confirm                  GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:merge_confirm                  POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:merge_undo                     GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:merge_undo                     POST ok  ok  no  no  --  no  --  --  --  --  --  in
"""

ARGUMENTS = {
    "cases:hand_over": lambda w: [w.hand_over.pk],
    "cases:hand_over_withdraw": lambda w: [w.case.reference, w.hand_over.pk],
    "cases:unlink": lambda w: [w.case.reference, w.case_link.pk],
    "cases:merge_confirm": lambda w: [w.case.reference, w.linked_case.reference],
    "cases:merge_undo": lambda w: [w.case.reference, w.case_merge.pk],
}

MAY_READ = {
    GOING_ON: SUMMARY,
    OUR_REFERENCE: TEAM | {"housing", "lead"},
    THEIR_REFERENCE: TEAM | {"police"},
    LINKED: TEAM,
    MERGE_REASON: TEAM,
    ASKED_REASON: FULL,
}

READING = {"hand_over.viewed"}

PAGES = """
    officer   cases:actions
    housing   cases:actions
    officer   cases:edit
    officer   cases:assign
    officer   cases:hand_over_ask
    officer   cases:merge
    officer   cases:merge_confirm
"""


def records(world: Any) -> dict[str, Any]:
    """What the case belongs with: a case and a merge that only the team sees, and a request to housing."""
    officer, at = world.users["officer"], timezone.now()
    case = world.case
    case.summary = GOING_ON
    case.save(update_fields=["summary"])
    given = {"lead": world.team, "officer": officer}
    linked = CaseFactory(**given, title=LINKED)
    part = CaseFactory(**given, title=f"{LINKED}, part", status="cancelled", ended_at=at, merged_into=case)
    for name, words in (("housing", OUR_REFERENCE), ("police", THEIR_REFERENCE)):
        CaseReference.objects.create(case=case, partner=world.partners[name], reference=words)
    return {
        "linked_case": linked,
        "case_link": CaseLink.objects.create(
            case=case, other=linked, kind=CaseLinkKind.RELATED, made_by=officer, made_at=at
        ),
        "case_merge": CaseMerge.objects.create(
            kept=case, gone=part, status_before="open", reason=MERGE_REASON, by=officer, at=at
        ),
        "hand_over": HandOver.objects.create(
            case=case,
            from_partner=world.team,
            to_partner=world.partners["housing"],
            reason=ASKED_REASON,
            asked_by=officer,
            asked_at=at,
        ),
    }


def grow(world: Any, number: int) -> None:
    """One more of everything that the overview lists."""
    case, officer, at = world.case, world.users["officer"], timezone.now()
    other = CaseFactory(lead=world.team, place=case.place)
    CaseLink.objects.create(case=case, other=other, kind="related", made_by=officer, made_at=at)
    part = CaseFactory(lead=world.team, status="cancelled", ended_at=at, merged_into=case)
    CaseMerge.objects.create(
        kept=case, gone=part, status_before="open", reason=f"Merge {number}", by=officer, at=at
    )
    person = PersonFactory(lead=world.team, name=f"Victim {number}")
    CasePersonFactory(case=case, person=person, role=LinkRole.VICTIM)
    template = getattr(world, "risk_template", None) or RiskTemplateFactory(lead=world.team)
    for score in (10, 20):
        RiskAssessmentFactory(case=case, person=person, template=template, score=score, by=officer, at=at)
    ActionFactory(lead=world.team, owner=world.partners["housing"], target=part, asked_at=at)
    terms = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given"}
    sharing.share(record=part, to_partner=world.partners["housing"], level=3, by=None, at=at, **terms)
