"""A case from opening to closure. Each agency sees exactly what it may, and the law's limits hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import casework as steps
from tests.e2e.casework import ADDRESS, ASKED, BAN, CALLER, DONE, PURPOSE, STORY, SUBJECT, SUMMARY, TITLE
from tests.e2e.people import sign_in
from tests.e2e.product import Product
from tests.e2e.steps import then_it_does_not_say, then_it_is_not_found, then_it_says

pytestmark = pytest.mark.e2e

SECRETS = (CALLER, ADDRESS, SUBJECT, STORY)
ANSWER = "We spoke to both households, and gave a caution"
KNOWN = "The tenant has had two cautions since May"
WARNING, NOTICE = "Community Protection Warning", "Community Protection Notice"
POWER = {
    "Who is it about?": f"{SUBJECT}, subject",
    "Grounds": "Threats, and music at night",
    "Name and post of who issues it": "A. Officer, community safety officer",
    "What": BAN,
}


@dataclass(frozen=True)
class Shared:
    """A case that Soha sees in full and may add to, and the police as a summary."""

    case: str
    first: str
    second: str

    def page(self, name: str = "") -> str:
        return f"/cases/{self.case}/{name}"

    @property
    def for_full_readers(self) -> list[str]:
        names = ("people", "powers", "problem", "evidence", "letters", "risk", "notes/add")
        return [self.page(f"{name}/") for name in names]

    @property
    def everywhere(self) -> list[str]:
        seen = [self.page(name) for name in ("", "timeline/", "actions/", "sharing/", "timeline.pdf")]
        return [*seen, *self.for_full_readers, f"/reports/{self.first}/", f"/reports/{self.second}/"]


@pytest.fixture(scope="module")
def officer_at_work(product: Product, chromium: Browser) -> Iterator[Page]:
    """Who opens the case of this module, before the journeys that start from it."""
    context = chromium.new_context(base_url=product.url, locale="en-GB")
    officer = context.new_page()
    sign_in(officer, "officer@demo.example")
    yield officer
    context.close()


@pytest.fixture(scope="module")
def shared(officer_at_work: Page) -> Shared:
    officer = officer_at_work
    made = Shared(*steps.given_a_case_from_two_reports(officer, CALLER))
    steps.when_saying_what_is_going_on(officer, made.case)
    steps.when_scoring_risk(officer, made.case, CALLER, "At the start")
    steps.when_giving_an_action(officer, made.case, "Soha", ASKED)
    steps.when_asking_to_share(officer, made.case, "Police")
    steps.then_the_preview_shows(officer, TITLE, SUMMARY, "Shared with Police by Community Safety: summary")
    steps.then_the_preview_hides(officer, *SECRETS, ASKED)
    steps.when_sharing(officer, made.case, "Police")
    steps.when_asking_to_share(officer, made.case, "Soha")
    steps.then_the_preview_shows(officer, TITLE, SUMMARY, CALLER, STORY, ASKED)
    steps.when_sharing(officer, made.case, "Soha")
    return made


def test_landlord_sees_it_in_full_answers_and_adds_what_they_know(signed_in, shared):
    landlord = signed_in("housing")
    steps.then_the_list_and_the_search_show(landlord, shared.case, shown=True)
    landlord.goto(shared.page())
    then_it_says(landlord, "Shared with Soha by Community Safety: full, may add", PURPOSE, CALLER, STORY)
    landlord.goto(shared.page("people/"))
    then_it_says(landlord, CALLER, SUBJECT)
    steps.when_answering_what_is_asked(landlord, shared.case, ANSWER)
    steps.when_adding_what_they_know(landlord, shared.case, KNOWN)

    officer = signed_in("officer")
    officer.goto(shared.page("timeline/"))
    then_it_says(officer, ANSWER, KNOWN, "Hari Housing")


def test_police_see_a_summary_and_no_more(signed_in, shared):
    police = signed_in("police")
    steps.then_the_list_and_the_search_show(police, shared.case, shown=True)
    for name in ("", "timeline/", "actions/", "sharing/"):
        police.goto(shared.page(name))
        then_it_says(police, TITLE, "Open - investigating", "Medium risk")
        for secret in (*SECRETS, ASKED, KNOWN):
            then_it_does_not_say(police, secret)
    police.goto(shared.page())
    then_it_says(police, SUMMARY, "Who is at risk is not shared with you")
    assert [steps.answer_to(police, path) for path in shared.for_full_readers] == [403] * 7
    steps.then_nothing_is_found(police, "Fairweather", "Bellows", "kicked")
    police.goto(f"/reports/{shared.first}/")
    then_it_says(police, "A summary is shared with you")
    for secret in SECRETS:
        then_it_does_not_say(police, secret)


@pytest.mark.parametrize("name", ["health", "officer@west.example"])
def test_others_learn_nothing_of_it(signed_in, shared, name):
    stranger = signed_in(name)
    assert {steps.answer_to(stranger, path) for path in shared.everywhere} == {404}
    steps.then_the_list_and_the_search_show(stranger, shared.case, shown=False)
    steps.then_nothing_is_found(stranger, shared.case, "Fairweather", "Larch")
    then_it_is_not_found(stranger, f"/who-can-see/{shared.case}/")


def test_file_of_a_note_in_full_is_not_for_the_police(signed_in, shared, tmp_path):
    landlord = signed_in("housing")
    photo = tmp_path / "diary.txt"
    photo.write_text("Friday 11pm to 3am: banging\n")
    address = steps.when_adding_evidence(landlord, shared.case, photo)
    people = {name: signed_in(name) for name in ("officer", "police", "health", "officer@west.example")}
    answers = {name: steps.answer_to(page, address) for name, page in people.items()}
    assert answers == {"officer": 200, "police": 404, "health": 404, "officer@west.example": 404}


def test_warning_comes_before_a_notice_with_the_same_conditions(signed_in):
    officer = signed_in("officer")
    case, *_ = steps.given_a_case_from_two_reports(officer, "Winifred Worth")

    steps.when_drafting(officer, case, NOTICE, POWER)
    then_it_says(officer, "Choose the Community Protection Warning that came before", "s.43(5)")
    then_all_of_it_is_kept(officer, POWER)

    steps.when_drafting(officer, case, WARNING, POWER)
    steps.when_serving(officer)
    steps.when_giving_the_reason(officer, "He is 34: seen on his licence")

    other = POWER | {"What": "Keep no dog", "Who was consulted or told before, and when": "Soha, today"}
    steps.when_drafting(officer, case, NOTICE, other)
    officer.get_by_label("Which warning came before?").select_option(index=1)
    officer.get_by_role("button", name="Save the draft").click()
    then_it_says(officer, "The conditions must be those of the Community Protection Warning")
    then_all_of_it_is_kept(officer, other)

    officer.get_by_role("button", name="Copy who and what from it").click()
    expect(officer.get_by_label("What", exact=True)).to_have_value(BAN)
    officer.get_by_role("button", name="Save the draft").click()
    steps.when_serving(officer)
    steps.when_giving_the_reason(officer, "He is 34: seen on his licence")


def test_case_review_notice_is_read_before_it_goes(signed_in, shared, product):
    officer = signed_in("officer")
    officer.goto(shared.page("letters/"))
    then_it_says(officer, "Case Review notice due")
    officer.get_by_role("link", name="Write: Case Review notice").click()
    officer.get_by_role("button", name="See how it looks").click()
    look = officer.get_by_role("region", name="How it looks")
    expect(look).to_contain_text(f"Dear {CALLER}")
    expect(look).to_contain_text("You can ask the council, the police")
    officer.get_by_role("button", name="Send the e-mail").click()
    then_it_says(officer, "The e-mail is on its way")
    then_it_does_not_say(officer, "Case Review notice due")
    assert shared.case in product.mail_to("ada@example.com", "ASB Case Review")["Subject"]


def test_case_closes_with_its_letter_once_nothing_is_outstanding(signed_in, product):
    officer = signed_in("officer")
    case, *_ = steps.given_a_case_from_two_reports(officer, "Conrad Close")
    steps.when_giving_an_action(officer, case, "Community Safety", ASKED)
    steps.given_a_filled_closing(officer, case)
    steps.when_closing(officer)
    then_it_says(officer, "Finish or cancel the outstanding action first: Community Safety 1")
    then_it_says(officer, "Score the risk of Conrad Close before closing")
    expect(officer.get_by_label("What was done, and why it can end here")).to_have_value(DONE)

    steps.when_finishing_the_action(officer, case)
    steps.when_scoring_risk(officer, case, "Conrad Close", "Before closing", option=0)
    steps.given_a_filled_closing(officer, case)
    steps.when_closing(officer)
    then_it_says(officer, "Read the letter before it goes")
    expect(officer.get_by_label("The letter", exact=True)).to_have_value(re.compile(DONE))
    steps.when_closing(officer)
    then_it_says(officer, f"{case} is closed")
    letter = product.mail_to("conrad@example.com", case)
    assert DONE in letter.get_body(("plain",)).get_content()


def test_officer_reads_what_was_done_and_who_can_see_it(signed_in, shared):
    officer = signed_in("officer")
    officer.goto(shared.page("timeline/"))
    then_it_says(officer, STORY, "Shared with Police: summary", f"Risk of {CALLER}: medium risk", ASKED)
    assert steps.answer_to(officer, shared.page("timeline.pdf")) == 200
    officer.goto(shared.page("sharing/"))
    then_it_says(officer, "Police", "Soha", PURPOSE, "Crime and Disorder Act 1998, section 115")
    officer.get_by_role("link", name="Who can see this, and why").click()
    then_it_says(officer, "Hari Housing", "Priya Constable", "Alex Officer")
    then_it_does_not_say(officer, "Helen Health")


def test_manager_reads_the_disclosure_log(signed_in, shared):
    manager = signed_in("manager")
    manager.goto("/cases/disclosures/")
    row = manager.get_by_role("row").filter(has_text=shared.case)
    for words in ("Police", "Soha"):
        expect(row.filter(has_text=words).first).to_contain_text(PURPOSE)


def then_all_of_it_is_kept(officer: Page, typed: dict[str, str]) -> None:
    for label, value in typed.items():
        field = officer.get_by_label(label, exact=True)
        tag = field.evaluate("each => each.tagName")
        now = (
            field.evaluate("each => each.selectedOptions[0].text") if tag == "SELECT" else field.input_value()
        )
        assert now == value, label
