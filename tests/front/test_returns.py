"""The return of an agency: an item answered in one click, the count kept, and a clash told."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

CARD = """
  <article data-card id="i{n}">
    <h3 tabindex="-1">Item {n}</h3>
    <button type="submit" name="nothing" value="i{n}" formaction="/nothing" data-nothing="i{n}-known-2">
      Nothing known about {n}</button>
    <input type="radio" id="i{n}-known" name="i{n}-known" value="known" aria-label="Known {n}">
    <input type="radio" id="i{n}-known-2" name="i{n}-known" value="not_known" aria-label="Not known {n}">
    <input type="text" name="i{n}-risks" aria-label="Risks {n}">
    <input type="hidden" name="i{n}-seen" value="0:a">
  </article>"""
FORM = f"""
  <form method="post" id="return" action="/send" data-return data-autosave="/save">
    <p><span data-return-done>0</span> of <span data-return-total>2</span></p>
    <progress max="2" value="0" aria-label="Answered"></progress>
    <p data-autosave-status></p>
    {CARD.format(n=1)}{CARD.format(n=2)}
    <div data-return-end><h3 tabindex="-1">Send</h3><button>Send</button></div>
  </form>"""


@pytest.fixture
def form(site, page):
    site.answer("/save", lambda _fields: {"saved": "9:42am", "done": 1, "total": 2, "i1-seen": "0:b"})
    site.page("/return", FORM)
    page.goto("/return")
    return page


def test_nothing_known_answers_by_keyboard_saves_and_goes_to_the_next(site, form):
    form.get_by_role("button", name="Nothing known about 1").focus()
    form.keyboard.press("Enter")

    expect(form.get_by_label("Not known 1")).to_be_checked()
    expect(form.get_by_role("heading", name="Item 2")).to_be_focused()
    expect(form.locator("[data-autosave-status]")).to_have_text("Saved 9:42am")
    expect(form.locator("[data-return-done]")).to_have_text("1")
    expect(form.locator("progress")).to_have_js_property("value", 1)
    assert site.sent_to("/save")[0]["i1-known"] == "not_known"
    assert site.sent_to("/nothing") == []
    form.get_by_role("button", name="Nothing known about 2").click()
    expect(form.get_by_role("heading", name="Send")).to_be_focused()


def test_what_was_not_saved_is_told_and_kept(site, form):
    site.answer("/save", lambda _fields: {"saved": "9:43am", "done": 0, "total": 2, "told": "Bob wrote here"})
    form.get_by_label("Risks 1").fill("A knife")

    expect(form.locator("[data-autosave-status]")).to_have_text("Bob wrote here")
    form.reload()
    form.get_by_role("button", name="Put it back").click()
    expect(form.get_by_label("Risks 1")).to_have_value("A knife")
