"""Lists and record pages by keyboard."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

ROWS = "".join(
    f'<li data-row><a href="/r{n}" data-row-link>Report {n}</a> <a href="/claim{n}">Claim {n}</a></li>'
    for n in (1, 2, 3)
)


@pytest.fixture
def reports(site, page):
    site.page("/reports", f'<label for="q">Find</label><input id="q"><ul data-list-keys>{ROWS}</ul>')
    site.page("/r2", '<a rel="prev" href="/reports">Previous</a> <a rel="next" href="/after">Next</a>')
    page.goto("/reports")
    return page


def test_j_and_k_walk_and_enter_opens(reports):
    reports.keyboard.press("j")
    reports.keyboard.press("j")
    reports.keyboard.press("j")
    reports.keyboard.press("k")
    expect(reports.get_by_role("link", name="Report 2")).to_be_focused()

    reports.keyboard.press("Enter")

    reports.wait_for_url("**/r2")


def test_walking_goes_on_from_the_row_that_has_the_focus(reports):
    reports.get_by_role("link", name="Claim 1").focus()

    reports.keyboard.press("j")

    expect(reports.get_by_role("link", name="Report 2")).to_be_focused()


def test_walking_stops_at_both_ends(reports):
    for _ in range(5):
        reports.keyboard.press("j")
    expect(reports.get_by_role("link", name="Report 3")).to_be_focused()

    for _ in range(5):
        reports.keyboard.press("k")
    expect(reports.get_by_role("link", name="Report 1")).to_be_focused()


def test_letters_in_a_field_are_letters(reports):
    reports.get_by_label("Find").press_sequentially("jk?")

    expect(reports.get_by_label("Find")).to_have_value("jk?")
    expect(reports.get_by_role("dialog")).to_be_hidden()


def test_help_explains_the_keys_and_turns_them_off(reports):
    reports.keyboard.press("?")
    expect(reports.get_by_role("dialog", name="Keys on this page")).to_be_visible()
    reports.get_by_role("button", name="Turn these keys off").click()
    reports.keyboard.press("Escape")

    reports.keyboard.press("j")

    expect(reports.get_by_role("link", name="Report 1")).not_to_be_focused()


def test_record_page_follows_the_order_of_the_list(reports):
    reports.goto("/r2")

    reports.keyboard.press("j")

    expect(reports.get_by_text("After")).to_be_visible()
