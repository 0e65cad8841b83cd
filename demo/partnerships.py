"""The two demo partnerships: their agencies, areas, people who sign in, postcodes and rules."""

import datetime as dt
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from csp.agencies import rulebook
from csp.agencies.enums import CASEWORK_ROLES, AgencyKind, AreaKind, Role
from csp.agencies.models import Agency, Area, Membership, Partner, Partnership, Postcode, User, Ward
from demo import areas

FORMED = dt.date(2011, 4, 1)
PASSWORD = "demo-casework"  # noqa: S105 -- published in the README, loaded only with DEMO=1

TEAM = "Community Safety"
SOUTH_AND_VALE_PARTNERS = (
    (TEAM, "South Oxfordshire District Council", AgencyKind.DISTRICT_COUNCIL),
    ("Vale Council", "Vale of White Horse District Council", AgencyKind.DISTRICT_COUNCIL),
    ("Police", "Thames Valley Police", AgencyKind.POLICE),
    ("Soha", "Soha Housing", AgencyKind.REGISTERED_PROVIDER),
    ("Sovereign", "Sovereign Housing Association", AgencyKind.REGISTERED_PROVIDER),
    ("Social Care", "Oxfordshire County Council", AgencyKind.COUNTY_COUNCIL),
    ("Fire and Rescue", "Oxfordshire County Council Fire and Rescue Service", AgencyKind.FIRE),
    ("Probation", "Thames Valley Probation Service", AgencyKind.PROBATION),
    ("Health", "Buckinghamshire, Oxfordshire and Berkshire West Integrated Care Board", AgencyKind.HEALTH),
    ("Police and Crime Commissioner", "Office of the Police and Crime Commissioner", AgencyKind.PCC),
    ("Mediation", "Mediation Bucks", AgencyKind.VOLUNTARY),
)
WEST_PARTNERS = (
    ("Community Safety West", "West Oxfordshire District Council", AgencyKind.DISTRICT_COUNCIL),
    ("Police", "Thames Valley Police", AgencyKind.POLICE),
)

SIGN_INS = (
    ("officer@demo.example", "Alex Officer", TEAM, Role.OFFICER),
    ("second.officer@demo.example", "Sam Marsh", TEAM, Role.OFFICER),
    ("manager@demo.example", "Morgan Manager", TEAM, Role.MANAGER),
    ("police@demo.example", "Priya Constable", "Police", Role.PRACTITIONER),
    ("housing@demo.example", "Hari Housing", "Soha", Role.PRACTITIONER),
    ("lead@demo.example", "Leigh Lead", "Soha", Role.AGENCY_LEAD),
    ("health@demo.example", "Helen Health", "Health", Role.PRACTITIONER),
    ("provider@demo.example", "Robin Provider", "Mediation", Role.PROVIDER),
    ("board@demo.example", "Bev Board", "Social Care", Role.BOARD),
    ("auditor@demo.example", "Audrey Auditor", TEAM, Role.AUDITOR),
    ("admin@demo.example", "Ade Administrator", TEAM, Role.ADMINISTRATOR),
)
WEST_SIGN_INS = (("officer@west.example", "Wren West", "Community Safety West", Role.OFFICER),)


def load(today: dt.date) -> tuple[Partnership, Partnership]:
    south = _partnership(
        Partnership(
            name="South and Vale Community Safety Partnership",
            slug="south-and-vale",
            code="SV",
            phone="01235 555 0199",
            email="community.safety@demo.example",
            address="Demo House, 1 Example Street, Didcot",
        ),
        SOUTH_AND_VALE_PARTNERS,
        SIGN_INS,
        areas.SOUTH_AND_VALE,
    )
    west = _partnership(
        Partnership(
            name="West Oxfordshire Community Safety Partnership",
            slug="west-oxfordshire",
            code="WO",
            year_start=1,
            phone="01993 555 0199",
            email="community.safety@west.example",
            address="Demo Lodge, 2 Example Street, Witney",
        ),
        WEST_PARTNERS,
        WEST_SIGN_INS,
        areas.WEST_OXFORDSHIRE,
    )
    for partnership in (south, west):
        rulebook.start_with_defaults(partnership, FORMED)
    _postcodes()
    return south, west


def _partnership(partnership: Partnership, partners: tuple, sign_ins: tuple, districts: dict) -> Partnership:
    partnership.save()
    seats = {}
    for name, agency_name, kind in partners:
        agency, _ = Agency.objects.get_or_create(name=agency_name, defaults={"kind": kind})
        group = Group.objects.create(name=f"{partnership.slug}/{name}")
        seats[name] = Partner.objects.create(
            partnership=partnership, agency=agency, group=group, name=name, joined_on=FORMED
        )
    partnership.receiving_partner = seats[partners[0][0]]
    partnership.save(update_fields=["receiving_partner"])
    for email, name, partner, role in sign_ins:
        _sign_in(email, name, seats[partner], role)
    _areas(partnership, districts)
    return partnership


@cache
def hashed() -> str:
    """The one password of them all, which takes a while to hash."""
    return make_password(PASSWORD)


def _sign_in(email: str, name: str, partner: Partner, role: Role) -> None:
    user = User.objects.create_user(email, name=name)
    user.password = hashed()
    user.save(update_fields=["password"])
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Membership.objects.create(user=user, partner=partner, role=role, starts_on=FORMED)
    if role in CASEWORK_ROLES:
        user.groups.add(partner.group)


def _areas(partnership: Partnership, districts: dict[str, dict[str, areas.Wards]]) -> None:
    whole = _area(partnership, None, AreaKind.PARTNERSHIP, partnership.name)
    for district_name, local_areas in districts.items():
        district = _area(partnership, whole, AreaKind.DISTRICT, district_name)
        for local_name, wards in local_areas.items():
            local = _area(partnership, district, AreaKind.LOCAL_AREA, local_name)
            for ward_name, codes in wards.items():
                _area(partnership, local, AreaKind.WARD, ward_name, codes)
                Ward.objects.bulk_create(
                    Ward(code=code, name=ward_name, district_code="", district_name=district_name)
                    for code in codes
                )


def _area(
    partnership: Partnership, parent: Area | None, kind: AreaKind, name: str, codes: list[str] | None = None
) -> Area:
    area = Area.objects.create(
        partnership=partnership, parent=parent, kind=kind, name=name, codes=codes or [], path="/"
    )
    area.path = f"{parent.path if parent else '/'}{area.pk}/"
    area.save(update_fields=["path"])
    return area


def _postcodes() -> None:
    wards = dict(Ward.objects.values_list("code", "pk"))
    Postcode.objects.bulk_create(
        Postcode(code=code, latitude=latitude, longitude=longitude, ward_id=wards[ward])
        for code, latitude, longitude, ward in areas.POSTCODES
    )
