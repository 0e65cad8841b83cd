"""A point on a map, with no tiles at all."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

FORM = """
  <form method="post">
    <div data-map data-map-lat="lat" data-map-lon="lon"
         data-map-centre="51.6,-1.24" data-map-zoom="13" hidden></div>
    <label for="lat">Latitude</label><input id="lat" name="lat">
    <label for="lon">Longitude</label><input id="lon" name="lon">
  </form>"""


@pytest.fixture
def place(site, page):
    site.page("/place", FORM)
    page.goto("/place")
    page.get_by_role("application").wait_for()
    return page


def numbers(page):
    return [float(page.get_by_label(label).input_value()) for label in ("Latitude", "Longitude")]


def test_click_sets_the_point(place):
    place.get_by_role("application").click()

    expect(place.locator(".app-map__pin")).to_be_visible()
    assert numbers(place) == pytest.approx([51.6, -1.24], abs=0.01)


def test_keyboard_sets_the_point_in_the_middle(place):
    place.get_by_role("application").focus()
    place.keyboard.press("ArrowUp")
    place.wait_for_timeout(500)
    place.get_by_role("button", name="Use the middle of the map").press("Enter")

    latitude, longitude = numbers(place)
    assert latitude > 51.6
    assert longitude == pytest.approx(-1.24, abs=0.001)


def test_typed_numbers_move_the_point(place):
    place.get_by_label("Latitude").fill("51.61")
    place.get_by_label("Longitude").fill("-1.25")
    place.get_by_label("Longitude").press("Tab")

    expect(place.locator(".app-map__pin")).to_be_visible()
    assert numbers(place) == [51.61, -1.25]


def test_absurd_numbers_show_no_point_and_break_nothing(place):
    place.get_by_label("Latitude").fill("5161")
    place.get_by_label("Longitude").fill("west")
    place.get_by_label("Longitude").press("Tab")

    expect(place.locator(".app-map__pin")).to_be_hidden()


def test_outline_is_drawn_where_given(site, page):
    corners = [[-1.3, 51.5], [-1.1, 51.5], [-1.1, 51.7], [-1.3, 51.5]]
    site.pages["/outline"] = json.dumps({"type": "Polygon", "coordinates": [corners]})
    site.page("/place", FORM.replace("data-map ", 'data-map data-map-outline="/outline" '))

    page.goto("/place")

    expect(page.locator(".app-map path")).to_have_count(1)
