"""Sentences that several journeys share."""

import re

from playwright.sync_api import Page, expect

REFERENCE = re.compile(r"SV-R-\d\d-\d{6}")


def reference_on(page: Page) -> str:
    found = REFERENCE.search(page.get_by_role("heading", level=1).inner_text())
    assert found, page.url
    return found[0]


def given_a_logged_report(officer: Page, words: str) -> str:
    officer.goto("/reports/new/")
    officer.get_by_label("What happened", exact=True).fill(words)
    officer.get_by_role("button", name="Log report").click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text(REFERENCE)
    return reference_on(officer)


def when_deciding(officer: Page, reference: str, choice: str, answers: dict[str, str], why: str) -> None:
    """Fields by their labels; the choices of a group of radios by the label of the choice."""
    officer.goto(f"/reports/{reference}/")
    choose(officer, choice)
    for label, value in answers.items():
        if value:
            fill(officer, label, value)
        else:
            choose(officer, label)
    officer.get_by_label("Why?", exact=True).fill(why)
    officer.get_by_role("button", name="Decide", exact=True).click()


def fill(page: Page, label: str, value: str) -> None:
    field = page.get_by_label(label, exact=True)
    if field.evaluate("each => each.tagName") == "SELECT":
        field.select_option(label=value)
    else:
        field.fill(value)


def choose(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).check()


def then_it_says(page: Page, *words: str | re.Pattern[str]) -> None:
    for each in words:
        expect(page.get_by_role("main")).to_contain_text(each)


def then_it_does_not_say(page: Page, words: str) -> None:
    expect(page.get_by_role("main")).not_to_contain_text(words)


def then_it_is_not_found(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404


def then_it_is_refused(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status in (403, 404)
