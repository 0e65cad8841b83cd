"""The made-up partnership's meetings: their series, the Joint Tasking Meeting, and a year of the past."""

import datetime as dt
from typing import Any

from csp.agencies.models import Area, Partner, Partnership, SharingAgreement, User
from csp.core.calendar import local_day
from demo import joint_tasking, published_year
from tasking.enums import Cadence, SeriesKind, Weekday, WeekOfMonth
from tasking.models import Series, SeriesPartner, StandingItem
from tasking.services.series import CONFIDENTIALITY

TEAM = "Community Safety"
INVITED = {
    "Police": "police", "Soha": "housing", "Sovereign": "", "Social Care": "", "Fire and Rescue": "",
    "Probation": "", "Health": "health", "Vale Council": "",
}  # fmt: skip
"""Agencies of the Joint Tasking Meeting, and who usually comes."""
STANDING = (("Modern slavery", 5), ("Prevent", 5))
NEIGHBOURHOOD = {
    "Abingdon": Weekday.MONDAY,
    "Didcot and Wallingford": Weekday.WEDNESDAY,
    "Wantage and Faringdon": Weekday.THURSDAY,
    "Thame and Henley": Weekday.FRIDAY,
}
INVITED_NEARBY = {"Police": "police", "Soha": "housing", "Sovereign": "", "Vale Council": ""}


def load(partnership: Partnership, now: dt.datetime) -> None:
    people = {
        user.email.split("@")[0]: user
        for user in User.objects.filter(memberships__partner__partnership=partnership).distinct()
    }
    joint = _joint_tasking(partnership, people, now)
    nearby = _neighbourhood(partnership, people)
    published_year.load(joint.lead, nearby, people["manager"])
    joint_tasking.load(joint, people, now)
    joint_tasking.hold_nearby(nearby["Didcot and Wallingford"], people, now)


def _joint_tasking(partnership: Partnership, people: dict[str, User], now: dt.datetime) -> Series:
    series = _series(
        partnership,
        people,
        INVITED,
        name="Joint Tasking Meeting",
        kind=SeriesKind.JOINT_TASKING,
        week_of_month=WeekOfMonth.SECOND,
        first_on=local_day(now) - dt.timedelta(days=365),
        venue="Demo House, Didcot",
    )
    StandingItem.objects.bulk_create(
        StandingItem(series=series, title=title, minutes=minutes, position=position)
        for position, (title, minutes) in enumerate(STANDING, start=1)
    )
    return series


def _neighbourhood(partnership: Partnership, people: dict[str, User]) -> dict[str, Series]:
    areas = {each.name: each for each in Area.objects.filter(partnership=partnership)}
    return {
        name: _series(
            partnership,
            people,
            INVITED_NEARBY,
            name=f"{name} ASB meeting",
            kind=SeriesKind.NEIGHBOURHOOD,
            area=areas[name],
            weekday=weekday,
            week_of_month=WeekOfMonth.THIRD,
            first_on=published_year.YEAR_BEGAN,
            begins_at=dt.time(14),
            minutes_long=90,
        )
        for name, weekday in NEIGHBOURHOOD.items()
    }


def _series(
    partnership: Partnership, people: dict[str, User], invited: dict[str, str], **details: Any
) -> Series:
    partners = {each.name: each for each in Partner.objects.filter(partnership=partnership)}
    series = Series.objects.create(
        partnership=partnership,
        lead=partners[TEAM],
        chair=people["manager"],
        deputy=people["officer"],
        cadence=Cadence.MONTHLY,
        confidentiality=CONFIDENTIALITY,
        agreement=SharingAgreement.objects.filter(partnership=partnership).order_by("pk").first(),
        **details,
    )
    SeriesPartner.objects.bulk_create(
        SeriesPartner(series=series, partner=partners[name], person=people.get(person))
        for name, person in invited.items()
    )
    return series
