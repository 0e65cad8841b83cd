"""Figures from outside the casework, made up: months of the police, and indicators that partners supply."""

import csv
import datetime as dt
import io
import random
from decimal import Decimal

from csp.agencies.measures import find_measure
from csp.agencies.models import Partnership, User
from csp.core.calendar import Period, add_months, local_day
from demo.areas import POSTCODES, SOUTH_AND_VALE
from performance.enums import Better
from performance.models import Indicator
from performance.services import indicators
from performance.services.indicators import Given, IndicatorDetails
from performance.services.police_import import load_police_file

FORCE = "Demo Police"
MONTHS, LATE = 14, 2
"""How many months are loaded, and by how many the police publish later."""
HEADER = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
ASB = "Anti-social behaviour"
TYPES = {
    ASB: 34, "Violence and sexual offences": 52, "Criminal damage and arson": 16, "Public order": 13,
    "Other theft": 15, "Shoplifting": 14, "Vehicle crime": 11, "Burglary": 9, "Drugs": 5, "Bicycle theft": 3,
    "Robbery": 1,
}  # fmt: skip
"""About how many a month."""
STREETS = ("Parking Area", "Park/Open Space", "Supermarket", "High Street", "Station Road", "Church Lane",
           "Mill Lane", "Petrol Station", "Sports/Recreation Area", "The Green")  # fmt: skip
OUTCOMES = ("Under investigation", "Investigation complete; no suspect identified",
            "Unable to prosecute suspect", "Local resolution", "Awaiting court outcome")  # fmt: skip
NOWHERE, ELSEWHERE = 4, 12
"""Rows of each month that have no place, and that lie in a district nearby."""
MADE_UP = "Made up for the demonstration"

SURVEY = ("Residents who feel safe after dark", "per cent", Better.MORE, "Residents' survey", "")
ADMISSIONS = ("Admissions to hospital after assault", "admissions", Better.LESS, "NHS England", "Health")
ABUSE = ("Domestic abuse reported to the police", "incidents", Better.NEITHER, FORCE, "Police")
YEARLY = (Decimal("71.5"), Decimal(69), Decimal(72), Decimal("74.5"))
QUARTERLY = {
    ADMISSIONS: (14, 17, 12, 15, 11, None, 13, 10, 9),
    ABUSE: (402, 431, 418, 440, 452, 447, 469, 480, 476),
}


def load(partnership: Partnership, now: dt.datetime) -> None:
    by = User.objects.get(email="manager@demo.example")
    last = add_months(local_day(now).replace(day=1), -LATE)
    for back in reversed(range(MONTHS)):
        month = add_months(last, -back)
        load_police_file(
            partnership=partnership,
            file=io.BytesIO(street_file(month)),
            name=f"{month:%Y-%m}-demo-street.csv",
            by=by,
            at=now,
        )
    _counted(partnership, by, now)
    _yearly(partnership, by, now)
    for about in QUARTERLY:
        _quarterly(partnership, about, by, now)


def street_file(month: dt.date) -> bytes:
    """The same for a month each time."""
    chance = random.Random(f"{month:%Y-%m}")  # noqa: S311 -- made-up incidents, not secrets
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for kind, usual in TYPES.items():
        more = 1.25 if kind == ASB and 5 <= month.month <= 9 else 1.0  # summer evenings
        for _ in range(max(round(chance.gauss(usual * more, usual / 9)), 0)):
            writer.writerow(_row(chance, month, kind, _spot(chance)))
    writer.writerows(_elsewhere(month))
    return out.getvalue().encode()


DISTRICTS = {
    code: name
    for name, local in SOUTH_AND_VALE.items()
    for wards in local.values()
    for codes in wards.values()
    for code in codes
}


def _spot(chance: random.Random) -> tuple[str, float, float, str]:
    """One of the made-up postcodes, the first of them more often than the last."""
    here = [each for each in POSTCODES if each[3] in DISTRICTS]
    return here[min(chance.randrange(len(here)), chance.randrange(len(here)))]


