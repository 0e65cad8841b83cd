"""The Joint Tasking Meeting of the demo, from the returns of agencies to the minutes that each reads."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.e2e import tasking_steps as steps
from tests.e2e.conftest import PATIENCE, SCREEN, listen
from tests.e2e.looking import then_the_accessibility_baseline_is_met
from tests.e2e.people import sign_in
from tests.e2e.product import Product
from tests.e2e.steps import then_it_does_not_say, then_it_says
from tests.e2e.tasking_steps import Coming

pytestmark = pytest.mark.e2e

AtWork = Callable[[str], Page]
DONE = "Seen and dealt with on Friday"
MILL_ROAD, CARS = "Vandalism or damage, Mill Road, Didcot", "Cars racing in the car park, Didcot"
STATION_CLOSE = "Vehicle nuisance or inappropriate use, Station Close, Thame"
KNOWN = {
    "title": CARS,
    "Last contact": "Friday night",
    "Risks": "Drivers do not stop for officers",
    "What you can offer": "Two officers on the next three Fridays",
}
REFERRED, WHY = "Fires in the bin store, Culham", "The bins burn and nobody is seen"
DECISIONS = (
    "The landlord writes to the tenant again",
    "The barrier stays down after ten",
    "Nothing new about modern slavery",
    "Nothing new about Prevent",
    "The walkways get gates",
)
TASK = "Fit a lock that closes by itself to the bin store"
OPENING = "The chair welcomed everybody to Demo House"


@dataclass(frozen=True)
class Followed:
    """What the landlord's screen held while the meeting spoke of an item for others."""

    shown: str
    page: str


@pytest.fixture(scope="module")
def at_work(product: Product, chromium: Browser) -> Iterator[AtWork]:
    """The people who take the meeting from one step to the next, each in their own browser."""
    pages: dict[str, Page] = {}
    wrong: list[str] = []

    def person(name: str) -> Page:
        if name not in pages:
            context = chromium.new_context(base_url=product.url, viewport=SCREEN, locale="en-GB")
            context.set_default_timeout(PATIENCE)
            pages[name] = context.new_page()
            listen(pages[name], wrong)
            sign_in(pages[name], f"{name}@demo.example")
        return pages[name]

    expect.set_options(timeout=PATIENCE)
    yield person
    for page in pages.values():
        page.context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def returned(product: Product, at_work: AtWork) -> Coming:
    """The police have sent their return, without a mouse."""
    police = at_work("police")
    reference = steps.when_opening_the_return_from_home(police)
    actions = steps.when_answering_each_action_by_keyboard(police, DONE)
    items = steps.when_answering_items_by_keyboard(police, KNOWN)
    assert (actions, items) == (8, 11)
    steps.when_sending_the_return_by_keyboard(police)
    return Coming(reference, product)


@pytest.fixture(scope="module")
def referred(returned: Coming, at_work: AtWork) -> str:
    """A case that Soha brought to the meeting and the officer put on its agenda."""
    officer, landlord = at_work("officer"), at_work("housing")
    case = steps.given_a_case_shared_with(officer, "Soha", REFERRED)
    steps.when_referring_the_case(landlord, case, returned, WHY)
    steps.when_accepting_the_referral_from_home(officer, REFERRED)
    return case


@pytest.fixture(scope="module")
def papers_out(returned: Coming, referred: str, at_work: AtWork) -> Coming:
    steps.when_sending_the_papers(at_work("officer"), returned)
    return returned


@pytest.fixture(scope="module")
def pack(papers_out: Coming, at_work: AtWork) -> str:
    """What Soha reads before the meeting."""
    return steps.text_of_the_papers(at_work("housing"), papers_out)


@pytest.fixture(scope="module")
def followed(papers_out: Coming, pack: str, at_work: AtWork) -> Followed:
    """The meeting is held: five items decided, Soha tasked, and all screens followed."""
    officer, landlord = at_work("officer"), at_work("housing")
    steps.when_beginning(officer, papers_out)
    steps.when_recording_attendance(officer, ("Priya Constable",), ("Helen Health",))
    steps.when_joining(landlord, papers_out)
    expect(landlord.locator("#session-item")).to_contain_text(MILL_ROAD)
    assert steps.when_deciding_the_item(officer, DECISIONS[0]) == MILL_ROAD

    steps.when_going_to_the_next_item(officer)
    expect(landlord.locator("#session-item")).to_contain_text("An item that is not for your agency")
    seen = Followed(landlord.locator("#session-item").inner_text(), landlord.content())
    assert steps.when_deciding_the_item(officer, DECISIONS[1]) == CARS
    for decision in DECISIONS[2:]:
        steps.when_going_to_the_next_item(officer)
        decided = steps.when_deciding_the_item(officer, decision)

    assert decided == STATION_CLOSE
    steps.when_tasking(officer, TASK, "Soha", timezone.localdate() + dt.timedelta(days=14))
    expect(landlord.locator("#session-given")).to_contain_text(TASK)
    steps.when_ending_the_meeting(officer)
    return seen


