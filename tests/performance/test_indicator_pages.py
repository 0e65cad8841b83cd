"""The pages of indicators: the list, one over time, and keeping its values."""

from decimal import Decimal

import pytest
from django.urls import reverse

from csp.agencies.enums import Role
from csp.audit.models import Event
from performance.models import Indicator
from performance.services import indicators as service
from performance.services.spans import read_span
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.performance import IndicatorFactory
from tests.performance.indicator_scene import APRIL, MARCH, NOW, TODAY, add, given

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"performance:{name}", args=args)


def test_the_list_shows_the_newest_value_and_its_direction(client, lead, indicator):
    add(indicator, MARCH, "12")
    add(indicator, APRIL, "9")
    client.force_login(lead)

    text = client.get(page("indicators")).content.decode()

    assert "<strong>9</strong> admissions, April 2024" in text
    assert "down from 12 in March 2024" in text
    assert page("indicator_new") not in text


def test_the_page_shows_each_value_with_its_source_and_restatements(client, lead, indicator):
    service.restate(value=add(indicator), given=given("14", note="Late returns"), by=None, at=NOW)
    add(indicator, APRIL, None)
    client.force_login(lead)

    text = " ".join(client.get(page("indicator", indicator.pk)).content.decode().split())

    assert "NHS Digital, table 4" in text
    assert "20 May 2024" in text
    assert "Restated: was 12, from NHS Digital, table 4, as of 20 May 2024" in text
    assert "Late returns" in text
    assert "no figure" in text
    assert page("indicator_value_new", indicator.pk) not in text


@pytest.mark.parametrize("ending", ["csv", "ods"])
def test_values_can_be_taken_away(client, lead, indicator, ending):
    add(indicator)
    client.force_login(lead)

    response = client.get(page("indicator_download", indicator.pk) + f"?format={ending}")

    assert response["Content-Disposition"] == f'attachment; filename="assault-admissions.{ending}"'
    assert Event.objects.filter(verb="indicator.exported").count() == 1


ASKED = {"name": "Burglary", "unit": "incidents", "better": "less"}


def test_an_indicator_is_added_on_its_page(client, officer, team):
    client.force_login(officer)

    response = client.post(page("indicator_new"), ASKED, follow=True)

    made = Indicator.objects.get()
    assert response.redirect_chain == [(made.get_absolute_url(), 302)]
    assert (made.partnership, made.better, made.crime_type) == (team.partnership, "less", "")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Enter a name for the indicator"),
        ({"unit": ""}, "Enter what is counted"),
        ({"how": "police"}, "Select the crime type that is counted"),
        ({"how": "measure"}, "Select the measure that counts it"),
        ({"name": "Assault admissions"}, "Give this one another name"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(client, officer, indicator, changed, words):
    client.force_login(officer)

    text = client.post(
        page("indicator_new"), ASKED | {"definition": "Only in the dark"} | changed
    ).content.decode()

    assert words in text
    assert "Only in the dark" in text
    assert Indicator.objects.count() == 1


def test_of_two_who_change_an_indicator_the_second_is_told(client, officer, indicator):
    client.force_login(officer)
    seen = client.get(page("indicator_edit", indicator.pk)).context["form"]["seen"].value()
    Indicator.objects.filter(pk=indicator.pk).update(unit="people")

    typed = ASKED | {"name": "Assaults", "unit": "admissions", "better": "neither", "seen": seen}
    text = client.post(page("indicator_edit", indicator.pk), typed).content.decode()

    assert "Somebody else changed this indicator while you had it open" in text
    assert 'value="Assaults"' in text
    indicator.refresh_from_db()
    assert indicator.name == "Assault admissions"


def test_an_indicator_is_changed(client, officer, indicator):
    client.force_login(officer)
    seen = client.get(page("indicator_edit", indicator.pk)).context["form"]["seen"].value()

    client.post(page("indicator_edit", indicator.pk), ASKED | {"name": "Assaults", "seen": seen})

    indicator.refresh_from_db()
    assert (indicator.name, indicator.unit) == ("Assaults", "incidents")


VALUE = {"period": "March 2024", "value": "12.5", "source": "NHS", "as_of": "20 5 2024"}


def test_a_value_is_added_on_its_page(client, officer, indicator):
    client.force_login(officer)

    client.post(page("indicator_value_new", indicator.pk), VALUE)
    client.post(
        page("indicator_value_new", indicator.pk), VALUE | {"period": "2021", "value": "", "none": "on"}
    )

    found = indicator.values.order_by("-first_on").values_list("value", "by")
    assert list(found) == [(Decimal("12.50"), officer.pk), (None, officer.pk)]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"period": "lately"}, "Enter a period like March 2024"),
        ({"period": ""}, "Enter the period that the value is of"),
        ({"value": "many"}, "Enter the value as a number"),
        ({"value": ""}, "Enter the value, or tick that the source has none"),
        ({"none": "on"}, "not both"),
        ({"source": ""}, "Enter where the value is from"),
        ({"as_of": ""}, "Enter the day on which the source gave it"),
        ({"period": "February 2024"}, "There is a value for February 2024 already"),
    ],
)
def test_a_wrong_value_is_told_and_what_was_typed_stays(client, officer, indicator, changed, words):
    add(indicator, read_span("February 2024", TODAY), "3")
    client.force_login(officer)

    response = client.post(page("indicator_value_new", indicator.pk), VALUE | {"note": "As typed"} | changed)

    assert words in response.content.decode()
    assert "As typed" in response.content.decode()
    assert indicator.values.count() == 1


def test_a_value_is_restated_on_its_page(client, officer, indicator):
    value = add(indicator)
    client.force_login(officer)
    address = page("indicator_restate", indicator.pk, value.pk)

    refused = client.post(address, VALUE | {"note": ""}).content.decode()
    client.post(address, VALUE | {"note": "Late returns"})

    assert "Enter why the value is restated" in refused
    assert 'value="12.5"' in refused
    assert indicator.values.standing().get().value == Decimal("12.50")


def test_strangers_do_not_see_an_indicator_and_readers_do_not_change_it(client, lead, indicator):
    value = add(indicator)
    client.force_login(lead)
    forbidden = [
        page("indicator_edit", indicator.pk),
        page("indicator_value_new", indicator.pk),
        page("indicator_upload", indicator.pk),
        page("indicator_restate", indicator.pk, value.pk),
        page("indicator_new"),
    ]
    assert [client.get(address).status_code for address in forbidden] == [403] * 5

    client.force_login(user_at(PartnerFactory(), Role.OFFICER))
    assert client.get(page("indicator", indicator.pk)).status_code == 404
    assert client.get(page("indicator_download", indicator.pk)).status_code == 404


def test_a_value_of_another_indicator_is_not_found(client, officer, team, indicator):
    other = add(IndicatorFactory(partnership=team.partnership))
    client.force_login(officer)

    assert client.get(page("indicator_restate", indicator.pk, other.pk)).status_code == 404
