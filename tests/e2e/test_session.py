"""A meeting in session: one desk writes, screens follow, and no word is lost."""

import json
import subprocess
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.e2e.looking import then_the_accessibility_baseline_is_met
from tests.e2e.people import fill_sign_in, sign_in
from tests.e2e.product import Product
from tests.e2e.steps import then_it_does_not_say, then_it_says

pytestmark = pytest.mark.e2e

PYTHON = settings.BASE_DIR / ".venv" / "bin" / "python"
MAKE = "import django; django.setup(); from tests.e2e import session_room; session_room.main()"
BIKES, RAVINE, CLOSED = "Bikes on the towpath", "Gatherings at the ravine", "Operation Merganser"


@dataclass(frozen=True)
class Held:
    meeting: str
    product: Product

    @property
    def page(self) -> str:
        return f"/meetings/{self.meeting}/session/"

    def item(self, title: str) -> str:
        rows = self.product.ask(
            "SELECT i.reference FROM tasking_agendaitem i JOIN tasking_meeting m ON m.id = i.meeting_id"
            " WHERE m.reference = %s AND i.title = %s", self.meeting, title,
        )  # fmt: skip
        return str(rows[0][0])

    def said_of(self, title: str) -> str:
        rows = self.product.ask(
            "SELECT discussion FROM tasking_agendaitem WHERE reference = %s", self.item(title)
        )
        return str(rows[0][0])


@pytest.fixture(scope="module")
def made(product: Product) -> list[str]:
    env = product.env | {"DJANGO_SETTINGS_MODULE": "csp.settings"}
    made = subprocess.run(
        [PYTHON, "-c", MAKE], cwd=settings.BASE_DIR, env=env, check=False, text=True, capture_output=True
    )
    assert made.returncode == 0, made.stderr
    return list(json.loads(made.stdout))


@pytest.fixture
def held(product: Product, made: list[str]) -> Held:
    """A meeting that no other journey has touched."""
    return Held(made.pop(), product)


def when_opening(page: Page, held: Held, title: str = "") -> None:
    page.goto(held.page + (f"?item={held.item(title)}" if title else ""))
    if page.get_by_label("I accept this").count():
        page.get_by_label("I accept this").check()
        page.get_by_role("button", name="Accept and go to the session").click()
        expect(page.locator("#session-item")).to_be_visible()
        when_opening(page, held, title)


def note(page: Page):
    return page.get_by_label("Discussion", exact=True)


def status(page: Page):
    return page.locator("[data-note-status]")


def test_statement_comes_before_the_session(signed_in, held):
    landlord = signed_in("housing")
    landlord.goto(held.page)
    then_it_says(landlord, "What is said at this table stays at this table.")
    then_it_does_not_say(landlord, BIKES)
    then_the_accessibility_baseline_is_met(landlord)
    landlord.get_by_role("button", name="Accept and go to the session").click()
    then_it_says(landlord, "Tick the box to accept the statement")
    landlord.get_by_label("I accept this").check()
    landlord.get_by_role("button", name="Accept and go to the session").click()
    then_it_says(landlord, BIKES)


def test_screens_follow_the_desk_and_show_each_reader_their_own(signed_in, held):
    officer, landlord, police = signed_in("officer"), signed_in("housing"), signed_in("police")
    for page in (officer, landlord, police):
        when_opening(page, held)
    then_it_says(landlord, f"{BIKES}, every night")

    officer.keyboard.press("w")
    officer.keyboard.type("no more bikes, they said")
    expect(status(officer)).to_contain_text("Saved")
    for page in (landlord, police):
        expect(page.locator("#session-item")).to_contain_text("no more bikes, they said")

    officer.keyboard.press("Escape")
    officer.locator("h1").click()
    officer.keyboard.press("n")
    expect(officer.locator("#session-item")).to_contain_text(RAVINE)
    expect(police.locator("#session-item")).to_contain_text(f"{RAVINE}, every night")
    expect(landlord.locator("#session-item")).to_contain_text("An item that is not for your agency")
    assert RAVINE not in landlord.content()
    for page in (officer, landlord, police):
        then_the_accessibility_baseline_is_met(page)


def test_closed_item_stays_folded_until_it_is_shown(signed_in, held):
    officer, landlord, police = signed_in("officer"), signed_in("housing"), signed_in("police")
    for page in (officer, landlord, police):
        when_opening(page, held)
    officer.goto(f"{held.page}?item={held.item(CLOSED)}")
    officer.keyboard.press("t")
    expect(officer.locator("#session-item")).to_contain_text("Now")
    expect(officer.get_by_role("heading", name=CLOSED)).to_be_hidden()
    then_the_accessibility_baseline_is_met(officer)

    expect(landlord.locator("#session-item")).to_contain_text("No item is open to you now")
    expect(landlord.locator("#session-item")).not_to_contain_text("Item")
    assert CLOSED not in landlord.content()
    assert held.item(CLOSED) not in landlord.content()

    police.get_by_text("Show details").click()
    expect(police.get_by_role("heading", name=CLOSED)).to_be_visible()
    officer.keyboard.press("w")
    officer.keyboard.type("Watch the lock-up")
    expect(police.get_by_text("Watch the lock-up")).to_be_visible()
    expect(police.get_by_role("heading", name=CLOSED)).to_be_visible()


