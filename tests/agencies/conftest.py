import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from csp.celery import app as celery_app


@pytest.fixture(autouse=True)
def no_limits_from_other_tests():
    """Rate limits and locks are counted in the cache, which no transaction rolls back."""
    cache.clear()


@pytest.fixture
def eager(monkeypatch):
    """Background work is done at once, where it was asked for."""
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)


@pytest.fixture
def queries():
    """How many queries a page asks. Warm: what is read once per process has been read."""

    def count(client, url):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    return count
