"""The small behaviours, one by one."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def test_form_is_sent_once_however_often_its_button_is_pressed(site, page):
    site.page("/new", '<form method="post" action="/slow"><button>Send</button></form>')
    page.goto("/new")

    page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('main button').click()")
    expect(page.get_by_text("After")).to_be_visible()

    assert len(site.sent_to("/slow")) == 1


def test_button_tells_which_verb_was_pressed(site, page):
    buttons = "".join(f'<button name="do" value="{verb}">{verb}</button>' for verb in ("log", "case"))
    site.page("/new", f'<form method="post">{buttons}</form>')
    page.goto("/new")

    page.get_by_role("button", name="case").click()
    expect(page.get_by_text("After")).to_be_visible()

    assert site.sent_to("/new") == [{"do": "case"}]


def test_user_menu_closes_with_escape_and_gives_the_focus_back(site, page):
    page.goto("/after")
    page.locator("summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.locator("summary")).to_be_focused()


def test_reference_is_copied(site, page):
    site.page("/r", '<button type="button" data-copy="SV-R-26-000123" hidden>Copy reference</button>')
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/r")

    page.get_by_role("button", name="Copy reference").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "SV-R-26-000123"


def test_progress_is_fetched_until_the_work_is_done(site, page):
    part = """<div id="p1" data-progress="/p" data-progress-state="{}" data-progress-percent="{}">
      <p data-progress-words>{}</p></div>"""
    site.page("/p", part.format("running", 10, "Running, 10%"))
    page.goto("/p")
    site.page("/p", part.format("done", 100, "Done: 1,204 reports"))

    expect(page.locator("#p1")).to_have_text("Done: 1,204 reports")
    expect(page.locator("[role=status].govuk-visually-hidden")).to_have_text("Done: 1,204 reports")


def test_page_around_progress_is_loaded_again_at_the_end(site, page):
    part = """<div data-progress-reload><div id="p1" data-progress="/p" data-progress-state="{}">
      <p data-progress-words>{}</p></div></div><p>{}</p>"""
    site.page("/p", part.format("running", "Running", "The work goes on"))
    page.goto("/p")
    site.page("/p", part.format("done", "Done", "This came of it"))

    expect(page.get_by_text("This came of it")).to_be_visible()


def test_filter_starts_closed_on_a_phone_only(site, page):
    site.page("/list", '<details class="app-filter" open><summary>Filter</summary><p>Area</p></details>')
    page.goto("/list")
    expect(page.get_by_text("Area")).to_be_visible()

    page.set_viewport_size({"width": 320, "height": 640})
    page.reload()

    expect(page.get_by_text("Area")).to_be_hidden()


def test_radios_open_what_hangs_on_them_and_say_nothing_that_aria_forbids(site, page):
    radios = """<div class="govuk-radios" data-module="govuk-radios">
      <input class="govuk-radios__input" type="radio" name="d" id="a" data-aria-controls="c">
      <label for="a">Open a case</label>
      <div class="govuk-radios__conditional govuk-radios__conditional--hidden" id="c">Why?</div>
      <input class="govuk-radios__input" type="radio" name="d" id="b"><label for="b">Advice</label></div>"""
    site.page("/decide", radios)
    page.goto("/decide")
    expect(page.get_by_text("Why?")).to_be_hidden()

    page.get_by_label("Open a case").check(force=True)

    expect(page.get_by_text("Why?")).to_be_visible()
    assert page.locator("#a").get_attribute("aria-expanded") is None


def test_page_that_came_back_with_problems_says_so_in_its_title(site, page):
    summary = '<div class="govuk-error-summary" data-module="govuk-error-summary"><h2>A problem</h2></div>'
    site.page("/new", summary)

    page.goto("/new")

    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator(".govuk-error-summary")).to_be_focused()


@pytest.mark.parametrize("key", ["Escape", "Shift"])
def test_resident_leaves_at_once_by_pressing_a_key_three_times(site, page, key):
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="Weather"))
    site.page(
        "/report-asb", "<p>What happened?</p>", base="public_base.html", user={"is_authenticated": False}
    )
    page.goto("/report-asb")

    for _ in range(3):
        page.keyboard.press(key)

    expect(page.get_by_text("Weather")).to_be_visible()


def test_shell_works_without_scripts(site, chromium):
    site.page(
        "/list",
        '<details class="app-filter" open><summary>Filter</summary><p>Area</p></details>',
        nav=[{"label": "Reports", "url": "/r", "active": True, "count": 12}],
    )
    page = chromium.new_context(base_url=site.url, java_script_enabled=False).new_page()
    page.goto("/list")

    expect(page.get_by_role("link", name="Reports (12 waiting)")).to_be_visible()
    page.locator(".app-menu summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_text("Area")).to_be_visible()
