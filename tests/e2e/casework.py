"""Sentences about a case: opened from two reports, weighed, shared, given powers, closed."""

import datetime as dt
import re
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.steps import choose, fill, reference_on, then_it_says, when_deciding

CASE = re.compile(r"SV-C-\d\d-\d{6}")
TITLE = "Threats and banging, Larch Close"
SUMMARY = "Threats at night between two flats"
CALLER, ADDRESS = "Ada Fairweather", "11 Larch Close"
SUBJECT = "Boris Bellows"
STORY = "He kicked my door and said he would get me"
ASKED = "Visit both flats and explain the tenancy"
PURPOSE = "To act together on what happens there"
LEVEL = {
    "Police": "Summary: title, what is going on, kinds, area, status. No names, notes or letters",
    "Soha": "Full, and they may add what they know",
}
SHARE = {
    "What do they need it for?": PURPOSE,
    "Why is this much necessary and proportionate?": "They can act where we cannot",
    "How they agreed, or why it is shared without": "She said so on the phone",
    "Which information-sharing agreement do you rely on?": "Community safety information-sharing agreement",
}
DONE = "He was warned, and has kept to it since"
BAN = "Play music that is heard outside the flat"


def email_of(person: str) -> str:
    return f"{person.split()[0].lower()}@example.com"


def given_a_report(officer: Page, caller: str, story: str, subject: str = "") -> str:
    """The second time the caller is known already, and chosen from the list."""
    officer.goto("/reports/new/")
    choose(officer, "It happens to them")
    name = officer.get_by_label("Name", exact=True).first
    name.press_sequentially(caller)
    known = officer.get_by_role("option").filter(has_text=caller)
    if subject:
        officer.get_by_label("Email", exact=True).first.fill(email_of(caller))
        officer.get_by_label("Address and postcode", exact=True).first.fill(ADDRESS)
        officer.get_by_label("Safe to contact by", exact=True).select_option(label="E-mail")
    else:
        known.first.click()
    officer.get_by_label("What happened", exact=True).fill(story)
    if subject:
        officer.get_by_role("button", name="Add a person who does it").click()
        officer.locator("[name=subjects-0-name]").fill(subject)
    officer.get_by_role("button", name="Log report").click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text(re.compile("SV-R-"))
    return reference_on(officer)


def given_a_case_from_two_reports(officer: Page, caller: str) -> tuple[str, str, str]:
    """The references of the case and of its reports."""
    first = given_a_report(officer, caller, STORY, SUBJECT)
    second = given_a_report(officer, caller, "He did it again, and broke the letter box")
    when_deciding(officer, first, "Open a case", {"Title of the case": TITLE}, "Threats to one person")
    case = case_named(officer)
    officer.goto(f"/reports/{second}/")
    offers = officer.get_by_label("Another case", exact=True).count()
    join = ({"Another case": ""} if offers else {}) | {"Reference of the case": case}
    when_deciding(officer, second, "Join an open case", join, "The same man")
    expect(officer.get_by_role("main")).to_contain_text(case)
    return case, first, second


def case_named(page: Page) -> str:
    alert = page.get_by_role("main").get_by_text(CASE).first
    expect(alert).to_be_visible()
    found = CASE.search(alert.inner_text())
    assert found, page.url
    return found[0]


def when_scoring_risk(officer: Page, case: str, person: str, why: str, option: int = 1) -> None:
    """Each question answered with its option of that number, or its last one."""
    officer.goto(f"/cases/{case}/risk/")
    officer.get_by_role("button", name=f"Score risk of {person}").click()
    choose(officer, why)
    for question in officer.get_by_role("group", name=re.compile(r"^\d+\. ")).all():
        options = question.get_by_role("radio").all()
        options[min(option, len(options) - 1)].check()
    officer.get_by_role("button", name="See the score").click()
    then_it_says(officer, "Nothing is saved yet")
    officer.get_by_label(re.compile("^Yes, ")).check()
    officer.get_by_role("button", name="Save the score").click()
    then_it_says(officer, "Risk, answer by answer", person)


def when_giving_an_action(officer: Page, case: str, agency: str, words: str) -> None:
    officer.goto(f"/cases/{case}/actions/")
    officer.get_by_role("link", name="Give an action").click()
    fill(officer, "What needs to be done?", words)
    fill(officer, "Agency", agency)
    fill(officer, "Due date", in_days(5))
    officer.get_by_role("button", name="Give action").click()
    then_it_says(officer, f"is given to {agency}")


def in_days(days: int) -> str:
    return f"{timezone.localdate() + dt.timedelta(days=days):%d %m %Y}"


def when_asking_to_share(officer: Page, case: str, agency: str) -> None:
    officer.goto(f"/cases/{case}/sharing/")
    officer.get_by_role("link", name="Share with an agency").click()
    fill(officer, "With which agency?", agency)
    choose(officer, LEVEL[agency])
    choose(officer, "Consent given")
    for label, value in SHARE.items():
        fill(officer, label, value)
    officer.get_by_role("button", name="See it as they will").click()
    then_it_says(officer, "Nothing is shared yet")


