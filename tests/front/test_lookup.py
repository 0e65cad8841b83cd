"""What is known appears beside the form while typing; known people and addresses can be chosen."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

FORM = """
  <form method="post" data-lookup="/known" data-lookup-fields="caller person" data-lookup-region="known">
    <label for="caller">Caller</label>
    <input class="govuk-input" id="caller" name="caller" data-combobox="/people" data-combobox-into="person">
    <input type="hidden" name="person" value="">
    <label for="town">Town</label><input id="town" name="town">
    <input type="hidden" name="uprn" value="">
    <label for="what">What</label><textarea id="what" name="what"></textarea>
    <button>Log report</button>
  </form>
  <aside id="known" aria-label="Already known"><p>Nothing looked up yet</p></aside>"""

PEOPLE = [
    {"value": "12", "label": "Ann Brown", "hint": "4 Mill Road", "fill": {"town": "Didcot", "uprn": "100"}},
    {"value": "13", "label": "Ann Browne", "hint": "<b>9</b> Mill Road", "fill": {}},
]


@pytest.fixture
def form(site, page):
    site.answer("/known", lambda fields: f'<p data-say="2 reports known">Known: {fields["caller"]}</p>')
    site.answer("/people", lambda _fields: {"results": PEOPLE})
    site.page("/new", FORM)
    page.goto("/new")
    return page


def known(page):
    return page.get_by_role("complementary", name="Already known")


def test_region_fills_while_typing_and_the_cursor_stays(site, form):
    form.get_by_label("Caller").press_sequentially("Ann", delay=20)

    expect(known(form)).to_contain_text("Known: Ann")
    expect(form.get_by_label("Caller")).to_be_focused()
    expect(form.locator("[role=status]").first).to_have_text("2 reports known")
    assert [fields["caller"] for fields in site.sent_to("/known")] == ["Ann"]


def test_region_goes_back_when_the_field_is_emptied(form):
    form.get_by_label("Caller").press_sequentially("Ann")
    expect(known(form)).to_contain_text("Known: Ann")

    form.get_by_label("Caller").fill("")

    expect(known(form)).to_have_text("Nothing looked up yet")


def test_other_fields_look_nothing_up(site, form):
    form.get_by_label("What").press_sequentially("Shouting")
    form.wait_for_timeout(700)

    assert site.sent_to("/known") == []


def test_known_person_is_chosen_by_keyboard(form):
    box = form.get_by_role("combobox", name="Caller")
    box.press_sequentially("Ann")
    expect(form.get_by_role("option")).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")

    box.press("ArrowDown")
    box.press("Enter")

    expect(box).to_have_value("Ann Brown")
    expect(form.locator("[name=person]")).to_have_value("12")
    expect(form.get_by_label("Town")).to_have_value("Didcot")
    expect(form.get_by_role("listbox")).to_be_hidden()
    expect(form.get_by_text("After")).to_be_hidden()


def test_known_person_is_chosen_by_pointer_and_hints_are_only_words(form):
    form.get_by_label("Caller").press_sequentially("Ann")

    form.get_by_role("option", name="<b>9</b> Mill Road").click()

    expect(form.locator("[name=person]")).to_have_value("13")
    expect(form.get_by_label("Caller")).to_be_focused()


def test_typing_on_takes_the_choice_back(form):
    box = form.get_by_role("combobox", name="Caller")
    box.press_sequentially("Ann")
    form.get_by_role("option", name="Ann Brown 4 Mill Road").click()

    box.press_sequentially("e")

    expect(form.locator("[name=person]")).to_have_value("")
    expect(form.locator("[name=uprn]")).to_have_value("")
    expect(form.get_by_label("Town")).to_have_value("Didcot")


def test_escape_closes_the_list_and_keeps_the_words(form):
    box = form.get_by_role("combobox", name="Caller")
    box.press_sequentially("Ann")
    expect(form.get_by_role("option")).to_have_count(2)

    box.press("Escape")

    expect(form.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("Ann")
