"""The people of the access table, and one record of each kind that its addresses point to.

The record is led by Community Safety of the first partnership, shared as a summary with the police and in full
with housing, and not with health. The second partnership has an officer of its own, a stranger to it all.
"""

from dataclasses import dataclass, field
from typing import Any

from csp.agencies.enums import Role, ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from tests.factories.agencies import PartnerFactory, PartnershipFactory, user_at
from tests.factories.cases import NOON, CaseFactory, ReportFactory, ReportPersonFactory

ROLES = (
    "officer", "manager", "police", "housing", "health", "lead",
    "provider", "board", "auditor", "admin", "west", "anonymous",
)  # fmt: skip

TERMS = {
    "gateway": "cda_115",
    "purpose": "Joint visit",
    "necessity": "They hold the tenancy",
    "consent": "given",
}


@dataclass
class World:
    users: dict[str, User]
    partners: dict[str, Partner]
    things: dict[str, Any] = field(default_factory=dict)


def partners_of_two_partnerships() -> dict[str, Partner]:
    here, west = PartnershipFactory(code="SV"), PartnershipFactory(code="WO")
    return {
        "team": PartnerFactory(partnership=here, name="Community Safety", receiving=True),
        "police": PartnerFactory(partnership=here, name="Police"),
        "housing": PartnerFactory(partnership=here, name="Soha"),
        "health": PartnerFactory(partnership=here, name="Health"),
        "charity": PartnerFactory(partnership=here, name="Charity"),
        "west": PartnerFactory(partnership=west, name="Community Safety West", receiving=True),
    }


def people_of(partners: dict[str, Partner]) -> dict[str, User]:
    seats = {
        "officer": ("team", Role.OFFICER),
        "manager": ("team", Role.MANAGER),
        "police": ("police", Role.PRACTITIONER),
        "housing": ("housing", Role.PRACTITIONER),
        "health": ("health", Role.PRACTITIONER),
        "lead": ("housing", Role.AGENCY_LEAD),
        "provider": ("charity", Role.PROVIDER),
        "board": ("team", Role.BOARD),
        "auditor": ("team", Role.AUDITOR),
        "admin": ("team", Role.ADMINISTRATOR),
        "west": ("west", Role.OFFICER),
    }
    return {
        name: user_at(partners[partner], role, name=name.title(), email=f"{name}@access.example")
        for name, (partner, role) in seats.items()
    }


def make_world() -> World:
    partners = partners_of_two_partnerships()
    world = World(users=people_of(partners), partners=partners)
    report = ReportFactory(lead=partners["team"])
    case = CaseFactory(lead=partners["team"])
    for record in (report, case):
        for name, level in (("police", ShareLevel.SUMMARY), ("housing", ShareLevel.FULL)):
            sharing.share(record=record, to_partner=partners[name], level=level, by=None, at=NOON, **TERMS)
    link = ReportPersonFactory(report=report)
    world.things = {"report": report, "case": case, "person": link.person, "link": link}
    return world