def then_the_preview_shows(officer: Page, *words: str) -> None:
    seen = officer.frame_locator("iframe").get_by_role("main")
    for each in words:
        expect(seen).to_contain_text(each)


def then_the_preview_hides(officer: Page, *words: str) -> None:
    seen = officer.frame_locator("iframe").get_by_role("main")
    for each in words:
        expect(seen).not_to_contain_text(each)


def when_sharing(officer: Page, case: str, agency: str) -> None:
    officer.get_by_role("button", name=f"Share with {agency}").click()
    then_it_says(officer, f"{case} is shared with {agency}")


def when_drafting(officer: Page, case: str, power: str, answers: dict[str, str]) -> None:
    officer.goto(f"/cases/{case}/powers/new/")
    choose(officer, power)
    officer.get_by_role("button", name="Continue").click()
    for label, value in answers.items():
        fill(officer, label, value)
    officer.get_by_role("button", name="Save the draft").click()


def when_serving(officer: Page, time: str = "0:00") -> None:
    officer.get_by_role("link", name="Record as served").click()
    officer.get_by_label("Date", exact=True).first.fill("today")
    officer.get_by_label("Time", exact=True).first.fill(time)
    choose(officer, "Handed over")
    officer.get_by_role("button", name="Record as served").click()


def when_giving_the_reason(officer: Page, why: str) -> None:
    """The day of birth is not known: the law's limit warns, and the officer answers for it."""
    then_it_says(officer, "Nobody under 16 can be given", "the date of birth is not known")
    fill(officer, "Why do you go on all the same?", why)
    officer.get_by_role("button", name="Record as served").click()
    then_it_says(officer, "In force", why)


def when_answering_what_is_asked(landlord: Page, case: str, words: str) -> None:
    landlord.goto(f"/cases/{case}/")
    asked = landlord.get_by_role("region", name="What is asked of you")
    asked.get_by_role("listitem").filter(has_text=ASKED).get_by_role("link").click()
    choose(landlord, "It is done")
    fill(landlord, "What was done, or why", words)
    landlord.get_by_role("button", name="Send answer").click()
    then_it_says(landlord, "is done", words)


def when_adding_what_they_know(landlord: Page, case: str, words: str) -> None:
    landlord.goto(f"/cases/{case}/")
    landlord.get_by_role("link", name="Add note").click()
    fill(landlord, "What Community Safety should know", words)
    choose(landlord, "What our agency knows")
    choose(landlord, "Every agency that sees the case in full")
    landlord.get_by_role("button", name="Add what you know").click()
    then_it_says(landlord, "Note added", words)


def when_closing(officer: Page) -> None:
    officer.get_by_role("button", name="Close the case").click()


def given_a_filled_closing(officer: Page, case: str) -> None:
    officer.goto(f"/cases/{case}/close/")
    choose(officer, "Resolved - formal action")
    fill(officer, "What was done, and why it can end here", DONE)
    choose(officer, "Community protection warning or notice served")
    choose(officer, "The closure letter goes now")


def then_the_list_and_the_search_show(page: Page, case: str, *, shown: bool) -> None:
    """Its reference is a link wherever it turns up."""
    for path in ("/cases/", "/cases/?q=Larch", "/search/?q=Larch"):
        page.goto(path)
        found = page.get_by_role("main").get_by_role("link", name=re.compile(case))
        expect(found.first).to_be_visible() if shown else expect(found).to_have_count(0)


def then_nothing_is_found(page: Page, *words: str) -> None:
    for each in words:
        page.goto(f"/search/?q={each}")
        then_it_says(page, "Nothing found")


def answer_to(page: Page, path: str) -> int:
    """What the server says to an address, for files too."""
    return page.request.get(path).status


def when_saying_what_is_going_on(officer: Page, case: str) -> None:
    officer.goto(f"/cases/{case}/edit/")
    fill(officer, "What is going on", SUMMARY)
    choose(officer, "Noise")
    officer.get_by_role("button", name="Save changes").click()
    then_it_says(officer, f"Case {case} changed", SUMMARY)


def when_adding_evidence(page: Page, case: str, file: Path) -> str:
    """The address of the file."""
    page.goto(f"/cases/{case}/evidence/add/")
    page.get_by_label("What is it?", exact=True).select_option(index=1)
    fill(page, "What it shows", "When it was loud")
    fill(page, "When did you get it?", "today")
    page.locator("[name=attached]").set_input_files(file)
    choose(page, "Every agency that sees the case in full")
    page.get_by_role("button", name="Add evidence").click()
    link = page.get_by_role("link", name=file.name).first
    expect(link).to_be_visible()
    return str(link.get_attribute("href"))


def when_finishing_the_action(officer: Page, case: str) -> None:
    officer.goto(f"/cases/{case}/actions/")
    officer.get_by_role("link", name=ASKED).or_(officer.get_by_role("link", name="SV-A-")).first.click()
    choose(officer, "It is done")
    fill(officer, "What was done, or why", "Both were seen")
    officer.get_by_role("button", name="Send answer").click()
    then_it_says(officer, "is done")
