"""What every page must keep to, whoever opens it and on whatever screen."""

from django.conf import settings
from playwright.sync_api import Page

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
FOUND = """axe.run({resultTypes: ['violations']}).then(({violations}) => violations.flatMap(
  ({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`)))"""
SHAPE = """() => ({
  headings: document.querySelectorAll('h1').length,
  title: /^\\w/.test(document.title.trim()),
  language: document.documentElement.lang,
  sideways: document.documentElement.scrollWidth > document.documentElement.clientWidth
})"""
AS_IT_SHOULD_BE = {"headings": 1, "title": True, "language": "en-GB", "sideways": False}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}


def then_the_accessibility_baseline_is_met(page: Page) -> None:
    page.evaluate(AXE.read_text())
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert (page.url, size, page.evaluate(SHAPE)) == (page.url, size, AS_IT_SHOULD_BE)
        assert (page.url, size, page.evaluate(FOUND)) == (page.url, size, [])
    page.set_viewport_size(WIDE)
