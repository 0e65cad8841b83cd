"""A referral that waits: housing refers a place to the meeting that is being prepared."""

from csp.agencies.enums import ShareLevel
from csp.agencies.services.sharing import grant
from tasking.enums import ItemKind
from tests.access.nouns.meetings import of_meeting
from tests.access.roles import TEAM
from tests.factories.cases import PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, ReferralFactory

TABLE = """
== Meetings: referrals, and the meetings of a case
meetings:refer                       GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:refer                       POST ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:refer_case                  GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
meetings:referrals                   GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
meetings:referral                    GET  ok  ok  --  ok  --  ok  --  --  --  --  --  in
meetings:referral_accept             GET  ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:referral_accept             POST ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:referral_defer              GET  ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:referral_defer              POST ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:referral_decline            GET  ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:referral_decline            POST ok  ok  --  no  --  no  --  --  --  --  --  in
meetings:referral_withdraw           GET  no  no  --  ok  --  ok  --  --  --  --  --  in
meetings:referral_withdraw           POST no  no  --  ok  --  ok  --  --  --  --  --  in
meetings:of_case                     GET  ok  ok  ok  ok  --  ok  --  --  --  --  --  in
"""
WHY = "they smash the bus shelter on Fridays"
TITLE = "Damage to the shelter"
READERS = frozenset(TEAM | {"housing", "lead"})
MAY_READ = {WHY: READERS, TITLE: READERS}


def of_referral(world):
    return [world.meeting_referral.pk]


ARGUMENTS = {
    "meetings:refer": of_meeting,
    "meetings:referrals": of_meeting,
    "meetings:of_case": lambda world: [world.case.reference],
    **{
        f"meetings:{name}": of_referral
        for name in (
            "referral",
            "referral_accept",
            "referral_defer",
            "referral_decline",
            "referral_withdraw",
        )
    },
}


def records(world):
    referral = refer(world, world.partners["housing"], title=TITLE, why=WHY)
    return {"meeting_referral": referral}


def refer(world, partner, **words):
    place = PlaceFactory(lead=world.team)
    return ReferralFactory(meeting=world.meeting, from_partner=partner, place=place, **words)


def grow(world, number):
    """Another referral by each, and the case on the agenda of another meeting, referred to a third."""
    housing = world.partners["housing"]
    for partner in (housing, world.partners["police"]):
        refer(world, partner)
    given = {"series": world.series, "invite": [housing]}
    AgendaItemFactory(meeting=MeetingFactory(**given), kind=ItemKind.CASE, case=world.case, open_to=[housing])
    ReferralFactory(
        meeting=MeetingFactory(**given), from_partner=housing, kind=ItemKind.CASE, case=world.case
    )
    standing = AgendaItemFactory(meeting=world.meeting)
    grant(record=standing, partner=housing, level=ShareLevel.CONTRIBUTE)


LISTS = """
officer meetings:refer_case
housing meetings:refer_case
"""
PAGES = """
officer meetings:referrals
housing meetings:referrals
officer meetings:referral
officer meetings:referral_accept
officer meetings:refer
officer meetings:of_case
housing meetings:of_case
"""
READING = {"referral.viewed"}
