import datetime as dt

from csp.audit import seals
from csp.core.calendar import start_of_day


def days_ago(count):
    return seals.database_day() - dt.timedelta(days=count)


def noon(day):
    return start_of_day(day) + dt.timedelta(hours=12)
