"""An agenda put in order by drag, by arrow keys and by buttons, each saved at once."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

ROW = """<li data-arrange-item="{0}"><span data-arrange-number="{0}"></span><p>{0}</p>
  <input type="hidden" name="order" value="{0}"><input name="minutes-{0}" value="10" aria-label="Minutes {0}">
  <button type="button" data-arrange-handle hidden>Drag {0}</button>
  <button name="move" value="up" formaction="/move" data-arrange-step="-1">Up {0}</button>
  <button name="move" value="down" formaction="/move" data-arrange-step="1">Down {0}</button></li>"""


@pytest.fixture
def agenda(site, page):
    rows = "".join(ROW.format(name) for name in ("one", "two", "three"))
    site.page(
        "/agenda",
        f'<form method="post" action="/order" data-arrange><strong data-arrange-times>30 of 60</strong>'
        f"<ol data-arrange-list>{rows}</ol></form>",
    )
    site.answer("/order", lambda _fields: {"times": "35 of 60", "numbers": {"one": 2, "two": 1}})
    page.goto("/agenda")
    return page


def order(page):
    return page.locator("[data-arrange-item]").evaluate_all(
        "all => all.map(each => each.dataset.arrangeItem)"
    )


def test_arrow_key_moves_an_item_and_saves_it(site, agenda):
    agenda.get_by_role("button", name="Drag one").press("ArrowDown")

    expect(agenda.get_by_text("35 of 60", exact=True)).to_be_visible()
    assert order(agenda) == ["two", "one", "three"]
    expect(agenda.locator("[data-arrange-number=one]")).to_have_text("2")
    expect(agenda.get_by_role("button", name="Drag one")).to_be_focused()
    expect(agenda.get_by_role("status").get_by_text("one moved. 35 of 60")).to_be_attached()
    assert len(site.sent_to("/order")) == 1


def test_first_has_no_way_up_and_the_key_does_nothing(site, agenda):
    agenda.get_by_role("button", name="Drag one").press("ArrowUp")
    assert order(agenda) == ["one", "two", "three"]
    assert site.sent_to("/order") == []


def test_button_moves_without_leaving_and_hands_over_the_focus_at_the_end(site, agenda):
    agenda.get_by_role("button", name="Down two").click()
    expect(agenda.get_by_text("35 of 60", exact=True)).to_be_visible()
    assert order(agenda) == ["one", "three", "two"]
    expect(agenda.get_by_role("button", name="Drag two")).to_be_focused()
    assert site.sent_to("/move") == []


def test_item_is_dragged_by_its_handle(site, agenda):
    handle = agenda.get_by_role("button", name="Drag three").bounding_box()
    target = agenda.locator("[data-arrange-item=one]").bounding_box()
    agenda.mouse.move(handle["x"] + 5, handle["y"] + 5)
    agenda.mouse.down()
    agenda.mouse.move(target["x"] + 5, target["y"] + 2, steps=5)
    agenda.mouse.up()
    expect(agenda.get_by_text("35 of 60", exact=True)).to_be_visible()
    assert order(agenda) == ["three", "one", "two"]


def test_minutes_are_saved_as_they_are_changed(site, agenda):
    agenda.get_by_label("Minutes one").fill("15")
    agenda.get_by_label("Minutes one").blur()
    expect(agenda.get_by_text("35 of 60", exact=True)).to_be_visible()
    assert site.sent_to("/order")[0]["minutes-one"] == "15"


def test_what_is_wrong_is_said_and_the_sum_stays(site, agenda):
    site.answer("/order", lambda _fields: {"problem": "Enter a number"})
    agenda.get_by_label("Minutes one").fill("ten")
    agenda.get_by_label("Minutes one").blur()
    expect(agenda.get_by_text("Not saved. Enter a number").first).to_be_attached()
    expect(agenda.locator("[data-arrange-times]")).to_have_text("30 of 60")


def test_lost_connection_is_said(site, agenda):
    site.answer("/order", lambda _fields: 500)
    agenda.get_by_role("button", name="Drag one").press("ArrowDown")
    expect(agenda.locator("[data-arrange-times]")).to_contain_text("Not saved: there is no connection")
