"""Debian's Chromium, driven by Playwright.

A module at a time: while Playwright's loop runs in this thread, Django refuses to touch the database in it.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts.setup import find_browser

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium on this machine: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGS)
        yield browser
        browser.close()
