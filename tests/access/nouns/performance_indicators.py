"""Indicators and police incidents. All but the board read them; the team keeps them."""

import datetime as dt
import io
from decimal import Decimal

from django.core.files.base import ContentFile

from csp.agencies.enums import AreaKind
from performance.models import PoliceUpload
from performance.services.indicators import Given, add_value
from performance.services.police_import import load_police_file
from performance.services.spans import read_span
from tests.factories.agencies import AreaFactory
from tests.factories.performance import IndicatorFactory
from tests.factories.police import ASB, police_bytes, police_row

TABLE = """
== Performance: indicators and their values
performance:indicators               GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  ok  in
performance:indicator_new            GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:indicator_new            POST ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:indicator                GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  --  in
performance:indicator_download       GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  --  in
performance:indicator_edit           GET  ok  ok  no  no  no  no  no  no  no  no  --  in
performance:indicator_edit           POST ok  ok  no  no  no  no  no  no  no  no  --  in
performance:indicator_value_new      GET  ok  ok  no  no  no  no  no  no  no  no  --  in
performance:indicator_value_new      POST ok  ok  no  no  no  no  no  no  no  no  --  in
performance:indicator_restate        GET  ok  ok  no  no  no  no  no  no  no  no  --  in
performance:indicator_restate        POST ok  ok  no  no  no  no  no  no  no  no  --  in
performance:indicator_upload         GET  ok  ok  no  no  no  no  no  no  no  no  --  in
performance:indicator_upload         POST ok  ok  no  no  no  no  no  no  no  no  --  in
== Performance: street-level files of the police
performance:police                   GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  ok  in
performance:police_download          GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  ok  in
performance:police_upload            GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:police_upload            POST ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:police_upload_detail     GET  ok  ok  --  --  --  --  --  --  --  --  --  in
performance:police_rejected          GET  ok  ok  --  --  --  --  --  --  --  --  --  in
"""
OF_INDICATOR = (
    "indicator",
    "indicator_download",
    "indicator_edit",
    "indicator_value_new",
    "indicator_upload",
)
OF_UPLOAD = ("police_upload_detail", "police_rejected")
MARCH = read_span("March 2024", dt.date(2024, 6, 3))
COUNTS = {
    "force": "Made-up Police", "month": "2024-04", "outcome": "loaded", "read": 3, "kept": 2,
    "elsewhere": 0, "without_place": 0, "rejected": 1,
}  # fmt: skip


def records(world):
    here = world.team.partnership
    indicator = IndicatorFactory(partnership=here, name="Assault admissions")
    value = add_value(indicator=indicator, period=MARCH, given=_given(12), by=None, at=world.now)
    upload = PoliceUpload(
        partnership=here, name="2024-04-street.csv", by=world.users["officer"], at=world.now,
        finished_at=world.now, counts=COUNTS,
    )  # fmt: skip
    upload.rejected_file.save("rejected.csv", ContentFile(b"Line in the file\n2\n"), save=True)
    return {"indicator": indicator, "indicator_value": value, "police_upload": upload}


def _given(value):
    return Given(value=Decimal(value), source="NHS", as_of=dt.date(2024, 5, 20))


ARGUMENTS = {
    **{f"performance:{name}": lambda world: [world.indicator.pk] for name in OF_INDICATOR},
    "performance:indicator_restate": lambda world: [world.indicator.pk, world.indicator_value.pk],
    **{f"performance:{name}": lambda world: [world.police_upload.pk] for name in OF_UPLOAD},
}


def grow(world, number):
    """Each way of counting, values of the one that is opened, and a month of the police."""
    here = world.team.partnership
    AreaFactory(partnership=here, kind=AreaKind.DISTRICT, name=f"Grown {number}")
    months = [f"20{10 + number % 13}-{month:02}" for month in (1, 2)]
    for month in months:
        rows = police_bytes(police_row(month=month, name=f"Grown {number} 001A", place=f"Street {number}"))
        load_police_file(
            partnership=here, file=io.BytesIO(rows), name="x.csv", by=world.users["officer"], at=world.now
        )
        period = read_span(month, dt.date(2024, 6, 3))
        add_value(indicator=world.indicator, period=period, given=_given(number), by=None, at=world.now)
    IndicatorFactory(partnership=here, crime_type=ASB)
    IndicatorFactory(partnership=here, measure="meetings-held")
    IndicatorFactory(partnership=here)


LISTS = """
officer performance:indicators
lead performance:indicators
officer performance:police
"""
PAGES = """
officer performance:indicator
lead performance:indicator
"""
READING = {"indicator.exported", "police_incident.exported", "police_upload.exported"}
