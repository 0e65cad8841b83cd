import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from csp.core.models import LongTask
from tests.factories.agencies import UserFactory
from tests.factories.core import LongTaskFactory

pytestmark = pytest.mark.django_db
REFRESH = '<meta http-equiv="refresh"'


@pytest.fixture
def owner(client):
    user = UserFactory()
    client.force_login(user)
    return user


def page_of(client, work):
    answer = client.get(work.get_absolute_url())
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_progress_page_shows_the_bar_and_looks_again_without_scripts(client, owner):
    page = page_of(client, LongTaskFactory(owner=owner, running=True, message="Reading"))

    assert "Importing reports.csv" in page
    assert 'value="25"' in page
    assert "Running, 25%: Reading" in page
    assert REFRESH in page
    assert "Try again" not in page
    assert " style=" not in page


def test_progress_page_waits_for_work_that_has_not_started(client, owner):
    page = page_of(client, LongTaskFactory(owner=owner))

    assert "Waiting to start" in page
    assert REFRESH in page


def test_progress_page_links_to_the_result(client, owner):
    page = page_of(client, LongTaskFactory(owner=owner, succeeded=True))

    assert 'href="/imports/7/">See what came in</a>' in page
    assert "120 rows read" in page
    assert REFRESH not in page


def test_progress_page_says_why_it_failed_and_offers_another_try(client, owner):
    page = page_of(client, LongTaskFactory(owner=owner, failed=True))

    assert "Line 7 has no date. Correct the file and try again" in page
    assert "Try again</button>" in page
    assert REFRESH not in page


def test_progress_page_says_that_a_dead_worker_stopped(client, owner):
    page = page_of(client, LongTaskFactory(owner=owner, stopped=True))

    assert "This stopped before it was finished" in page
    assert 'data-progress-state="stopped"' in page
    assert "Try again</button>" in page
    assert REFRESH not in page


def test_progress_page_offers_to_ask_again_after_a_long_wait(client, owner):
    page = page_of(client, LongTaskFactory(owner=owner, created_at=timezone.now() - dt.timedelta(minutes=6)))

    assert "This has not started yet" in page
    assert "Try again</button>" in page
    assert REFRESH in page


def test_progress_page_offers_no_try_where_nobody_knows_how(client, owner):
    assert "Try again" not in page_of(
        client, LongTaskFactory(owner=owner, failed=True, task_name="", message="No")
    )


def test_progress_state_tells_scripts_the_same(client, owner):
    work = LongTaskFactory(owner=owner, running=True)

    answer = client.get(reverse("core:progress_state", args=[work.pk]))

    assert answer.json() == {
        "state": "running",
        "percent": 25,
        "done": 30,
        "total": 120,
        "message": "",
        "result_url": "",
    }


def test_progress_retry_queues_the_work_again(client, owner):
    work = LongTaskFactory(owner=owner, failed=True)

    answer = client.post(reverse("core:progress_retry", args=[work.pk]), follow=True)

    assert answer.redirect_chain == [(work.get_absolute_url(), 302)]
    assert LongTask.objects.get().status == "QUEUED"


def test_progress_retry_refuses_work_under_way_and_says_so(client, owner):
    work = LongTaskFactory(owner=owner, running=True)

    answer = client.post(reverse("core:progress_retry", args=[work.pk]), follow=True)

    assert "is running, so it cannot be started again" in answer.content.decode()
    assert LongTask.objects.get().status == "RUNNING"


@pytest.mark.parametrize("name", ["progress", "progress_state", "progress_retry"])
def test_progress_is_for_its_owner_only(client, owner, name):
    url = reverse(f"core:{name}", args=[LongTaskFactory().pk])

    assert (client.post(url) if name == "progress_retry" else client.get(url)).status_code == 404


def test_progress_retry_takes_posts_only(client, owner):
    work = LongTaskFactory(owner=owner, failed=True)

    assert client.get(reverse("core:progress_retry", args=[work.pk])).status_code == 405


def test_progress_asks_strangers_to_sign_in(client):
    assert client.get(LongTaskFactory().get_absolute_url()).status_code == 302


@pytest.mark.parametrize("others", [0, 2])
def test_progress_page_query_count(client, owner, others, django_assert_num_queries):
    work = LongTaskFactory(owner=owner, running=True)
    LongTaskFactory.create_batch(others, owner=owner)
    client.get(work.get_absolute_url())

    with django_assert_num_queries(3):
        client.get(work.get_absolute_url())
