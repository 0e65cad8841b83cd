"""Who a case is shared with and why, restricted cases, the disclosure log and the register of agreements."""

import datetime as dt

from django.utils import timezone

from cases.models import AccessRequest, CaseNamed
from csp.agencies.enums import Role
from csp.agencies.models import AgreementSignatory
from csp.agencies.services import sharing
from tests.access.roles import TEAM, TEAM_RECORD
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory
from tests.factories.casework import CaseNamedFactory, SharingAgreementFactory

TABLE = """
== Who may see a case
cases:sharing                        GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
cases:share                          GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:share                          POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:share_change                   GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:share_change                   POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:share_end                      GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:share_end                      POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:access_ask                     GET  no  no  ok  ok  --  ok  --  --  --  --  --  in
cases:access_ask                     POST no  no  ok  ok  --  ok  --  --  --  --  --  in
cases:access_withdraw                POST no  no  >>  no  --  no  --  --  --  --  --  in
cases:access_decline                 GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:access_decline                 POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:access_name                    POST >>  >>  no  no  --  no  --  --  --  --  --  in
cases:restrict                       GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:restrict                       POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:restrict_lift                  GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:restrict_lift                  POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:name_person                    GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:name_person                    POST ok  ok  no  no  --  no  --  --  --  --  --  in

== A restricted case on which the officer is named, and the manager is not
cases:unname_person                  POST >>  --  --  --  --  --  --  --  --  --  --  in
cases:break_glass                    GET  no  ok  --  --  --  --  --  --  --  --  --  in
cases:break_glass                    POST no  ok  --  --  --  --  --  --  --  --  --  in
cases:glass                          GET  no  ok  --  --  --  --  --  --  --  --  --  in
cases:glass                          POST no  >>  --  --  --  --  --  --  --  --  --  in

== What was disclosed, and on what agreement
cases:disclosures                    GET  no  ok  no  no  no  no  no  no  ok  no  no  in
cases:disclosures_export             GET  no  ok  no  no  no  no  no  no  ok  no  no  in
agreements:list                      GET  ok  ok  ok  ok  ok  ok  no  no  ok  ok  ok  in
agreements:detail                    GET  ok  ok  ok  ok  ok  ok  no  no  ok  ok  --  in
agreements:add                       GET  no  ok  no  no  no  no  no  no  no  ok  no  in
agreements:add                       POST no  ok  no  no  no  no  no  no  no  ok  no  in
agreements:change                    GET  no  ok  no  no  no  no  no  no  no  ok  --  in
agreements:change                    POST no  ok  no  no  no  no  no  no  no  ok  --  in
agreements:end                       GET  no  ok  no  no  no  no  no  no  no  ok  --  in
agreements:end                       POST no  ok  no  no  no  no  no  no  no  ok  --  in
agreements:sign                      GET  no  ok  no  no  no  no  no  no  no  ok  --  in
agreements:sign                      POST no  ok  no  no  no  no  no  no  no  ok  --  in
agreements:unsign                    POST no  >>  no  no  no  no  no  no  no  >>  --  in
"""

TERMS = {
    "gateway": "cda_115",
    "purpose": "Joint visit",
    "necessity": "They hold the tenancy",
    "consent": "given",
}
CLOSED_TITLE = "Operation Merganser"
GLASS_WHY = "a threat was phoned in at teatime"
ASKED_WHY = "our patrol was called there on Saturday"


def _ask(world):
    return [world.case.reference, world.access_request.pk]


def _share(world):
    return [world.case.reference, world.housing_share.pk]


def _agreement(world):
    return [world.agreement.pk]


ARGUMENTS = {
    "cases:share_change": _share,
    "cases:share_end": _share,
    "cases:access_withdraw": _ask,
    "cases:access_decline": _ask,
    "cases:access_name": _ask,
    "cases:unname_person": lambda w: [w.closed_case.reference, w.closed_named.pk],
    "cases:break_glass": lambda w: [w.closed_case.reference],
    "cases:glass": lambda w: [w.closed_case.reference, w.glass.pk],
    "agreements:detail": _agreement,
    "agreements:change": _agreement,
    "agreements:end": _agreement,
    "agreements:sign": _agreement,
    "agreements:unsign": lambda w: [w.agreement.pk, w.signature.pk],
}
MAY_READ = {
    CLOSED_TITLE: frozenset({"officer"}),
    GLASS_WHY: TEAM,
    ASKED_WHY: TEAM_RECORD | {"police"},
}


def records(world):
    """The police ask for more of the case. Another case is restricted, and its officer alone is named."""
    asked = AccessRequest.objects.create(
        case=world.case, partner=world.partners["police"], level=3, why=ASKED_WHY,
        asked_by=world.users["police"], asked_at=world.now,
    )  # fmt: skip
    sensitive = {"restricted": True, "restricted_because": "It is sensitive"}
    closed = CaseFactory(lead=world.team, title=CLOSED_TITLE, **sensitive)
    named = CaseNamedFactory(case=closed, user=world.users["officer"], added_at=world.now)
    glass = CaseNamedFactory(
        case=closed, user=user_at(world.team, Role.OFFICER, name="Gerda"), reason=GLASS_WHY, broke_glass=True,
        added_at=world.now - dt.timedelta(days=2), ends_at=world.now - dt.timedelta(days=1),
    )  # fmt: skip
    agreement = SharingAgreementFactory(lead=world.team, title="Protocol of the partnership")
    return {
        "access_request": asked,
        "housing_share": world.case.shares.get(to_partner=world.partners["housing"], ended_at=None),
        "closed_case": closed,
        "closed_named": named,
        "glass": glass,
        "agreement": agreement,
        "signature": sign(agreement, world.partners["police"]),
    }


def sign(agreement, partner):
    return AgreementSignatory.objects.create(
        agreement=agreement, partner=partner, signed_by="A director", signed_on=agreement.signed_on
    )


def grow(world, number):
    partner = PartnerFactory(partnership=world.team.partnership, name=f"Sharer {number}")
    user = user_at(partner, Role.PRACTITIONER)
    agreement = SharingAgreementFactory(
        lead=world.team, title=f"Agreement {number}", review_on=timezone.localdate()
    )
    sign(agreement, partner)
    for record in (world.case, world.report):
        now = sharing.share(
            record=record, to_partner=partner, level=2, by=None, at=world.now, agreement=agreement, **TERMS
        )
        sharing.end_share(share=now, reason="Done", by=world.users["officer"], at=world.now)
        sharing.share(record=record, to_partner=partner, level=2, by=None, at=world.now, **TERMS)
    AccessRequest.objects.create(
        case=world.case, partner=partner, level=3, why="More", asked_by=user, asked_at=world.now
    )
    CaseNamed.objects.create(
        case=world.closed_case, user=user_at(world.team), reason="So", broke_glass=True, added_at=world.now,
        ends_at=world.now + dt.timedelta(days=1),
    )  # fmt: skip


LISTS = """
manager  cases:disclosures
auditor  cases:disclosures  of=reports
manager  agreements:list
"""
PAGES = """
manager  cases:sharing
officer  cases:share
officer  cases:restrict
manager  agreements:detail
"""
READING = frozenset({"disclosure.viewed", "disclosure.exported"})
