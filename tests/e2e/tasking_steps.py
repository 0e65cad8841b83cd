"""Sentences about a meeting: the return, the papers, the session, the minutes, and a referral to it."""

import datetime as dt
import io
import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.e2e.casework import answer_to, case_named, when_asking_to_share, when_sharing
from tests.e2e.product import PATIENCE, Product
from tests.e2e.steps import choose, fill, given_a_logged_report, then_it_says, when_deciding

MEETING = re.compile(r"SV-M-\d\d-\d{6}")
FURTHEST = 12
"""So many presses of Tab lead from one box of a return to the next that somebody fills."""


@dataclass(frozen=True)
class Told:
    """An item of the agenda, as the database holds it."""

    reference: str
    title: str
    gist: str
    restricted: bool


@dataclass(frozen=True)
class Coming:
    """The Joint Tasking Meeting that is in five working days when the demo is loaded."""

    reference: str
    product: Product

    def page(self, name: str = "") -> str:
        return f"/meetings/{self.reference}/{name}"

    def items(self, *, without: str) -> list[Told]:
        """Those that are not open to an agency, apart from what stands on each agenda."""
        rows = self.product.ask(
            "SELECT i.reference, i.title, i.gist, coalesce(c.restricted, false) FROM tasking_agendaitem i"
            " JOIN tasking_meeting m ON m.id = i.meeting_id LEFT JOIN cases_case c ON c.id = i.case_id"
            " WHERE m.reference = %s AND i.kind <> 'standing' AND NOT EXISTS (SELECT FROM tasking_itemshare s"
            " JOIN agencies_partner p ON p.id = s.to_partner_id"
            " WHERE s.record_id = i.id AND s.ended_at IS NULL AND p.name = %s)", self.reference, without,
        )  # fmt: skip
        return [Told(*row) for row in rows]

    def item(self, title: str) -> str:
        rows = self.product.ask(
            "SELECT i.reference FROM tasking_agendaitem i JOIN tasking_meeting m ON m.id = i.meeting_id"
            " WHERE m.reference = %s AND i.title = %s", self.reference, title,
        )  # fmt: skip
        return str(rows[0][0])


# The return


def when_opening_the_return_from_home(police: Page) -> str:
    """The reference of its meeting."""
    police.goto("/")
    link = police.get_by_role("link", name=re.compile(r"^Joint Tasking Meeting in \d working days"))
    expect(link).to_contain_text(re.compile(r"\d+ actions and \d+ items wait for your answer"))
    link.focus()
    police.keyboard.press("Enter")
    expect(police.get_by_role("heading", name="Return of Police")).to_be_visible()
    found = MEETING.search(police.url)
    assert found, police.url
    return found[0]


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    focused = page.evaluate("document.activeElement.outerHTML")
    raise AssertionError(f"{wanted} is more than {FURTHEST} presses of Tab away, at {focused[:300]}")


def when_answering_each_action_by_keyboard(police: Page, words: str) -> int:
    """Done, because the first choice is the nearest. How many there were."""
    cards = police.get_by_role("article").filter(has=police.get_by_role("radio", name="Done", exact=True))
    police.get_by_role("heading", name=re.compile(r"^Your \d+ actions$")).evaluate(
        "each => { each.tabIndex = -1; each.focus() }"
    )
    for card in cards.all():
        tab_to(police, card.get_by_role("radio", name="Done", exact=True))
        police.keyboard.press("Space")
        tab_to(police, card.get_by_label("What was done, or why"))
        police.keyboard.type(words)
    return cards.count()


def when_answering_items_by_keyboard(police: Page, known: dict[str, str]) -> int:
    """One is known, with what can be offered. Of all others nothing is known. How many there were."""
    cards = police.get_by_role("article").filter(
        has=police.get_by_role("radio", name="Known to us", exact=True)
    )
    count = cards.count()
    for card in cards.all():
        button = card.get_by_role("button", name="Nothing known")
        if card.get_by_role("heading").inner_text() != known["title"]:
            tab_to(police, button)
            police.keyboard.press("Enter")
            continue
        tab_to(police, card.get_by_role("radio", name="Known to us", exact=True))
        police.keyboard.press("Space")
        for label in ("Last contact", "Risks", "What you can offer"):
            tab_to(police, card.get_by_label(label))
            police.keyboard.type(known[label])
    return count


