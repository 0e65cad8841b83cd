"""Accounts: invited, disabled, a second step, a session that ran out, and rules for another day."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.looking import then_the_accessibility_baseline_is_met
from tests.e2e.people import PASSWORD, fill_sign_in, sign_in
from tests.e2e.product import Product
from tests.e2e.steps import choose, fill, then_it_is_refused, then_it_says

pytestmark = pytest.mark.e2e

OWN_PASSWORD = "seven-green-kettles"
STORY = "They keep ringing the bell and running away"


def test_invited_user_sets_a_password_and_is_out_once_disabled(product, signed_in, open_browser):
    lead, newcomer = signed_in("lead"), open_browser()
    email = "nina.new@soha.example"
    when_inviting(lead, "Nina New", email)
    when_following_the_invitation(product, newcomer, email)
    when_choosing_a_password(newcomer)
    sign_in(newcomer, email, OWN_PASSWORD)
    expect(newcomer.get_by_role("banner")).to_contain_text("Nina New")

    when_disabling(lead, "Nina New")
    newcomer.goto("/actions/")
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Sign in")
    fill_sign_in(newcomer, email, OWN_PASSWORD)
    expect(newcomer.get_by_role("banner")).not_to_contain_text("Nina New")


def test_second_step_is_set_up_and_asked_for_at_sign_in(open_browser):
    first, again = open_browser(), open_browser()
    sign_in(first, "provider@demo.example")
    secret = when_adding_an_authenticator_app(first)

    again.goto("/accounts/login/")
    fill_sign_in(again, "provider@demo.example")
    expect(again.get_by_role("heading", level=1)).to_have_text("Second step")
    then_the_accessibility_baseline_is_met(again)
    when_typing_a_code(again, secret)
    expect(again.get_by_role("banner")).to_contain_text("Robin Provider")


def test_nothing_is_lost_when_the_session_runs_out_while_typing(product, open_browser):
    page = open_browser()
    sign_in(page, "second.officer@demo.example")
    page.goto("/reports/new/")
    page.get_by_label("What happened", exact=True).fill(STORY)
    when_the_session_runs_out(product, page)
    page.get_by_role("button", name="Log report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    fill_sign_in(page, "second.officer@demo.example")
    then_the_words_are_found_again(page)


def test_administrator_changes_a_standard_from_a_later_day_and_reads_no_casework(product, signed_in):
    admin = signed_in("admin")
    then_it_is_refused(admin, "/reports/")
    [(reference,)] = product.ask("SELECT reference FROM cases_report WHERE status = 'new' LIMIT 1")
    then_it_is_refused(admin, f"/reports/{reference}/")

    day = timezone.localdate() + timedelta(days=40)
    admin.goto("/agencies/set-up/rules/triage-standards/")
    when_changing_the_first_standard(admin, f"{day.day} {day.month} {day.year}")
    then_it_says(admin, re.compile(f"{day.day} {day:%B} {day.year}"))


def when_inviting(page: Page, name: str, email: str) -> None:
    page.goto("/agencies/users/invite/")
    fill(page, "Their name", name)
    fill(page, "Their work email address", email)
    choose(page, "Partner practitioner")
    page.get_by_role("button", name="Send the invitation").click()
    then_it_says(page, name)


def when_following_the_invitation(product: Product, page: Page, email: str) -> None:
    link = re.search(r"http\S+/invitation/\S+", product.mail_to(email).get_content())
    assert link
    page.goto(link[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your password")


def when_choosing_a_password(page: Page) -> None:
    fill(page, "Password", OWN_PASSWORD)
    fill(page, "The password again", OWN_PASSWORD)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Choose your password")


def when_disabling(page: Page, name: str) -> None:
    page.goto("/agencies/users/")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Disable the account").click()
    page.get_by_label("Why?").fill("Left Soha")
    page.get_by_role("button", name="Disable it").click()
    then_it_says(page, "is disabled")


def when_adding_an_authenticator_app(page: Page) -> str:
    page.goto("/accounts/2fa/totp/activate/")
    if "Add an authenticator app" not in page.get_by_role("heading", level=1).inner_text():
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Carry on").click()
    secret = page.locator("strong.app-typed").inner_text().strip()
    fill(page, "Code", code(secret))
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Add an authenticator app")
    return secret


def when_typing_a_code(page: Page, secret: str) -> None:
    fill(page, "Code", code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()


def code(secret: str) -> str:
    """What the app on the phone shows, and shows long enough to be typed."""
    if (left := 30 - time.time() % 30) < 5:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def when_the_session_runs_out(product: Product, page: Page) -> None:
    [cookie] = [each for each in page.context.cookies() if each["name"] == "sessionid"]
    product.end_session(cookie["value"])


def then_the_words_are_found_again(page: Page) -> None:
    box = page.get_by_label("What happened", exact=True)
    if not box.count():
        page.get_by_role("link", name=re.compile("Go back to it|Put it back")).first.click()
    expect(box).to_have_value(STORY)


def when_changing_the_first_standard(page: Page, day: str) -> None:
    page.get_by_role("link", name=re.compile("^Change")).first.click()
    page.get_by_label("From when does the new version hold?").fill(day)
    page.get_by_role("button", name="Save").click()
