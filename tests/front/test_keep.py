"""What is typed survives a session that ends, a save that fails and a form that is too old."""

import pytest
from playwright.sync_api import Page, expect

from tests.front.site import OFFICER, Site, shell

pytestmark = pytest.mark.e2e

FORM = """
  <form method="post" id="log">
    <label for="what">What</label><textarea id="what" name="what"></textarea>
    <label><input type="checkbox" name="kind" value="noise"> Noise</label>
    <label><input type="checkbox" name="kind" value="litter"> Litter</label>
    <input type="hidden" name="version" value="3">
    <button>Log report</button>
  </form>"""


@pytest.fixture
def form(site: Site, page: Page) -> Page:
    site.page("/new", FORM)
    page.goto("/new")
    page.get_by_label("What").fill("Shouting")
    page.get_by_label("Litter").check()
    return page


def send_too_late(site: Site, page: Page) -> None:
    site.signed_in = False
    page.get_by_role("button", name="Log report").click()
    expect(page.get_by_text("Sign in")).to_be_visible()
    page.wait_for_load_state()  # scripts have run


def sign_in_again(site: Site, page: Page, path: str = "/new") -> None:
    site.signed_in = True
    page.goto(path)


def test_form_sent_after_the_session_ended_is_put_back_after_signing_in(site, form):
    send_too_late(site, form)

    sign_in_again(site, form)

    expect(form.get_by_label("What")).to_have_value("Shouting")
    expect(form.get_by_label("Litter")).to_be_checked()
    expect(form.get_by_label("Noise")).not_to_be_checked()
    expect(form.locator("[name=version]")).to_have_value("3")
    expect(form.get_by_text("did not reach us")).to_be_visible()


def test_form_that_was_put_back_can_be_thrown_away(site, form):
    send_too_late(site, form)
    sign_in_again(site, form)

    form.get_by_role("button", name="Throw it away").click()

    expect(form.get_by_label("What")).to_have_value("")
    expect(form.get_by_label("Litter")).not_to_be_checked()


def test_form_that_arrived_is_forgotten(form):
    form.get_by_role("button", name="Log report").click()
    expect(form.get_by_text("After")).to_be_visible()

    form.goto("/new")

    expect(form.get_by_label("What")).to_have_value("")
    assert form.evaluate("sessionStorage.length") == 0


def test_somebody_else_who_signs_in_does_not_get_it(site, form):
    send_too_late(site, form)
    site.pages["/new"] = shell(FORM, user={**OFFICER, "pk": 8})

    sign_in_again(site, form)

    expect(form.get_by_label("What")).to_have_value("")
    assert form.evaluate("sessionStorage.length") == 0


def test_signing_out_forgets_everything(site, form):
    send_too_late(site, form)
    sign_in_again(site, form, "/after")
    assert form.evaluate("sessionStorage.length") == 1
    site.answer("/accounts/logout/", lambda _fields: "<p>Signed out</p>")

    form.locator("summary").click()
    form.get_by_role("button", name="Sign out").click()
    expect(form.get_by_text("Signed out")).to_be_visible()

    assert form.evaluate("sessionStorage.length") == 0


def test_another_page_points_to_the_form_that_was_left(site, form):
    send_too_late(site, form)
    sign_in_again(site, form, "/after")

    form.get_by_role("link", name="Go back to it").click()

    expect(form.get_by_label("What")).to_have_value("Shouting")


def test_form_refused_as_too_old_is_put_back(site, form):
    site.answer("/new", lambda _fields: shell("<p>Your form was not sent</p>", base="403_csrf.html"))
    form.get_by_role("button", name="Log report").click()
    expect(form.get_by_text("Your form was not sent")).to_be_visible()
    form.wait_for_load_state()

    form.goto("/new")

    expect(form.get_by_label("What")).to_have_value("Shouting")


def test_passwords_are_never_kept(site, page):
    box = '<input type="password" name="password" aria-label="Password">'
    site.page("/new", f'<form method="post">{box}<button>Go</button></form>')
    page.goto("/new")
    page.get_by_label("Password").fill("secret")
    site.signed_in = False

    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("Sign in")).to_be_visible()
    page.wait_for_load_state()

    assert page.evaluate("sessionStorage.length") == 0
