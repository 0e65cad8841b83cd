"""Charts, tables and the map of hotspots, on a narrow screen and by keys alone."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1000, "height": 700}
CORNERS = [[51.60, -1.30], [51.61, -1.28], [51.62, -1.28], [51.63, -1.30], [51.62, -1.32], [51.61, -1.32]]
HEXAGON = {
    "id": "a", "ring": CORNERS, "centre": [51.61, -1.30], "number": 7, "words": "7 reports",
    "label": "Abbey", "rank": 1, "shade": 3,
}  # fmt: skip
MAP = """<div class="app-hotspots"><div class="app-hotspots__map" data-hotspots="/points" hidden></div>
  <div class="app-hotspots__list"><table class="app-table">
    <tr data-hexagon="a"><th>Abbey</th><td><a href="/a">7</a></td></tr></table></div></div>"""


@pytest.fixture
def chart(site, page):
    drawn = {"title": "By month", "picture": "/none.svg", "words": "Jun 4, Jul 6"}
    table = {"unit": "reports", "head": ["", "Reports"], "rows": [["Jun", 4], ["Jul", 6]]}
    site.page("/chart", "{% include 'partials/chart.html' %}", chart=drawn | table, downloads=[])
    page.set_viewport_size(NARROW)
    page.goto("/chart")
    return page


def test_chart_that_is_too_wide_begins_at_its_end_says_so_and_takes_the_focus(chart):
    picture = chart.get_by_role("region", name="By month: the chart")
    ends = picture.evaluate(
        "box => [box, box.firstElementChild].map(each => each.getBoundingClientRect().right)"
    )

    expect(chart.get_by_text("Scroll the chart sideways")).to_be_visible()
    assert picture.evaluate("box => box.scrollWidth > box.clientWidth")
    assert ends[0] == pytest.approx(ends[1], abs=1)
    picture.focus()
    expect(picture).to_be_focused()


def test_chart_that_fits_says_nothing_of_scrolling(chart):
    chart.set_viewport_size(WIDE)

    expect(chart.get_by_text("Scroll the chart sideways")).to_be_hidden()


def test_caption_stands_above_the_head_of_its_table(site, page):
    table = """<table class="app-table"><caption class="govuk-heading-s">By month</caption>
      <thead><tr><th>Reports</th></tr></thead><tbody><tr><td>7</td></tr></tbody></table>"""
    site.page("/table", table)
    page.goto("/table")
    caption, head = (page.locator(each).bounding_box() for each in ("caption", "thead"))

    assert caption["y"] + caption["height"] <= head["y"] + 1


def test_hexagons_are_no_stops_of_the_tab_key(site, page):
    site.pages["/points"] = json.dumps({"hexagons": [HEXAGON], "wards": []})
    site.page("/map", MAP)
    page.goto("/map")
    page.get_by_role("application").wait_for()
    stops = page.locator(".app-hotspots__map path").evaluate_all("all => all.map(each => each.tabIndex)")

    assert stops == [-1]


def test_list_of_hotspots_is_as_long_as_its_places(site, page):
    spots = [{"rank": number, "cell": str(number), "label": "Abbey", "words": "7"} for number in range(60)]
    shown = {"spots": spots, "wanted": {"noun": "reports"}}
    listed = "{% include 'performance/_hotspot_list.html' with page=shown only %}"
    site.page("/list", f'<div class="app-hotspots">{listed}</div>', shown=shown)
    page.goto("/list")
    table, box = (page.locator(each).bounding_box() for each in ("table", ".app-hotspots__list > :has(tr)"))

    assert table["height"] > 1000
    assert box["height"] >= table["height"]
