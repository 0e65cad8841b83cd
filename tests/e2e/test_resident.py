"""A resident reports without scripts and without an account, follows the report and adds a photo."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.looking import then_the_accessibility_baseline_is_met
from tests.e2e.product import Product
from tests.e2e.steps import REFERENCE, choose, then_it_does_not_say, then_it_says

pytestmark = pytest.mark.e2e

ADDRESS = "resident@mail.example"
STORY = "Mopeds race round the green until two in the morning"
LATER = "They came back last night, here is a picture"


def test_resident_reports_follows_and_adds_without_scripts(product, without_scripts, signed_in, tmp_path):
    resident = without_scripts
    given_the_public_form(resident)
    when_answering_the_questions(resident)
    when_sending_what_was_checked(resident)
    reference = then_there_is_a_reference(resident)
    when_finishing(resident)

    when_following_the_link_in_the_mail(product, resident)
    then_it_says(resident, reference)
    then_it_does_not_say(resident, STORY)
    when_adding_a_photo(resident, tmp_path)
    then_it_says(resident, "We received what you added")

    officer = signed_in("officer")
    officer.goto(f"/reports/{reference}/")
    then_it_says(officer, STORY, LATER, "moped")


def test_public_pages_read_well_on_the_way(somebody):
    given_the_public_form(somebody)
    then_the_accessibility_baseline_is_met(somebody)
    when_saying_that_nobody_is_in_danger(somebody)
    when_continuing(somebody)
    then_it_says(somebody, "Enter what happened")
    then_the_accessibility_baseline_is_met(somebody)


def given_the_public_form(page: Page) -> None:
    page.goto("/report-asb/")
    page.get_by_role("link", name="South and Vale").click()
    page.get_by_role("button", name="Start now").click()


def when_answering_the_questions(page: Page) -> None:
    when_saying_that_nobody_is_in_danger(page)
    page.get_by_label("What happened?").fill(STORY)
    when_continuing(page)
    choose(page, "Noise")
    when_continuing(page)
    choose(page, "It keeps happening")
    when_continuing(page)
    page.get_by_label("Address or postcode, if you know it").fill("OX14 9ZA")
    when_continuing(page)
    for _who_before_why_hate in range(4):
        when_continuing(page)
    choose(page, "A lot")
    when_continuing(page)
    choose(page, "Myself, or as a witness")
    when_continuing(page)
    page.get_by_label("Your name").fill("Rosa Resident")
    when_continuing(page)
    choose(page, "E-mail")
    page.get_by_label("E-mail address").fill(ADDRESS)
    when_continuing(page)
    when_continuing(page)


def when_saying_that_nobody_is_in_danger(page: Page) -> None:
    choose(page, "No")
    when_continuing(page)


def when_continuing(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def when_sending_what_was_checked(page: Page) -> None:
    then_it_says(page, "Check your answers", STORY, "Rosa Resident")
    page.get_by_role("button", name="Send your report").click()


def then_there_is_a_reference(page: Page) -> str:
    expect(page.get_by_role("heading", level=1)).to_have_text("Report sent")
    found = REFERENCE.search(page.get_by_role("main").inner_text())
    assert found
    return found[0]


def when_finishing(page: Page) -> None:
    page.get_by_role("button", name="Finish").click()
    page.goto("/report-asb/progress/")
    then_it_does_not_say(page, "What has happened")


def when_following_the_link_in_the_mail(product: Product, page: Page) -> None:
    mail = product.mail_to(ADDRESS)
    link = re.search(r"http\S+/report-asb/follow/\S+", mail.get_content())
    assert link
    assert STORY not in mail.as_string()
    page.goto(link[0])


def when_adding_a_photo(page: Page, folder: Path) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(drawn, "JPEG")
    photo = folder / "moped.jpg"
    photo.write_bytes(drawn.getvalue())
    page.get_by_label("What do you want to add?").fill(LATER)
    page.get_by_label("Photos, recordings or documents").set_input_files(photo)
    page.get_by_role("button", name="Send", exact=True).click()