def when_sending_the_return_by_keyboard(police: Page) -> None:
    expect(police.locator("[data-autosave-status]")).to_contain_text("Saved")
    tab_to(police, police.get_by_role("button", name="Send our return"))
    police.keyboard.press("Enter")
    then_it_says(police, "Sent", "by Priya Constable", "Change what we sent")


# A case is referred


def given_a_case_shared_with(officer: Page, agency: str, title: str) -> str:
    report = given_a_logged_report(officer, f"{title}: it goes on every evening")
    when_deciding(officer, report, "Open a case", {"Title of the case": title}, "It does not stop")
    case = case_named(officer)
    when_asking_to_share(officer, case, agency)
    when_sharing(officer, case, agency)
    return case


def when_referring_the_case(landlord: Page, case: str, meeting: Coming, why: str) -> None:
    landlord.goto(f"/cases/{case}/")
    landlord.get_by_role("link", name="Meetings", exact=True).last.click()
    landlord.get_by_role("link", name="Refer to a meeting").click()
    landlord.get_by_role("link", name=re.compile("^Joint Tasking Meeting")).first.click()
    then_it_says(landlord, f"Refer case {case} to this meeting")
    urgent = landlord.get_by_label("It is urgent and cannot wait for the next meeting")
    if urgent.count():  # referrals close five working days before, which is yesterday at a weekend
        urgent.check()
        fill(landlord, "Why can it not wait?", "It happens every night")
    landlord.get_by_label("Which group does it belong to?").select_option(index=1)
    fill(landlord, "Why do you bring it to the meeting?", why)
    fill(landlord, "What do you want of the meeting?", "A plan")
    fill(landlord, "Why is it necessary and proportionate to share it there?", "Each holds a part")
    choose(landlord, "Not needed for this gateway")
    landlord.get_by_role("button", name="Send the referral").click()
    then_it_says(landlord, "Waiting for the chair", why)


def when_accepting_the_referral_from_home(officer: Page, title: str) -> None:
    officer.goto("/")
    officer.get_by_role("link", name=re.compile(f"refers: {title}")).click()
    officer.get_by_role("link", name="Put it on the agenda").click()
    officer.get_by_role("button", name="Put it on the agenda").click()
    then_it_says(officer, title)


# Papers


def when_sending_the_papers(officer: Page, meeting: Coming) -> None:
    officer.goto(meeting.page("papers/"))
    officer.get_by_role("button", name=re.compile(r"^Send papers to \d+ agencies$")).click()
    when_the_work_is_done(officer, "See the papers").click()
    then_it_says(officer, "Papers are out")


def when_the_work_is_done(page: Page, words: str | re.Pattern[str]) -> Locator:
    """A worker does it while the page waits. The link to what came of it."""
    link = page.get_by_role("link", name=words)
    expect(link).to_be_visible(timeout=PATIENCE * 2000)
    return link


def text_of_pdf(page: Page, link: Locator) -> str:
    answer = page.request.get(str(link.get_attribute("href")))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return plain(" ".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.body())).pages))


def plain(text: str) -> str:
    """As it reads, wherever a line ends."""
    return " ".join(text.split())


def then_it_holds_nothing_of(text: str, items: list[Told]) -> None:
    for each in items:
        assert each.reference not in text
        assert each.title not in text
        assert not each.gist or plain(each.gist) not in text


def text_of_the_papers(landlord: Page, meeting: Coming) -> str:
    landlord.goto(meeting.page("papers/"))
    return text_of_pdf(landlord, landlord.get_by_role("link", name="Download the papers"))


def text_of_papers_made_again(landlord: Page, meeting: Coming) -> str:
    landlord.goto(meeting.page("papers/"))
    then_it_says(landlord, "has changed since copy 1 was made")
    landlord.get_by_role("button", name="Make the papers again").click()
    return text_of_pdf(landlord, when_the_work_is_done(landlord, re.compile("^Download the p")))


# The session


