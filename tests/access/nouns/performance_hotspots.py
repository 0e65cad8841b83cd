"""Where it happens: counts for all but the board, what they count and who comes back for the team."""

from typing import Any

import h3

from cases.enums import LinkRole
from tests.factories.cases import PersonFactory, PlaceFactory, ReportFactory, ReportPersonFactory

POINT = (51.613457, -1.242689)
"""Of the report in `records`."""

TABLE = """
== Performance: hotspots
#                                         off man pol hou hea lea pro boa aud adm wes anonymous
performance:hotspots                 GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  ok  in
performance:hotspot_points           GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  ok  in
performance:hotspot_file             GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  ok  in
performance:hotspot_records          GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:repeat_places            GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:repeat_people            GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:depersonalised           GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:depersonalised           POST ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:housing_count            GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  ok  in
"""
ARGUMENTS = {"performance:hotspot_records": lambda world: [str(h3.latlng_to_cell(*POINT, 8))]}
READING = {"hotspots.exported", "repeat_people.viewed"}
LISTS = """
    officer   performance:hotspot_records
    officer   performance:repeat_places
    officer   performance:repeat_people
"""


def grow(world: Any, number: int) -> None:
    """Another place and another person with two reports each, in the same hexagon."""
    place = PlaceFactory(lead=world.team, address=f"{number} Back Again Lane")
    person = PersonFactory(lead=world.team)
    latitude, longitude = POINT
    for _ in range(2):
        report = ReportFactory(
            lead=world.team, place=place, received_at=world.now, latitude=latitude, longitude=longitude
        )
        ReportPersonFactory(report=report, person=person, role=LinkRole.VICTIM)