@pytest.fixture(scope="module")
def later_pack(papers_out: Coming, followed: Followed, at_work: AtWork) -> str:
    """What Soha reads once it was given an action."""
    return steps.text_of_papers_made_again(at_work("housing"), papers_out)


@pytest.fixture(scope="module")
def approved(papers_out: Coming, later_pack: str, at_work: AtWork) -> Coming:
    steps.when_approving_the_minutes(at_work("manager"), papers_out, OPENING)
    return papers_out


def test_officer_reads_what_the_police_answered_by_keyboard(signed_in, returned):
    officer = signed_in("officer")
    officer.goto(returned.page("returns/"))
    then_it_says(officer, "4 of 8 returns in", *list(KNOWN.values())[1:])
    expect(officer.get_by_role("row").filter(has_text="Police")).to_contain_text("Sent")
    officer.goto(returned.page("actions/"))
    done = officer.get_by_role("listitem").filter(has_text="Call at the flat on the next two Friday nights")
    expect(done).to_contain_text("Complete")


def test_referral_of_an_agency_comes_onto_the_agenda_for_it_alone(signed_in, returned, referred):
    landlord, police = signed_in("housing"), signed_in("police")
    landlord.goto(f"/meetings/case/{referred}/")
    then_it_says(landlord, "Joint Tasking Meeting")
    landlord.goto(returned.page("agenda/"))
    then_it_says(landlord, REFERRED)
    police.goto(returned.page("agenda/"))
    then_it_does_not_say(police, REFERRED)
    steps.then_it_answers(police, [f"/meetings/items/{returned.item(REFERRED)}/"], status=404)
    steps.then_is_told(returned.product, "housing@demo.example", "on the agenda", REFERRED, WHY)


def test_pack_of_an_agency_holds_nothing_that_is_for_others(papers_out, pack):
    steps.then_is_told(papers_out.product, "housing@demo.example", "papers for your agency", REFERRED)
    for words in (MILL_ROAD, STATION_CLOSE, REFERRED, "Put a lock on the yard", "Modern slavery"):
        assert words in pack
    others = papers_out.items(without="Soha")
    assert len(others) >= 7
    assert any(each.restricted for each in others)
    steps.then_it_holds_nothing_of(pack, others)
    assert "Patricia Lowe" not in pack
    assert pack.index("Put a lock on the yard") < pack.index("Bikes in the walkways")


def test_screen_of_an_agency_shows_nothing_of_an_item_for_others(followed):
    assert re.search("Item 2 .* Didcot and Wallingford", followed.shown)
    assert CARS not in followed.page
    assert KNOWN["Risks"] not in followed.page


def test_agency_that_is_tasked_has_the_action_and_it_is_in_its_papers(signed_in, papers_out, later_pack):
    landlord = signed_in("housing")
    landlord.goto("/actions/")
    row = landlord.get_by_role("listitem").filter(has_text=TASK)
    row.get_by_role("link").first.click()
    then_it_says(landlord, TASK, "Soha", "Community Safety")
    reference = re.search(r"SV-A-\d\d-\d{6}", landlord.url)
    assert reference
    steps.then_is_told(papers_out.product, "lead@demo.example", f"Action {reference[0]}", TASK)
    assert TASK in later_pack
    steps.then_it_holds_nothing_of(later_pack, papers_out.items(without="Soha"))


def test_agency_reads_its_part_of_the_minutes(signed_in, approved):
    landlord = signed_in("housing")
    steps.then_is_told(approved.product, "housing@demo.example", "minutes are approved", OPENING)
    landlord.goto(approved.page("minutes/"))
    own = (OPENING, MILL_ROAD, DECISIONS[0], STATION_CLOSE, DECISIONS[4], TASK, "Priya Constable")
    then_it_says(landlord, *own, "Helen Health (Health): apologies")
    then_it_does_not_say(landlord, CARS)
    then_it_does_not_say(landlord, DECISIONS[1])
    then_the_accessibility_baseline_is_met(landlord)
    text = steps.text_of_the_minutes_as_pdf(landlord)
    for words in own:
        assert words in text
    assert DECISIONS[1] not in text
    steps.then_it_holds_nothing_of(text, approved.items(without="Soha"))


def test_strangers_learn_nothing_of_it(signed_in, approved, referred):
    names = ("", "agenda/", "return/", "returns/", "session/", "papers/", "minutes/", "referrals/")
    pages = [*map(approved.page, names), f"/meetings/items/{approved.item(MILL_ROAD)}/"]
    for name in ("officer@west.example", "board"):
        steps.then_it_answers(signed_in(name), [*pages, f"/meetings/case/{referred}/"], status=404)
    health = signed_in("health")
    theirs = [approved.item(title) for title in (MILL_ROAD, STATION_CLOSE, REFERRED)]
    steps.then_it_answers(health, [f"/meetings/items/{each}/" for each in theirs], status=404)
    health.goto(approved.page("minutes/"))
    for words in (MILL_ROAD, DECISIONS[0], STATION_CLOSE, TASK, REFERRED):
        then_it_does_not_say(health, words)
