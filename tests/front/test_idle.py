"""Somebody who went away is asked, then signed out; what was typed waits for them."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

FORM = """
  <form method="post" id="log">
    <label for="what">What</label><textarea id="what" name="what"></textarea>
  </form>"""


@pytest.fixture
def clocked(site, page):
    """The page's clock stands still; half an hour without a request ends the session."""
    site.answer("/stay", lambda _fields: {})
    site.page("/new", FORM, idle={"seconds": 1800, "url": "/stay"})
    page.clock.install()
    page.goto("/new")
    return page


def test_nobody_is_asked_while_there_is_time(clocked):
    clocked.clock.run_for(27 * 60 * 1000)

    expect(clocked.get_by_role("dialog")).to_be_hidden()


def test_two_minutes_before_the_end_the_person_is_asked_and_stays(site, clocked):
    clocked.clock.run_for(28 * 60 * 1000 + 2000)
    expect(clocked.get_by_role("dialog", name="Are you still there?")).to_contain_text("in 2 minutes")

    clocked.get_by_role("button", name="Stay signed in").click()
    expect(clocked.get_by_role("dialog")).to_be_hidden()
    clocked.wait_for_timeout(200)
    clocked.clock.run_for(20 * 60 * 1000)

    expect(clocked.get_by_role("dialog")).to_be_hidden()
    assert len(site.sent_to("/stay")) == 1
    assert site.posts[0].headers["X-CSRFToken"] == "token"


def test_typing_keeps_the_session_alive(site, clocked):
    clocked.clock.run_for(20 * 60 * 1000)

    clocked.get_by_label("What").press_sequentially("ab")
    clocked.wait_for_timeout(200)

    assert len(site.sent_to("/stay")) == 1


def test_at_the_end_the_session_is_ended_and_the_words_come_back_after_signing_in(site, clocked):
    def signed_out(_fields):
        site.signed_in = False
        return {}

    site.answer("/accounts/logout/", signed_out)
    clocked.get_by_label("What").fill("Shouting")
    clocked.clock.run_for(30 * 60 * 1000 + 2000)
    expect(clocked.get_by_text("Sign in")).to_be_visible()
    clocked.wait_for_load_state()

    site.signed_in = True
    clocked.goto("/new")

    expect(clocked.get_by_label("What")).to_have_value("Shouting")