def test_words_typed_without_a_connection_are_sent_when_it_is_back(signed_in, held):
    officer = signed_in("officer")
    when_opening(officer, held, RAVINE)
    officer.context.set_offline(True)
    note(officer).fill("Typed in the dark")
    expect(status(officer)).to_contain_text("Your words are kept on this computer")
    expect(officer.locator("[data-session-connection]")).to_contain_text("No connection")
    officer.context.set_offline(False)
    expect(status(officer)).to_contain_text("Saved")
    assert held.said_of(RAVINE) == "Typed in the dark"


def test_words_of_a_page_that_was_closed_come_back(signed_in, held):
    officer = signed_in("officer")
    when_opening(officer, held, RAVINE)
    officer.context.set_offline(True)
    note(officer).fill("Typed, then the lid was shut")
    expect(status(officer)).to_contain_text("No connection")
    officer.close()
    officer.context.set_offline(False)
    again = officer.context.new_page()
    again.goto(f"{held.page}?item={held.item(RAVINE)}")
    expect(note(again)).to_have_value("Typed, then the lid was shut")
    expect(status(again)).to_contain_text("Saved")
    assert held.said_of(RAVINE) == "Typed, then the lid was shut"


def test_next_item_waits_until_the_words_are_saved(signed_in, held):
    officer = signed_in("officer")
    when_opening(officer, held, BIKES)
    officer.context.set_offline(True)
    note(officer).fill("Almost lost")
    officer.get_by_role("button", name="Save and next item").click()
    expect(status(officer)).to_contain_text("No connection")
    expect(note(officer)).to_have_value("Almost lost")
    officer.context.set_offline(False)
    expect(status(officer)).to_contain_text("Saved")


def test_words_outlive_a_session_that_has_ended(somebody, held, product):
    sign_in(somebody, "officer@demo.example")
    when_opening(somebody, held, BIKES)
    key = next(each["value"] for each in somebody.context.cookies() if each["name"] == "sessionid")
    product.end_session(key)
    note(somebody).fill("After the session ended")
    expect(status(somebody)).to_contain_text("You have been signed out")
    status(somebody).get_by_role("link", name="Sign in again").click()
    fill_sign_in(somebody, "officer@demo.example")
    expect(note(somebody)).to_have_value("After the session ended")
    expect(status(somebody)).to_contain_text("Saved")
    assert held.said_of(BIKES) == "After the session ended"


def test_two_who_write_in_one_box_see_both_texts(signed_in, held):
    first, second = signed_in("officer"), signed_in("second.officer")
    for page in (first, second):
        when_opening(page, held, RAVINE)
    second.context.set_offline(True)
    note(second).fill("What the second wrote")
    expect(status(second)).to_contain_text("No connection")
    note(first).fill("What the first wrote")
    expect(status(first)).to_contain_text("Saved")
    second.context.set_offline(False)
    clash = second.locator("[data-note-clash]")
    expect(clash).to_contain_text("Nothing is overwritten")
    expect(clash).to_contain_text("What the first wrote")
    expect(clash).to_contain_text("What the second wrote")
    assert held.said_of(RAVINE) == "What the first wrote"
    second.get_by_role("button", name="Put both together").click()
    expect(status(second)).to_contain_text("Saved")
    assert held.said_of(RAVINE) == "What the first wrote\n\nWhat the second wrote"


def test_action_is_one_line_and_its_agency_sees_it_at_once(signed_in, held):
    officer, landlord = signed_in("officer"), signed_in("housing")
    when_opening(officer, held, BIKES)
    when_opening(landlord, held)
    officer.keyboard.press("a")
    officer.keyboard.type("Fit a gate - Soha - tomorrow")
    officer.keyboard.press("Enter")
    then_it_says(officer, "is given to Soha. They are told now")
    expect(landlord.locator("#session-given")).to_contain_text("Fit a gate")


def test_keys_are_explained_and_can_be_turned_off(signed_in, held):
    officer = signed_in("officer")
    when_opening(officer, held, BIKES)
    then_it_says(officer, "save and go to the next item")
    officer.keyboard.press("?")
    expect(officer.get_by_role("dialog", name="Keys on this page")).to_contain_text("new action")
    officer.get_by_role("button", name="Turn these keys off").click()
    officer.keyboard.press("Escape")
    officer.keyboard.press("n")
    then_it_says(officer, BIKES)
    officer.evaluate("localStorage.clear()")


def test_desk_works_without_scripts(without_scripts, held):
    sign_in(without_scripts, "officer@demo.example")
    without_scripts.goto(f"{held.page}?item={held.item(RAVINE)}")
    note(without_scripts).fill("By plain posts")
    without_scripts.get_by_label("Decision").fill("Go on")
    without_scripts.get_by_label("Stays on the agenda").check()
    without_scripts.get_by_role("button", name="Save and next item").click()
    then_it_says(without_scripts, "Closed item")
    assert held.said_of(RAVINE) == "By plain posts"


def test_screen_of_the_room_is_large_and_holds_no_form(signed_in, held):
    officer = signed_in("officer")
    officer.goto(f"{held.page}?room=1")
    expect(officer.get_by_role("textbox")).to_have_count(0)
    then_the_accessibility_baseline_is_met(officer)


def test_meeting_ends_and_the_screens_say_so(signed_in, held):
    officer, police = signed_in("officer"), signed_in("police")
    when_opening(police, held)
    officer.goto(f"/meetings/{held.meeting}/session/end/")
    then_it_says(officer, BIKES, RAVINE)
    officer.get_by_role("button", name="End the meeting").click()
    then_it_says(officer, "Its minutes are in draft")
    expect(police.locator("[data-session-connection]")).to_contain_text("no longer in session")
