"""The quarterly report from review to the board, and from a published figure to the records behind it."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.steps import then_it_does_not_say, then_it_is_refused, then_it_says

pytestmark = pytest.mark.e2e

WAITING = "In review"
PAGE = 25  # rows of a list


def test_manager_publishes_the_quarter_and_the_board_reads_it(signed_in):
    board, manager = signed_in("board"), signed_in("manager")
    title = when_opening_the_report_that_waits(manager)
    board.goto("/performance/reports/")
    then_it_does_not_say(board, title)

    expect(manager.get_by_role("button", name="Sign off")).to_have_count(0)
    manager.get_by_role("button", name="Settle this comment").click()
    manager.get_by_role("button", name="Sign off").click()
    then_it_says(manager, "Its figures and words do not change any more")
    manager.get_by_role("button", name="Publish").click()
    then_it_says(manager, "everybody else who reads performance can open it")
    paper = when_the_pdf_is_made(manager)

    assert title in paper.metadata.title
    words = "".join(page.extract_text() for page in paper.pages)
    assert "Reports received" in words
    assert "How the figures are counted" in words
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    board.goto("/performance/reports/")
    board.get_by_role("link", name=title).click()
    then_it_says(board, "At a glance", "How the figures are counted")
    expect(board.get_by_role("button", name="Restate it")).to_have_count(0)
    assert when_downloading(board) == when_downloading(manager)


def test_each_figure_opens_as_many_records(signed_in):
    officer = signed_in("officer")
    officer.goto("/performance/?period=2021-22")
    figures = officer.get_by_role("region", name="By area").get_by_role("link").all()
    numbers = {int(re.match(r"\d+", each.inner_text())[0]): each for each in figures}
    number = max(each for each in numbers if each <= PAGE)

    numbers[number].click()

    expect(officer.locator("[data-row]")).to_have_count(number)


def test_board_reads_figures_and_opens_no_record(signed_in):
    board = signed_in("board")
    board.goto("/performance/?period=2021-22")
    then_it_says(board, "Reports received", "Cases opened")
    pages = board.get_by_role("navigation", name="Performance").get_by_role("link")
    expect(pages).to_have_text(["Dashboard", "Reports", "What figures count"])

    then_it_is_refused(board, "/performance/measures/reports-received/?period=2021-22")
    for name in ("hotspots", "hotspots/repeat-people", "housing", "plans", "indicators", "police"):
        then_it_is_refused(board, f"/performance/{name}/")


def test_stranger_sees_nothing_of_it(signed_in):
    stranger = signed_in("officer@west.example")
    stranger.goto("/performance/reports/")

    then_it_does_not_say(stranger, "2021-22 Q4")


def when_opening_the_report_that_waits(page: Page) -> str:
    page.goto("/performance/reports/")
    row = page.get_by_role("row").filter(has_text=WAITING)
    link = row.get_by_role("link")
    title = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return title


def when_the_pdf_is_made(page: Page) -> PdfReader:
    """By the worker, which begins at sign-off and may be done already."""
    under_way = page.get_by_role("link", name="See how far it is")
    if under_way.count():
        under_way.click()
        done = page.get_by_role("link", name="Go to the report and its PDF")
        expect(done).to_be_visible(timeout=60_000)
        done.click()
    return PdfReader(io.BytesIO(when_downloading(page)))


def when_downloading(page: Page) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the PDF").click()
    return started.value.path().read_bytes()
