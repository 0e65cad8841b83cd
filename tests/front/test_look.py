"""The shell and every partial: read by axe, on a desk and on a phone."""

import pytest
from django import forms
from django.template.loader import render_to_string
from playwright.sync_api import expect

from tests.front.site import BUILD, NOBODY
from tests.front.test_templates import ERRORS, NEEDS

pytestmark = pytest.mark.e2e

AXE = BUILD.parents[1] / "node_modules" / "axe-core" / "axe.min.js"
FOUND = """axe.run().then(({violations}) => violations.flatMap(
  ({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`)))"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
TABLE = """
<table class="app-table app-table--cards">
  <caption class="govuk-table__caption govuk-table__caption--m">Actions</caption>
  <thead><tr><th scope="col">Action</th>
    <th scope="col">Agency</th><th scope="col">Outcome</th></tr></thead>
  <tbody><tr><th scope="row">Visit</th><td data-label="Agency">Soha</td>
    <td data-label="Outcome">Averyveryveryveryveryveryverylongwordwithoutanyplacetobreakit</td></tr></tbody>
</table>"""
ROWS = """<ul class="app-rows" data-list-keys><li class="app-row" data-row>
  <p class="app-row__title"><a class="govuk-link" href="/r" data-row-link>SV-R-26-000412</a> Shouting</p>
  <p class="app-row__detail">Didcot</p></li></ul>"""
PANEL = """<div class="govuk-panel govuk-panel--confirmation"><h2 class="govuk-panel__title">Received</h2>
<div class="govuk-panel__body">Your reference<br><strong>SV-R-26-000412</strong></div></div>"""
NAV = [
    {"label": label, "url": "/r", "active": label == "Reports", "count": 12} for label in ("Home", "Reports")
]
SHELL = {
    "nav": NAV,
    "partnership": {"pk": 1, "name": "South and Vale", "phone": "01235 422000"},
    "partnerships": [{"pk": 1, "name": "South and Vale"}, {"pk": 2, "name": "West Oxfordshire"}],
    "switch_url": "/switch",
    "search_url": "/search",
    "account_url": "/account",
    "marking": "OFFICIAL-SENSITIVE",
    "version": "1.0",
}


GIVEN = {
    **NEEDS,
    "filter": {"form": None, "chips": [{"label": "Area: Didcot", "url": "/r"}], "clear_url": "/r"},
}
INSIDE = {"timeline_entry": ("<h2>Timeline</h2>", "")}
NOT_IN_THE_SHELL = {"exit_this_page"}


class Filter(forms.Form):
    words = forms.CharField(required=False)
    area = forms.ChoiceField(choices=[("1", "Didcot")], required=False)


def every_partial() -> str:
    GIVEN["filter"]["form"] = Filter()
    drawn = []
    for name in sorted(GIVEN.keys() - NOT_IN_THE_SHELL):
        before, after = INSIDE.get(name, ("", ""))
        drawn += [before, render_to_string(f"partials/{name}.html", GIVEN[name]), after]
    return "".join([*drawn, ROWS])


@pytest.fixture(params=[1280, 320])
def narrow_and_wide(request, page):
    page.set_viewport_size({"width": request.param, "height": 800})
    return page


def look(page):
    """What axe finds, and whether the page scrolls sideways."""
    page.evaluate(AXE.read_text())
    return page.evaluate(FOUND), page.evaluate(TOO_WIDE)


def test_shell_with_every_partial_can_be_used_by_all(site, narrow_and_wide):
    site.page("/all", every_partial() + TABLE, **SHELL)
    narrow_and_wide.goto("/all")

    assert look(narrow_and_wide) == ([], False)


def test_open_menus_and_dialogs_can_be_used_by_all(site, narrow_and_wide):
    page = narrow_and_wide
    site.page("/all", every_partial(), **SHELL)
    page.goto("/all")
    page.locator(".app-menu summary").click()
    page.get_by_role("button", name="Help with keys").dispatch_event("click")

    assert look(page) == ([], False)


def test_public_pages_can_be_used_by_all(site, narrow_and_wide):
    site.page("/report-asb", PANEL, base="public_base.html", **{**SHELL, "user": NOBODY})
    narrow_and_wide.goto("/report-asb")

    assert look(narrow_and_wide) == ([], False)


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_can_be_used_by_all(site, page, name):
    site.pages["/error"] = render_to_string(name, {"reference": "4fd1c2"})
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/error")

    assert look(page) == ([], False)


def test_map_and_combobox_can_be_used_by_all(site, page):
    site.answer(
        "/people", lambda _fields: {"results": [{"value": "1", "label": "Ann Brown", "hint": "Mill Road"}]}
    )
    site.page(
        "/new",
        """<form><label for="caller">Caller</label><input id="caller" data-combobox="/people">
        <div data-map data-map-lat="lat" data-map-lon="lon" hidden></div>
        <label for="lat">Latitude</label><input id="lat">
        <label for="lon">Longitude</label><input id="lon"></form>""",
    )
    page.goto("/new")
    page.get_by_role("application").click()
    page.get_by_label("Caller").press_sequentially("Ann")
    page.get_by_role("option").wait_for()
    page.keyboard.press("ArrowDown")

    assert look(page) == ([], False)


def test_paper_shows_the_marking_and_no_controls(site, page):
    site.page("/all", every_partial(), **SHELL)
    page.goto("/all")

    page.emulate_media(media="print")

    expect(page.get_by_text("OFFICIAL-SENSITIVE")).to_be_visible()
    for part in (
        ".govuk-service-navigation",
        ".app-header__end",
        ".app-filter",
        ".app-keys",
    ):
        expect(page.locator(part).first).to_be_hidden()
