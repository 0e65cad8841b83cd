"""What other agencies do: answer what is asked of them, and refer what they know. Nobody else sees it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import (
    REFERENCE,
    choose,
    fill,
    given_a_logged_report,
    reference_on,
    then_it_is_not_found,
    then_it_is_refused,
    then_it_says,
    when_deciding,
)
from tests.e2e.test_triage import REFERRAL

pytestmark = pytest.mark.e2e

ASKED = "Look at the door of the bin store"


def test_landlord_sees_what_was_referred_and_answers_the_action(signed_in):
    officer = signed_in("officer")
    reference = given_a_logged_report(officer, "Somebody sleeps in the bin store")
    asked = REFERRAL | {"What do you ask them to do?": ASKED}
    when_deciding(officer, reference, "Refer it to an agency", asked, "Soha owns the block")
    then_it_says(officer, reference)

    landlord = signed_in("housing")
    landlord.goto("/actions/")
    when_answering(landlord, "It is done", "The door has a new lock")

    officer.goto(f"/reports/{reference}/")
    officer.get_by_role("link", name=ASKED).or_(officer.get_by_role("link", name="SV-A-")).first.click()
    then_it_says(officer, ASKED, "The door has a new lock", "Hari Housing")


def test_police_refer_a_report_and_follow_it(signed_in):
    police = signed_in("police")
    reference = when_referring(police, "Dealing from the garages, seen twice on patrol")
    then_it_is_among_their_referrals(police, reference)

    officer = signed_in("officer")
    officer.goto(f"/reports/{reference}/")
    then_it_says(officer, "Dealing from the garages", "From Police")
    when_deciding(officer, reference, "Open a case", {"Title of the case": "Dealing, garages"}, "Organised")

    then_it_is_among_their_referrals(police, reference)
    police.goto(f"/reports/{reference}/")
    then_it_says(police, "Dealing from the garages")
    then_it_is_refused(police, f"/reports/{reference}/decide/")


def test_other_partnership_sees_none_of_it(signed_in):
    officer = signed_in("officer")
    reference = given_a_logged_report(officer, "Only ours to see")

    stranger = signed_in("officer@west.example")
    for page in ("/reports/", "/reports/?tab=all", "/cases/", "/people/?q=Ann", "/actions/"):
        stranger.goto(page)
        expect(stranger.get_by_role("main")).not_to_contain_text(REFERENCE)
    then_it_is_not_found(stranger, f"/reports/{reference}/")
    then_it_is_not_found(stranger, f"/reports/{reference}/decide/")


def test_auditor_sees_who_did_what_and_no_casework(signed_in):
    officer = signed_in("officer")
    reference = given_a_logged_report(officer, "Graffiti on the bandstand")

    auditor = signed_in("auditor")
    auditor.goto("/audit/")
    then_it_says(auditor, f"logged report {reference}", "Alex Officer")
    then_it_is_refused(auditor, f"/reports/{reference}/")


def when_answering(page: Page, answer: str, words: str) -> None:
    page.get_by_role("listitem").filter(has_text=ASKED).get_by_role("link").first.click()
    choose(page, answer)
    fill(page, "What was done, or why", words)
    page.get_by_role("button", name="Send answer").click()
    then_it_says(page, words)


def when_referring(page: Page, words: str) -> str:
    page.goto("/reports/refer/")
    page.get_by_label("Name", exact=True).first.fill("Gerald Garage")
    choose(page, "Yes, they agreed")
    page.get_by_label("What happened", exact=True).fill(words)
    page.get_by_role("button", name="Send referral").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(REFERENCE)
    return reference_on(page)


def then_it_is_among_their_referrals(page: Page, reference: str) -> None:
    page.goto("/reports/referrals/")
    then_it_says(page, reference, "Referred by you")
