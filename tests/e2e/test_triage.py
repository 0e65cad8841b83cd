"""Triage: six ways to decide, a second thought, two officers at once, and a queue without the mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import given_a_logged_report, reference_on, then_it_says, when_deciding

pytestmark = pytest.mark.e2e

REFERRAL = {
    "Agency": "Soha",
    "What do you ask them to do?": "Visit the block",
    "A summary: what kind, when and in which area": "",
    "What do they need it for?": "To act on the tenancy",
    "Why do they need this much?": "Only the landlord can act",
    "Not needed for this gateway": "",
}


def test_officer_decides_in_each_of_the_six_ways_and_undoes_one(signed_in):
    officer = signed_in("officer")
    first = given_a_logged_report(officer, "Shouting and banging through the night")
    when_deciding(officer, first, "Open a case", {"Title of the case": "Noise, Station Close"}, "Third time")
    case = then_it_was_decided(officer, first, "case opened")

    second = given_a_logged_report(officer, "The same shouting again")
    when_deciding(officer, second, "Join an open case", join(officer, second, case), "The same people")
    then_it_was_decided(officer, second, "joined")

    third = given_a_logged_report(officer, "Rubbish in the stairwell")
    when_deciding(officer, third, "Refer it to an agency", REFERRAL, "Soha owns the block")
    then_it_was_decided(officer, third, "referred")

    fourth = given_a_logged_report(officer, "Bins on the pavement")
    when_deciding(officer, fourth, "Give advice only", {"Your advice": "Ask for a collection"}, "One off")
    then_it_was_decided(officer, fourth, "advice")

    fifth = given_a_logged_report(officer, "He parks where I like to park")
    when_deciding(officer, fifth, "It is not anti-social behaviour", {}, "An open road")
    then_it_was_decided(officer, fifth, "not")

    sixth = given_a_logged_report(officer, "Rubbish in the stairwell, said again")
    other = {"Reference of the other report": third}
    when_deciding(officer, sixth, "It is a duplicate of another report", other, "Word for word")
    then_it_was_decided(officer, sixth, "duplicate")

    when_undoing(officer, fifth)
    then_it_waits_for_triage_again(officer, fifth)


def test_second_officer_is_told_and_keeps_what_was_typed(signed_in):
    first, second = signed_in("officer"), signed_in("second.officer")
    reference = given_a_logged_report(first, "A ball against the wall for hours")
    given_a_half_filled_decision(second, reference)
    when_deciding(first, reference, "It is not anti-social behaviour", {}, "Children at play")
    then_it_was_decided(first, reference, "not")
    when_sending_the_decision(second)
    then_it_says(second, "Alex Officer decided this", "nothing of it was saved")
    then_the_words_are_still_there(second)


def test_queue_is_walked_and_opened_by_keyboard(signed_in):
    officer = signed_in("officer")
    officer.goto("/reports/")
    rows = officer.locator("[data-row-link]")
    officer.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    officer.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    officer.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    first, second = rows.nth(0).inner_text(), rows.nth(1).inner_text()
    officer.keyboard.press("Enter")
    then_the_report_is(officer, first)
    officer.keyboard.press("j")
    then_the_report_is(officer, second)


def then_the_report_is(page: Page, reference: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)


def join(page: Page, reference: str, case: str) -> dict[str, str]:
    """The case is offered where it looks alike; else its reference is typed."""
    page.goto(f"/reports/{reference}/")
    offers = page.get_by_label("Another case", exact=True).count()
    return ({"Another case": ""} if offers else {}) | {"Reference of the case": case}


def then_it_was_decided(page: Page, reference: str, how: str) -> str:
    alert = page.get_by_role("main").get_by_text(re.compile(f"{reference}: .*{how}", re.IGNORECASE))
    expect(alert.first).to_be_visible()
    case = re.search(r"SV-C-\d\d-\d{6}", alert.first.inner_text())
    return case[0] if case else ""


def when_undoing(page: Page, reference: str) -> None:
    page.goto(f"/reports/{reference}/")
    page.get_by_role("link", name="Undo this decision").click()
    page.get_by_label("Why do you undo it?").fill("I misread the street")
    page.get_by_role("button", name="Undo the decision").click()


def then_it_waits_for_triage_again(page: Page, reference: str) -> None:
    assert reference_on(page) == reference
    then_it_says(page, "Awaiting triage", "Undone by Alex Officer", "I misread the street")


def given_a_half_filled_decision(page: Page, reference: str) -> None:
    page.goto(f"/reports/{reference}/decide/")
    page.get_by_label("Give advice only", exact=True).check()
    page.get_by_label("Your advice", exact=True).fill("Talk to the parents first")
    page.get_by_label("Why?", exact=True).fill("No harm meant")


def when_sending_the_decision(page: Page) -> None:
    page.get_by_role("button", name="Decide", exact=True).click()


def then_the_words_are_still_there(page: Page) -> None:
    expect(page.get_by_label("Your advice", exact=True)).to_have_value("Talk to the parents first")
    expect(page.get_by_label("Why?", exact=True)).to_have_value("No harm meant")