def when_beginning(officer: Page, meeting: Coming) -> None:
    officer.goto(meeting.page())
    officer.get_by_role("link", name="Session", exact=True).click()
    choose(officer, "I accept this")
    officer.get_by_role("button", name="Begin the meeting").click()
    expect(officer.locator("#session-item")).to_contain_text("Now")


def when_joining(page: Page, meeting: Coming) -> None:
    page.goto(meeting.page("session/"))
    choose(page, "I accept this")
    page.get_by_role("button", name="Accept and go to the session").click()
    expect(page.locator("#session-item")).to_be_visible()


def when_recording_attendance(officer: Page, here: tuple[str, ...], apologies: tuple[str, ...]) -> None:
    officer.get_by_role("link", name="Record attendance").click()
    for name in here:
        officer.get_by_role("button", name=re.compile(f"^Attending.*{name}")).click()
        expect(
            officer.get_by_role("button", name=re.compile(f"{name} accepted the statement"))
        ).to_be_visible()
    for name in apologies:
        officer.get_by_role("button", name=re.compile(f"^Apologies.*{name}")).click()
        expect(officer.get_by_role("listitem").filter(has_text=name)).to_contain_text("Apologies")
    officer.get_by_role("link", name="Go to the session").click()


def when_deciding_the_item(officer: Page, decision: str, ending: str = "Stays on the agenda") -> str:
    """By keyboard, but for what is ticked. The item's title."""
    title = officer.locator("#session-item").get_by_role("heading", level=2).inner_text()
    officer.keyboard.press("w")
    officer.keyboard.type(f"Said of it: {decision.lower()}")
    officer.keyboard.press("Escape")
    officer.get_by_label("Decision", exact=True).fill(decision)
    outcomes = officer.get_by_role("group", name="Outcomes").get_by_role("checkbox")
    if outcomes.count():  # standing items have none
        outcomes.first.check()
    choose(officer, ending)
    if ending == "Comes off the agenda":
        fill(officer, "Why does it come off?", "The agencies go on with it")
    expect(officer.locator("[data-note-status]")).to_contain_text("Saved")
    return title


def when_going_to_the_next_item(officer: Page) -> None:
    before = officer.locator("#session-item").get_by_role("heading", level=2).inner_text()
    officer.get_by_role("button", name="Save and next item").click()
    expect(officer.locator("#session-item").get_by_role("heading", level=2)).not_to_have_text(before)


def when_tasking(officer: Page, words: str, agency: str, due_on: dt.date) -> None:
    officer.locator("h1").click()
    officer.keyboard.press("a")
    officer.keyboard.type(f"{words} - {agency} - {due_on:%d %m %Y}")
    officer.keyboard.press("Enter")
    then_it_says(officer, f"is given to {agency}. They are told now")


def when_ending_the_meeting(officer: Page) -> None:
    officer.get_by_role("link", name="End the meeting").click()
    officer.get_by_role("button", name="End the meeting").click()
    then_it_says(officer, "Its minutes are in draft")


# The minutes


def when_approving_the_minutes(chair: Page, meeting: Coming, opening: str) -> None:
    chair.goto(meeting.page("minutes/"))
    chair.get_by_role("link", name="Write the opening").click()
    fill(chair, "What the minutes say before the first item", opening)
    chair.get_by_role("button", name="Save the opening").click()
    then_it_says(chair, opening)
    chair.get_by_role("button", name="Approve the minutes").click()
    then_it_says(chair, "Morgan Manager approved these minutes")


def text_of_the_minutes_as_pdf(landlord: Page) -> str:
    landlord.get_by_role("button", name="Make a PDF for your agency").click()
    return text_of_pdf(landlord, when_the_work_is_done(landlord, "Download the minutes"))


def then_it_answers(page: Page, paths: list[str], *, status: int) -> None:
    assert {path: answer_to(page, path) for path in paths} == dict.fromkeys(paths, status)


def then_is_told(product: Product, address: str, subject: str, *never: str) -> None:
    """By a message that says where to look, and nothing of what is there."""
    message = product.mail_to(address, subject).get_body(("plain",))
    text = message.get_content() if message else ""
    assert product.env["PUBLIC_URL"] in text
    for words in never:
        assert words not in text
