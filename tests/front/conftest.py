from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.front.site import BUILD, NOBODY, Site, running

__all__ = ["chromium"]


@pytest.fixture
def site(socket_enabled: None) -> Iterator[Site]:
    if not (BUILD / "app.js").exists():
        pytest.fail("The front end is not built: npm ci && npm run build")
    with running() as site:
        site.page("/after", "<p>After</p>")
        site.page("/login", "<p>Sign in</p>", user=NOBODY)
        yield site


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page on a fresh profile. A script that fails, or that the content policy stops, fails the test."""
    context = chromium.new_context(base_url=site.url)
    context.set_default_timeout(5000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None
    )
    yield page
    context.close()
    assert wrong == []
