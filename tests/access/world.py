"""The people of the access table, and one record of each kind that its addresses point to.

The first partnership's team leads every record. It shares them as a summary with the police and in full with
housing and with a charity, where only a provider of grants works, and not with health. The second partnership
has an officer of its own, a stranger to it all.
"""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from csp.agencies.enums import Role
from csp.agencies.models import Partner, User
from tests.access import records
from tests.factories.agencies import PartnerFactory, PartnershipFactory, user_at

ROLES = (
    "officer", "manager", "police", "housing", "health", "lead",
    "provider", "board", "auditor", "admin", "west", "anonymous",
)  # fmt: skip


@dataclass
class World:
    users: dict[str, User]
    partners: dict[str, Partner]
    things: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """`world.report`, for each of the things."""
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None

    def client(self, role: str) -> Client:
        """A browser of its own, signed in as the role was when the world began."""
        client = Client()
        if role in self.cookies:
            client.cookies["sessionid"] = self.cookies[role]
        return client


def partners_of_two_partnerships() -> dict[str, Partner]:
    here = PartnershipFactory(code="SV", slug="south-and-vale")
    west = PartnershipFactory(code="WO", slug="west-oxfordshire")
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
    users = people_of(partners)
    world = World(users, partners, records.make_records(partners, users))
    for role, user in users.items():
        client = Client()
        client.force_login(user)
        world.cookies[role] = client.cookies["sessionid"].value
    return world
