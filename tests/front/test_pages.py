"""Pages of the installation that anybody may read."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "words"), [("accessibility", "partially compliant"), ("privacy", "Who sees it")]
)
def test_page_is_open_to_anybody_and_linked_from_every_footer(client, name, words):
    page = client.get(reverse(name))

    assert page.status_code == 200
    assert words in page.text
    assert f'href="{reverse("accessibility")}"' in page.text
    assert f'href="{reverse("privacy")}"' in page.text


def test_form_without_its_token_is_explained_and_its_words_are_not_lost():
    client = Client(enforce_csrf_checks=True)

    page = client.post("/accounts/login/?next=/reports/", {"login": "officer@demo.example"})

    assert page.status_code == 403
    assert "What you typed is kept" in page.text
    assert 'href="/accounts/login/?next=/reports/"' in page.text
