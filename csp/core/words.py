"""Dates, times and money as GOV.UK writes them."""

import datetime as dt
from decimal import Decimal

from csp.core.calendar import LONDON

NOON, MIDNIGHT = dt.time(12), dt.time(0)


def date_words(day: dt.date) -> str:
    """3 September 2026"""
    return f"{day.day} {day:%B} {day.year}"


def time_words(time: dt.time) -> str:
    """9:30pm, 9pm, midday, midnight"""
    if (time.hour, time.minute) in ((0, 0), (12, 0)):
        return "midday" if time.hour else "midnight"
    half = "am" if time.hour < NOON.hour else "pm"
    minutes = f":{time.minute:02}" if time.minute else ""
    return f"{time.hour % NOON.hour or NOON.hour}{minutes}{half}"


def moment_words(at: dt.datetime) -> str:
    """3 September 2026 at 9:30pm, in London"""
    local = at.astimezone(LONDON)
    return f"{date_words(local.date())} at {time_words(local.time())}"


def money_words(amount: Decimal | int | float) -> str:
    """£1,250 or £12.50: pence only where there are some"""
    pounds = Decimal(str(amount)).quantize(Decimal("0.01"))
    sign = "-" if pounds < 0 else ""
    return f"{sign}£{abs(pounds):,.2f}".removesuffix(".00")
