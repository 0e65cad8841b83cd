"""A series in words: each thing it says, under its heading."""

import datetime as dt
from typing import Any

from cases.services.prints import ChangedMeanwhile
from csp.core.text import count
from csp.core.words import date_words, time_words
from tasking.enums import Cadence, Weekday, WeekOfMonth
from tasking.forms.series import SeriesForm
from tasking.models import Series
from tasking.services.series import SeriesDetails

MONTHS = {Cadence.MONTHLY: "every month", Cadence.QUARTERLY: "every three months"}
WEEKS = {Cadence.WEEKLY: "Every {}", Cadence.FORTNIGHTLY: "Every second {}"}
HEADINGS = {"invited": "Agencies invited", "standing": "Standing items"}


def cadence_words(series: Series | SeriesDetails) -> str:
    """The second Tuesday of every month"""
    cadence = Cadence(series.cadence)
    day = Weekday(series.weekday).label
    if cadence in WEEKS:
        return WEEKS[cadence].format(day)
    if cadence in MONTHS:
        return f"The {WeekOfMonth(series.week_of_month).label.lower()} {day} of the month, {MONTHS[cadence]}"
    return cadence.label


def days_before(number: int) -> str:
    return f"{count(number, 'working day')} before" if number else "on the day"


def facts_of(series: Series, today: dt.date) -> list[dict[str, str]]:
    """What the page of a series lists."""
    deadlines = (
        f"Referrals are in {days_before(series.referrals_days)}, agencies have answered "
        f"{days_before(series.returns_days)}, papers are out {days_before(series.papers_days)}, and minutes "
        f"are out {count(series.minutes_days, 'working day')} after it"
    )
    said = [
        ("Kind", series.get_kind_display()),
        ("Area", str(series.area or "The whole partnership")),
        ("Run by", str(series.lead)),
        ("Chair", str(series.chair or "Not said yet")),
        ("Deputy", str(series.deputy or "Not said yet")),
        ("Meets", f"{cadence_words(series)}, from {date_words(series.first_on)}"),
        ("Time", f"{time_words(series.begins_at)}, for {count(series.minutes_long, 'minute')}"),
        ("Where", ", ".join(filter(None, [series.venue, series.join_link])) or "Not said yet"),
        ("Deadlines", deadlines),
        ("Confidentiality", series.confidentiality),
        ("Agreement", agreement_words(series, today)),
        ("Shares end", f"{count(series.share_days, 'day')} after each meeting"),
    ]
    if series.ended_on is not None:
        said.append(("Ends", f"{date_words(series.ended_on)} is the first day without its meetings"))
    return [{"label": label, "value": value} for label, value in said]


def agreement_words(series: Series, today: dt.date) -> str:
    agreement = series.agreement
    if agreement is None:
        return "None. Shares made for its meetings name no agreement"
    if agreement.has_ended(today):
        return f"{agreement}, which has ended"
    if agreement.has_lapsed(today):
        return f"{agreement}, which lapsed: its review was due by {date_words(agreement.review_on)}"
    return f"{agreement}, to be reviewed by {date_words(agreement.review_on)}"


def changes_of(clash: ChangedMeanwhile, form: SeriesForm) -> list[dict[str, str]]:
    """What somebody else saved meanwhile, in words."""
    return [{"what": heading(name, form), "now": said(name, clash.details, form)} for name in clash.fields]


def heading(name: str, form: SeriesForm) -> str:
    return HEADINGS.get(name) or str(form.fields[name].label)


def said(name: str, details: SeriesDetails, form: SeriesForm) -> str:
    if name == "invited":
        keys = {partner for partner, _ in details.invited}
        return ", ".join(each.name for each in form.agencies if each.pk in keys) or "None"
    if name == "standing":
        return ", ".join(f"{title} ({minutes})" for title, minutes in details.standing) or "None"
    value: Any = getattr(details, name)
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, form.fields[name].prepare_value(value)) or "Nothing")
