"""Dates, times, postcodes and phone numbers as people type them.

Each `read_…` gives None for what it cannot read, and never guesses where two readings are likely.
"""

import datetime as dt
import re

from csp.core.calendar import LONDON, MONTHS_A_YEAR

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
LETTERS_THAT_TELL = 3
CENTURY = 100
NOON = 12
DAYS_A_WEEK = 7

RELATIVE = {"today": 0, "yesterday": -1, "tomorrow": 1}
ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
SOLID = re.compile(r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4}|\d\d)")
SEPARATOR = r"[\s/.,-]*"
YEAR = r"(?:[\s/.,-]+(?P<year>\d{4}|\d\d))?"
DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?{SEPARATOR}(?P<month>[a-z]+)\.?{YEAR}")
MONTH_FIRST = re.compile(rf"(?P<month>[a-z]+){SEPARATOR}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{YEAR}")
NUMBERS = re.compile(rf"(?P<day>\d{{1,2}})[\s/.,-]+(?P<month>\d{{1,2}}){YEAR}")
WEEKDAY = re.compile(r"(?:last )?(?P<name>[a-z]{3,})")
LEADING_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[\s,]+(?=\d)")

NAMED_TIMES = {"noon": dt.time(12), "midday": dt.time(12), "midnight": dt.time(0)}
TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h, ]?(?P<minute>\d\d))?\s*(?P<half>[ap])?(?(half)\.?m?\.?|(?:h(?:ou)?rs?)?)"
)

POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)(\d[ABD-HJLNP-UW-Z]{2})")
PHONE_PUNCTUATION = re.compile(r"[\s().\-\u2010-\u2015/]+")
PHONE = re.compile(r"0[1-9]\d{8,9}|\+[1-9]\d{7,14}")


def read_day(text: str, today: dt.date, *, future: bool = False) -> dt.date | None:
    """The day somebody means. Day comes before month, as in Britain.

    Where the year or the week is left out it is the nearest such day up to today, or from today where
    `future`.
    """
    text = " ".join(text.casefold().split())
    if text in RELATIVE:
        return today + dt.timedelta(days=RELATIVE[text])
    text = LEADING_WEEKDAY.sub("", text)
    for pattern in (ISO, SOLID, NUMBERS, DAY_FIRST, MONTH_FIRST):
        if match := pattern.fullmatch(text):
            return _day(match.groupdict(), today, future)
    return _weekday(text, today, future)


def _day(parts: dict[str, str | None], today: dt.date, future: bool) -> dt.date | None:
    month = read_month(parts["month"] or "")
    day = int(parts["day"] or 0)
    if not month:
        return None
    if parts["year"]:
        return real_date(read_year(parts["year"], today, future=future), month, day)
    years = (
        range(today.year, today.year + DAYS_A_WEEK + 2) if future else range(today.year, today.year - 9, -1)
    )
    days = (real_date(year, month, day) for year in years)  # 29 February may be eight years off
    return next((found for found in days if found and (found >= today if future else found <= today)), None)


def _weekday(text: str, today: dt.date, future: bool) -> dt.date | None:
    match = WEEKDAY.fullmatch(text)
    number = _starting(WEEKDAYS, match["name"]) if match else None
    if number is None:
        return None
    away = (number - today.weekday()) % DAYS_A_WEEK
    return today + dt.timedelta(days=away if future else away - DAYS_A_WEEK if away else 0)


def _starting(names: list[str], typed: str) -> int | None:
    """Which name begins so: `sep`, `sept` and `september` are one month. Sept is how people write it."""
    if len(typed) < LETTERS_THAT_TELL:
        return None
    return next((n for n, name in enumerate(names) if name.startswith(typed)), None)


def read_month(text: str) -> int | None:
    """A month by number or name."""
    text = text.strip().casefold().rstrip(".")
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= MONTHS_A_YEAR else None
    number = _starting(MONTHS, text)
    return None if number is None else number + 1


def read_year(text: str, today: dt.date, *, future: bool = False) -> int:
    """A year of four figures, or of two: then in this century, or in the last one where that would lie ahead.

    Next year stays next year, so that a slip is refused for lying ahead and not read as a hundred years ago.
    """
    year = int(text)
    if year >= CENTURY or len(text) > len("26"):
        return year
    year += today.year - today.year % CENTURY
    return year - CENTURY if year > today.year + 1 and not future else year


def real_date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_time(text: str) -> dt.time | None:
    """A time of day, such as 9.30pm, 21:30, 2130 or noon. A bare hour could be morning or evening, so it
    is refused.
    """
    text = " ".join(text.casefold().split())
    if text in NAMED_TIMES:
        return NAMED_TIMES[text]
    match = TIME.fullmatch(text)
    if not match or not (match["minute"] or match["half"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"] == "p" and hour < NOON:
        hour += NOON
    if match["half"] == "a" and hour == NOON:
        hour = 0
    if match["half"] == "a" and hour > NOON:
        return None
    try:
        return dt.time(hour, minute)
    except ValueError:
        return None


def at_local_time(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment of a local time. In the hour that comes twice in October it is the first; the hour that
    does not exist in March is read as the clock that was not put forward yet.
    """
    return dt.datetime.combine(day, time, tzinfo=LONDON).astimezone(dt.UTC)


def read_postcode(text: str) -> str | None:
    """A postcode as Royal Mail writes it, with its one space."""
    match = POSTCODE.fullmatch(re.sub(r"[^A-Z0-9]", "", text.upper()))
    return f"{match[1]} {match[2]}" if match else None


def read_phone(text: str) -> str | None:
    """A phone number in one spelling, so that the same number is found again: 07700 900123 or +353 as
    typed.
    """
    digits = PHONE_PUNCTUATION.sub("", text.replace("(0)", "") if "+" in text else text)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if digits.startswith("44") and len(digits) == len("447700900123"):
        digits = f"+{digits}"
    if digits.startswith("+44"):
        digits = f"0{digits[3:].removeprefix('0')}"
    if not PHONE.fullmatch(digits):
        return None
    if digits.startswith("02"):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return digits if digits.startswith("+") else f"{digits[:5]} {digits[5:]}"
