"""An officer logs a report while on the phone, and never touches the mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

STORY = "Somebody poured paint over my car and shouted that I should move away"


def test_officer_signs_in_and_logs_a_report_by_keyboard_alone(somebody):
    page = somebody
    given_the_sign_in_page(page)
    when_typing_email_and_password(page)
    when_following_the_link_by_keyboard(page, "Log a report")
    when_typing_a_name_and_choosing_who_is_known(page, "Ann Br", "Ann Brown")
    then_earlier_reports_show_beside_it(page)
    when_typing_what_happened(page)
    then_the_draft_is_saved(page)
    when_pressing_log_report(page)
    then_the_report_is_logged(page)


def test_draft_is_there_when_the_page_was_left(signed_in):
    page = signed_in("second.officer")
    page.goto("/reports/new/")
    when_typing_what_happened(page)
    then_the_draft_is_saved(page)
    page.goto("/")
    page.goto("/reports/new/")
    when_opening_the_draft(page)
    expect(page.get_by_label("What happened", exact=True)).to_have_value(STORY)


def given_the_sign_in_page(page: Page) -> None:
    page.goto("/accounts/login/")


def when_typing_email_and_password(page: Page) -> None:
    tab_to(page, "Email address")
    page.keyboard.type("officer@demo.example")
    tab_to(page, "Password")
    page.keyboard.type("demo-casework")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")


def when_following_the_link_by_keyboard(page: Page, words: str) -> None:
    tab_to(page, words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def when_typing_a_name_and_choosing_who_is_known(page: Page, typed: str, known: str) -> None:
    tab_to(page, "Name")
    page.keyboard.type(typed)
    expect(page.get_by_role("option").first).to_contain_text(known)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True).first).to_have_value(known)


def then_earlier_reports_show_beside_it(page: Page) -> None:
    known = page.get_by_role("complementary", name="Already known")
    expect(known).to_contain_text("Ann Brown")
    expect(known.get_by_role("link", name=re.compile("SV-R-")).first).to_be_visible()


def when_typing_what_happened(page: Page) -> None:
    tab_to(page, "What happened")
    page.keyboard.type(STORY)


def then_the_draft_is_saved(page: Page) -> None:
    expect(page.locator("[data-autosave-status]")).to_contain_text(re.compile(r"[Ss]aved \w* ?\d\d:\d\d"))


def when_opening_the_draft(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Somebody poured")).click()


def when_pressing_log_report(page: Page) -> None:
    tab_to(page, "Log report")
    page.keyboard.press("Enter")


def then_the_report_is_logged(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"SV-R-\d\d-\d{6}"))
    expect(page.get_by_role("main")).to_contain_text(STORY)
    expect(page.get_by_role("main")).to_contain_text("Ann Brown")


NAME_OF_FOCUS = """() => {
  const at = document.activeElement
  const label = at.labels?.[0]?.textContent ?? at.getAttribute('aria-label') ?? at.textContent
  return (label ?? '').replace(/\\s+/g, ' ').trim()
}"""


def tab_to(page: Page, name: str, most: int = 150) -> None:
    """Press Tab until the focus is on what carries this name."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUS) == name:
            return
    pytest.fail(f"{most} times Tab does not reach “{name}”")
