"""Axe, and what else holds on every page, in a real browser on a desk and on a phone."""

import json
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from scripts.places import PYTHON, ROOT
from tests.access.walk import every_url
from tests.e2e.looking import then_the_accessibility_baseline_is_met
from tests.e2e.pages import IN_A_JOURNEY, NO_PAGE, WHO
from tests.e2e.product import Product

pytestmark = pytest.mark.e2e

STATUS = {"public:follow": 404, "socialaccount_login_error": 401}
# What comes in a link is moved into the session, out of the address.
LANDS = {"account_reset_password_from_key": "set-password/"}


@pytest.fixture(scope="module")
def samples(product: Product) -> dict[str, dict[str, str]]:
    env = product.env | {"DJANGO_SETTINGS_MODULE": "csp.settings"}
    made = subprocess.run(
        [PYTHON, "-c", "import django; django.setup(); from tests.e2e import samples; samples.main()"],
        cwd=ROOT, env=env, check=False, text=True, capture_output=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


@pytest.fixture(scope="module")
def pages(product: Product, samples: dict, chromium: Browser) -> Iterator[dict[str, Page]]:
    """One for each of the people, signed in. A new one for each test would be a new process each."""
    opened = {who: chromium.new_context(base_url=product.url) for who in set(WHO.values())}
    for who, context in opened.items():
        if who in samples["cookies"]:
            context.add_cookies([{"name": "sessionid", "value": samples["cookies"][who], "url": product.url}])
    yield {who: context.new_page() for who, context in opened.items()}
    for context in opened.values():
        context.close()


def test_every_address_is_looked_at_or_shows_no_page():
    assert every_url().keys() == WHO.keys() | NO_PAGE | IN_A_JOURNEY
    assert len(WHO) + len(NO_PAGE) + len(IN_A_JOURNEY) == len(every_url())


@pytest.mark.parametrize("name", WHO)
def test_page_can_be_used_by_all(name, product, samples, pages):
    path, page = samples["paths"][name], pages[WHO[name]]
    answer = page.goto(path)

    assert answer.status == STATUS.get(name, 200), product.web_said()
    assert page.url.endswith(LANDS.get(name, path)), "the sample leads elsewhere"
    then_the_accessibility_baseline_is_met(page)
