import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import chromium
from tests.e2e import product as running_product
from tests.e2e.people import sign_in
from tests.e2e.product import Product

__all__ = ["chromium"]

SCREEN = {"width": 1280, "height": 900}
PATIENCE = 20_000  # milliseconds, for a machine that does much else
SignedIn = Callable[..., Page]


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """Without pytest-django, which would hand out the database of whoever runs only these tests."""
    with running_product.running(os.environ.get("DATABASE_URL", "postgresql:///csp")) as product:
        yield product


@pytest.fixture
def open_browser(product: Product, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A browser of its own for each person. What goes wrong in any of their pages fails the test."""
    expect.set_options(timeout=PATIENCE)
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(**options: object) -> Page:
        context = chromium.new_context(
            base_url=product.url, **{"viewport": SCREEN, "locale": "en-GB"} | options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        listen(page, wrong)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def listen(page: Page, wrong: list[str]) -> None:
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on(
        "response",
        lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
    )
    page.on(
        "console",
        lambda line: (
            wrong.append(f"{page.url}: {line.text}") if "Content Security Policy" in line.text else None
        ),
    )


@pytest.fixture
def somebody(open_browser: Callable[..., Page]) -> Page:
    """A browser in which nobody is signed in."""
    return open_browser()


@pytest.fixture
def without_scripts(open_browser: Callable[..., Page]) -> Page:
    return open_browser(java_script_enabled=False)


@pytest.fixture
def signed_in(product: Product, open_browser: Callable[..., Page]) -> SignedIn:
    """`signed_in("officer")`: the home page of one of the people of the demo."""

    def person(name: str, **options: object) -> Page:
        page = open_browser(**options)
        email = name if "@" in name else f"{name}@demo.example"
        if email in product.cookies:
            page.context.add_cookies(product.cookies[email])
            page.goto("/")
        else:
            sign_in(page, email)
            product.cookies[email] = page.context.cookies()
        return page

    return person
