"""The published files of one police force: every row of anti-social behaviour comes in, and none twice."""

import csv
import gzip
import json
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from cases.models import ImportedRow, Report
from csp.agencies.services.area_tree import load_areas
from tests.cases.imports.files import ASB, POLICE_FILES, shared_file

MAPPING = Path(settings.BASE_DIR) / "cases" / "mappings" / "police-street.toml"


def bring_in(path, team, police):
    out = StringIO()
    call_command(
        "import_reports", path, partnership=team.partnership.slug, agency=police.name, mapping=MAPPING,
        json=True, stdout=out,
    )  # fmt: skip
    return json.loads(out.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize("month", POLICE_FILES)
def test_every_row_of_anti_social_behaviour_is_a_report(team, police, month):
    path = shared_file(f"{month}-thames-valley-street.csv.gz")
    read, asb = POLICE_FILES[month]
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        counted = Counter(
            (r["Month"], r["Location"], r["Longitude"], r["Latitude"])
            for r in csv.DictReader(file)
            if r["Crime type"] == ASB
        )

    told = bring_in(path, team, police)
    again = bring_in(path, team, police)

    assert sum(counted.values()) == asb
    assert told == {
        "read": read, "created": asb, "updated": 0, "unchanged": 0, "rejected": 0, "left_out": read - asb,
    }  # fmt: skip
    assert again == told | {"created": 0, "unchanged": asb}
    held = Report.objects.filter(partnership=team.partnership)
    assert held.count() == asb
    assert held.filter(latitude=None).count() == sum(n for key, n in counted.items() if not key[2])
    assert (
        Counter(
            (f"{on:%Y-%m}", place, *("" if each is None else f"{each:.6f}" for each in (lon, lat)))
            for on, place, lon, lat in held.values_list("occurred_on", "location", "longitude", "latitude")
        )
        == counted
    )
    assert not ImportedRow.objects.exclude(notes="").exists()


@pytest.mark.django_db
def test_located_rows_of_two_districts_have_their_wards(team, police):
    lookup = shared_file("lsoa2011-ward2019-thames-valley-banes.csv")
    path = shared_file("2018-06-thames-valley-street.csv.gz")
    districts = {"E07000179", "E07000180"}
    with lookup.open(encoding="utf-8", newline="") as file:
        ward_of = {r["LSOA11CD"]: r["WD19CD"] for r in csv.DictReader(file) if r["LAD19CD"] in districts}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        counted = Counter(
            ward_of[r["LSOA code"]]
            for r in csv.DictReader(file)
            if r["Crime type"] == ASB and r["LSOA code"] in ward_of
        )
    load_areas(path=lookup, partnership=team.partnership, districts=sorted(districts))

    bring_in(path, team, police)

    found = Report.objects.filter(ward__isnull=False).values_list("ward__codes", flat=True)
    assert Counter(codes[0] for codes in found) == counted
