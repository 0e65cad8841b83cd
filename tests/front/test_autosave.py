"""A draft is saved as it is typed, and says so without chattering."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

FORM = """
  <form method="post" id="log" data-autosave="/draft">
    <p data-autosave-status></p>
    <label for="what">What</label><textarea id="what" name="what"></textarea>
    <input type="hidden" name="draft" value="">
    <input type="file" name="photo" aria-label="Photo">
    <button>Log report</button>
  </form>"""


@pytest.fixture
def form(site, page):
    site.answer("/draft", lambda _fields: {"saved": "09:42", "draft": "12"})
    site.page("/new", FORM)
    page.goto("/new")
    return page


def status(page):
    return page.locator("[data-autosave-status]")


def test_what_is_typed_is_saved_with_its_token_and_the_time_is_shown(site, form):
    form.get_by_label("What").fill("Shouting")

    expect(status(form)).to_have_text("Saved 09:42")
    assert site.sent_to("/draft") == [{"csrfmiddlewaretoken": "token", "what": "Shouting", "draft": ""}] or (
        site.sent_to("/draft") == [{"what": "Shouting", "draft": ""}]
    )
    assert site.posts[0].headers["X-CSRFToken"] == "token"


def test_number_of_the_draft_goes_with_the_next_save(site, form):
    form.get_by_label("What").fill("Shouting")
    expect(status(form)).to_have_text("Saved 09:42")
    expect(form.locator("[name=draft]")).to_have_value("12")
    site.answer("/draft", lambda _fields: {"saved": "09:43"})

    form.get_by_label("What").press_sequentially(" at night")

    expect(status(form)).to_have_text("Saved 09:43")
    assert site.sent_to("/draft")[-1] == {"what": "Shouting at night", "draft": "12"}


def test_only_the_first_save_is_spoken(site, form):
    form.get_by_label("What").fill("Shouting")
    spoken = form.locator("[role=status].govuk-visually-hidden")
    expect(spoken).to_have_text("Saved 09:42")
    site.answer("/draft", lambda _fields: {"saved": "09:43"})

    form.get_by_label("What").fill("Shouting at night")

    expect(status(form)).to_have_text("Saved 09:43")
    expect(spoken).to_have_text("Saved 09:42")


def test_save_that_fails_is_tried_again_and_offered_back(site, form):
    site.answer("/draft", lambda _fields: 500)
    form.get_by_label("What").fill("Shouting")
    expect(status(form)).to_have_text("Not saved yet. Trying again.")

    form.goto("/new")
    form.get_by_role("button", name="Put it back").click()

    expect(form.get_by_label("What")).to_have_value("Shouting")


def test_save_after_the_session_ended_keeps_the_words_and_asks_to_sign_in(site, form):
    site.signed_in = False
    form.get_by_label("What").fill("Shouting")
    expect(status(form)).to_have_text(re.compile("You have been signed out"))
    site.signed_in = True

    form.get_by_role("link", name="Sign in again").click()

    expect(form.get_by_label("What")).to_have_value("Shouting")
    expect(form.get_by_text("did not reach us")).to_be_visible()


def test_form_that_is_sent_is_not_saved_any_more(site, form):
    form.get_by_label("What").fill("Shouting")
    form.get_by_role("button", name="Log report").click()
    expect(form.get_by_text("After")).to_be_visible()

    assert site.sent_to("/draft") == []
