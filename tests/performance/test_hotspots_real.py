"""The map of the published police files, beside a count in plain Python."""

import csv
import datetime as dt
import gzip
from collections import Counter

import h3
import pytest
from django.conf import settings

from csp.agencies.enums import AreaKind
from performance.services.hotspots import LARGE, MEDIUM, SMALL, Wanted, What, by_month, find_hexagons
from tests.factories.agencies import AreaFactory, PartnershipFactory
from tests.performance.test_police_pages import load

pytestmark = pytest.mark.django_db
MONTHS = ("2018-06", "2024-01", "2024-02", "2024-03", "2024-04")
HERE = ("South Oxfordshire", "Vale of White Horse")


@pytest.mark.parametrize("month", MONTHS)
def test_hexagons_of_a_real_file_are_as_plain_python_counts_them(month):
    path = settings.SHARED_DATA_DIR / f"{month}-thames-valley-street.csv.gz"
    if not path.exists():
        pytest.skip("the open data samples are not on this machine (SHARED_DATA_DIR)")
    here = PartnershipFactory()
    for name in HERE:
        AreaFactory(partnership=here, kind=AreaKind.DISTRICT, name=name)
    load(here, path.read_bytes(), path.name)
    with gzip.open(path, "rt", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["LSOA name"].rsplit(" ", 1)[0] in HERE]
    points = [(float(row["Latitude"]), float(row["Longitude"])) for row in rows]
    first = dt.date.fromisoformat(f"{month}-01")

    for size in (SMALL, MEDIUM, LARGE):
        ground = find_hexagons(here, Wanted(What.POLICE, first, first, size=size))
        drawn = {each.cell: each.number for each in ground.hexagons}
        assert drawn == Counter(h3.latlng_to_cell(*point, size) for point in points)
    assert [each.number for each in by_month(here, Wanted(What.POLICE, first, first))] == [len(rows)]