def _row(chance: random.Random, month: dt.date, kind: str, place: tuple[str, float, float, str]) -> list[str]:
    """Somewhere near that postcode."""
    _, *point, ward = place
    latitude, longitude = (degrees + chance.randrange(-4, 5) * 0.0009 for degrees in point)
    area = POSTCODES.index(place) + 1
    ref = "" if kind == ASB else f"{chance.getrandbits(256):064x}"
    outcome = "" if kind == ASB else chance.choice(OUTCOMES)
    return [
        ref, f"{month:%Y-%m}", FORCE, FORCE, f"{longitude:.6f}", f"{latitude:.6f}",
        f"On or near {chance.choice(STREETS)}", f"E0199{area:04}", f"{DISTRICTS[ward]} {area:03}A", kind,
        outcome, "",
    ]  # fmt: skip


def _elsewhere(month: dt.date) -> list[list[str]]:
    common = [f"{month:%Y-%m}", FORCE, FORCE]
    nowhere = ["", *common, "", "", "No Location", "", "", ASB, "", ""]
    place = ("-1.257000", "51.752000", "On or near High Street", "E01990999", "Oxford 001A")
    nearby = ["", *common, *place, ASB, "", ""]
    return [nowhere] * NOWHERE + [nearby] * ELSEWHERE


def _indicator(partnership: Partnership, details: IndicatorDetails, by: User, at: dt.datetime) -> Indicator:
    """That of the plan, where it watches one of the same name."""
    known = Indicator.objects.filter(partnership=partnership, name=details.name).first()
    if known is None:
        return indicators.add_indicator(partnership=partnership, details=details, by=by, at=at)
    seen = indicators.prints_of(indicators.details_of(known))
    return indicators.change_indicator(indicator=known, details=details, seen=seen, by=by, at=at)


def _counted(partnership: Partnership, by: User, at: dt.datetime) -> None:
    source = "Police, data.police.uk"
    found = [
        IndicatorDetails(
            name="Anti-social behaviour reported to the police", unit="incidents", source=source,
            crime_type=ASB,
        ),
        IndicatorDetails(
            name="Burglary reported to the police", unit="incidents", better=Better.LESS, source=source,
            crime_type="Burglary",
        ),
    ]  # fmt: skip
    if measure := find_measure("cases-discussed"):
        found.append(
            IndicatorDetails(name="Cases discussed at meetings", unit=measure.unit, measure=measure.name)
        )
    for details in found:
        _indicator(partnership, details, by, at)


def _entered(partnership: Partnership, about: tuple[str, ...], by: User, at: dt.datetime) -> Indicator:
    name, unit, better, source, supplier = about
    supplied_by = partnership.partners.filter(name=supplier).first() if supplier else None
    details = IndicatorDetails(name=name, unit=unit, better=better, source=source, supplied_by=supplied_by)
    return _indicator(partnership, details, by, at)


def _yearly(partnership: Partnership, by: User, at: dt.datetime) -> None:
    """The newest was given too high at first."""
    survey = _entered(partnership, SURVEY, by, at)
    last = Period.year_of(local_day(at), partnership.year_start).back()
    for back, value in enumerate(reversed(YEARLY)):
        period = last.back(back) if back else last
        as_of = min(period.last + dt.timedelta(days=40), local_day(at))
        given = Given(value=value, source=MADE_UP, as_of=as_of)
        made = indicators.add_value(indicator=survey, period=period, given=given, by=by, at=at)
        if not back:
            better = Given(
                value=value - 1, source=MADE_UP, as_of=as_of, note="Answers on paper were counted twice"
            )
            indicators.restate(value=made, given=better, by=by, at=at)


def _quarterly(partnership: Partnership, about: tuple[str, ...], by: User, at: dt.datetime) -> None:
    found = _entered(partnership, about, by, at)
    values = QUARTERLY[about]  # type: ignore[index]  # one of its keys
    first = Period.quarter_of(local_day(at), partnership.year_start).first
    for back, number in enumerate(reversed(values), start=1):
        period = Period.quarter_of(add_months(first, -3 * back), partnership.year_start)
        value = None if number is None else Decimal(number)
        as_of = min(period.last + dt.timedelta(days=30), local_day(at))
        given = Given(value=value, source=MADE_UP, as_of=as_of)
        indicators.add_value(indicator=found, period=period, given=given, by=by, at=at)
