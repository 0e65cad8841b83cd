import pytest

from cases.enums import Risk
from cases.services.titles import street_of, suggested_title
from tests.factories.agencies import AreaFactory
from tests.factories.cases import (
    CategoryFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("4 Mill Road, Didcot", "Mill Road, Didcot"),
        ("12b Park Rise, Abingdon", "Park Rise, Abingdon"),
        ("Flat 2, 14 Station Close, Thame", "Station Close, Thame"),
        ("14-16 High Street", "High Street"),
        ("Garages behind Park Rise", "Garages behind Park Rise"),
        ("1st Avenue, Thame", "1st Avenue, Thame"),
        ("", ""),
    ],
)
def test_street_has_no_house(address, street):
    assert street_of(address) == street


@pytest.mark.django_db
def test_title_of_a_protected_place_says_the_area_alone():
    report = ReportFactory()
    report.place = PlaceFactory(lead=report.lead, address="31 Ock Lane, Abingdon")
    report.local_area = AreaFactory(partnership=report.partnership, parent=None, name="Abingdon")
    report.save()
    report.categories.add(CategoryFactory(lead=report.lead, label="Harassment", risk=Risk.HIGH))
    assert suggested_title(report) == "Harassment, Ock Lane, Abingdon"

    somebody = PersonFactory(lead=report.lead, place=report.place, do_not_disclose=True)
    ReportPersonFactory(report=report, person=somebody)

    assert suggested_title(report) == "Harassment, Abingdon"
