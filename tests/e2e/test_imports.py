"""A file comes in by the pages, with a bar that survives a reload, and changes nothing the second time."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import then_it_says

pytestmark = pytest.mark.e2e

POLICE = "2024-01-thames-valley-street.csv"
ROWS = 400


def test_small_file_comes_in_by_the_page_and_changes_nothing_twice(signed_in, tmp_path):
    officer = signed_in("officer")
    file = given_a_file(tmp_path)
    when_uploading(officer, file, agency="Soha")
    when_saying_what_the_columns_hold(officer)
    then_it_would_create(officer, ROWS)
    when_importing(officer)
    then_it_came_to(officer, created=ROWS, unchanged=0)

    when_uploading(officer, file, agency="Soha")
    when_saying_what_the_columns_hold(officer)
    then_it_would_create(officer, 0)
    when_importing(officer)
    then_it_came_to(officer, created=0, unchanged=ROWS)


def test_police_file_comes_in_whole_and_changes_nothing_twice(signed_in, tmp_path):
    officer = signed_in("officer")
    file = given_the_police_file(tmp_path)
    when_uploading(officer, file, agency="Police")
    when_using_the_saved_mapping(officer)
    then_it_would_create(officer, 1142)
    when_importing(officer)
    then_it_came_to(officer, created=1142, unchanged=0)

    when_uploading(officer, file, agency="Police")
    when_using_the_saved_mapping(officer)
    when_importing(officer)
    then_it_came_to(officer, created=0, unchanged=1142)


def given_a_file(folder: Path) -> Path:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["Reference", "Date", "What happened", "Kind", "Address"])
    for n in range(ROWS):
        rows.writerow([f"SO-{n}", "2026-03-04", f"Noise from flat {n}", "Noise", f"{n} Long Row, Didcot"])
    file = folder / "soha.csv"
    file.write_text(text.getvalue())
    return file


def given_the_police_file(folder: Path) -> Path:
    packed = settings.SHARED_DATA_DIR / f"{POLICE}.gz"
    if not packed.exists():
        pytest.skip(f"{packed} is not on this machine")
    file = folder / POLICE
    file.write_bytes(gzip.decompress(packed.read_bytes()))
    return file


def when_uploading(page: Page, file: Path, *, agency: str) -> None:
    page.goto("/imports/new/")
    page.get_by_label("Which agency is the file from?").select_option(label=agency)
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What the columns hold")


def when_saying_what_the_columns_hold(page: Page) -> None:
    """They are guessed from their names. What is left is how dates are written, and what values mean."""
    page.get_by_label("System the file comes from").fill("Soha ASB")
    page.get_by_label("How the date it happened is written").select_option("YYYY-MM-DD")
    page.get_by_role("button", name="Save and continue").click()
    title = page.get_by_role("heading", level=1)
    expect(title).not_to_contain_text("What the columns hold")
    if "What the values mean" in title.inner_text():
        page.get_by_role("button", name="Save and check the file").click()
    when_it_is_checked(page)


def when_using_the_saved_mapping(page: Page) -> None:
    page.get_by_label("Start from a saved mapping").select_option(
        label="Police street-level anti-social behaviour"
    )
    page.get_by_role("button", name="Use it").click()
    page.get_by_role("button", name="Save and continue").click()
    when_it_is_checked(page)


def when_it_is_checked(page: Page) -> None:
    """A reload while the bar runs, or after: the page says where it stands either way."""
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text("Import from")
    page.reload()
    expect(title).to_contain_text("Checked, nothing written", timeout=60_000)


def then_it_would_create(page: Page, rows: int) -> None:
    expect(row(page, "Would become new reports")).to_contain_text(f"{rows:,}")


def when_importing(page: Page) -> None:
    title = page.get_by_role("heading", level=1)
    page.get_by_role("button", name="Import this file").click()
    expect(title).not_to_contain_text("Checked")
    page.reload()
    expect(title).to_contain_text("Done", timeout=60_000)


def then_it_came_to(page: Page, *, created: int, unchanged: int) -> None:
    expect(row(page, "New reports").locator("td")).to_have_text(f"{created:,}")
    expect(row(page, "Known already and unchanged").locator("td")).to_have_text(f"{unchanged:,}")
    expect(row(page, "Rejected").locator("td")).to_have_text("0")
    then_it_says(page, "Done")


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))
