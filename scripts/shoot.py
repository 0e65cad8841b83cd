"""Walks the running demo in Chromium and takes pictures; `scripts.screenshots` starts it, in the venv.

A page is found by following links from home, and pictured once for each shape of address: one case, not all.
Each is pictured as on a desk and as on a phone.
"""

import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

PASSWORD = "demo-casework"  # noqa: S105 -- published in the README
DEMO = ("officer", "manager", "police", "housing", "lead", "health", "provider", "board", "auditor", "admin")
PEOPLE = (*(f"{name}@demo.example" for name in DEMO), "officer@west.example")
PUBLIC_STARTS = ("/accounts/login/", "/report-asb/", "/accessibility/", "/privacy/")
VARYING = re.compile(r"[A-Z]{2,}-[A-Z]+-\d{2}-\d+|[0-9a-f-]{32,36}|\d+")
NOT_PAGES = re.compile(r"/logout/|/switch|\.(csv|xlsx|ods|pdf)$|/export/|/attachments/")
MOST_PAGES = 60
WIDTHS = (1280, 390)
HEIGHT = 900
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


def main() -> int:
    base, folder, browser = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    failed = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=ARGUMENTS)
        for person in ("resident", *PEOPLE):
            context = chromium.new_context(base_url=base, viewport={"width": WIDTHS[0], "height": HEIGHT})
            starts = PUBLIC_STARTS if person == "resident" else sign_in(context, person)
            failed += walk(context, list(starts), folder / person)
            context.close()
        chromium.close()
    sys.stdout.writelines(f"{line}\n" for line in failed)
    return 1 if failed else 0


def sign_in(context: BrowserContext, email: str) -> tuple[str, ...]:
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], main input[type=submit]")
    page.close()
    return ("/",)


def walk(context: BrowserContext, waiting: list[str], folder: Path) -> list[str]:
    folder.mkdir(parents=True)
    page = context.new_page()
    seen = {shape(path) for path in waiting}
    failed = []
    while waiting and len(seen) <= MOST_PAGES:
        path = waiting.pop(0)
        try:
            answer = page.goto(path)
        except Error as error:
            failed.append(f"{folder.name} {path}: {error.message.splitlines()[0]}")
            continue
        picture(page, folder / file_name(path))
        if answer is None or answer.status >= 400:
            failed.append(f"{folder.name} {path}: {answer.status if answer else 'no answer'}")
        for link in links(page):
            if shape(link) not in seen:
                seen.add(shape(link))
                waiting.append(link)
    page.close()
    return failed


def picture(page: Page, path: Path) -> None:
    """As it comes on each screen, whole: what sticks to an edge must not lie over the middle."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if width != WIDTHS[0]:
            page.reload()
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(HEIGHT, height)})
        page.screenshot(path=f"{path}-{width}.png")
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})


def links(page: Page) -> list[str]:
    """Pages of ours that this page leads to, without their queries."""
    found = page.eval_on_selector_all("a[href^='/']:not([download])", "all => all.map(a => a.href)")
    return [path for path in (urlsplit(link).path for link in found) if not NOT_PAGES.search(path)]


def shape(path: str) -> str:
    return VARYING.sub("*", path)


def file_name(path: str) -> str:
    return shape(path).strip("/").replace("/", "--").replace("*", "one") or "home"


if __name__ == "__main__":
    sys.exit(main())
