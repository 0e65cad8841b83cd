"""Signing in and out, as people do."""

from playwright.sync_api import Page, expect

PASSWORD = "demo-casework"


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    fill_sign_in(page, email, password)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")


def fill_sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
