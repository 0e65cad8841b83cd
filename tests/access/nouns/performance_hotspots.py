"""Where it happens: counts for all who read performance, what they count and who comes back for the team."""

from typing import Any

import h3

from cases.enums import LinkRole
from tests.access import secrets
from tests.factories.cases import PersonFactory, PlaceFactory, ReportFactory, ReportPersonFactory

CELL = str(h3.latlng_to_cell(secrets.LATITUDE, secrets.LONGITUDE, 8))
TABLE = """
== Performance: hotspots
#                                         off man pol hou hea lea pro boa aud adm wes anonymous
performance:hotspots                 GET  ok  ok  ok  ok  ok  ok  no  ok  ok  no  ok  in
performance:hotspot_points           GET  ok  ok  ok  ok  ok  ok  no  ok  ok  no  ok  in
performance:hotspot_file             GET  ok  ok  ok  ok  ok  ok  no  ok  ok  no  ok  in
performance:hotspot_records          GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:repeat_places            GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:repeat_people            GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
"""
ARGUMENTS = {"performance:hotspot_records": lambda world: [CELL]}
READING = {"hotspots.exported", "repeat_people.viewed"}
LISTS = """
    officer   performance:hotspot_records
    officer   performance:repeat_places
    officer   performance:repeat_people
"""
PAGES = """
    officer   performance:hotspots
    board     performance:hotspots
    board     performance:hotspot_points
"""


def grow(world: Any, number: int) -> None:
    """Another place and another person with two reports each, in the same hexagon."""
    place = PlaceFactory(lead=world.team, address=f"{number} Back Again Lane")
    person = PersonFactory(lead=world.team)
    point = {"latitude": secrets.LATITUDE, "longitude": secrets.LONGITUDE}
    for _ in range(2):
        report = ReportFactory(lead=world.team, place=place, received_at=world.now, **point)
        ReportPersonFactory(report=report, person=person, role=LinkRole.VICTIM)
