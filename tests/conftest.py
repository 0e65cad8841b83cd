import gc
import sys
from collections import Counter
from contextlib import contextmanager

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from csp.agencies import adapters
from csp.agencies.access import permission_ids
from csp.core.memory import keep_loaded
from tests import cleaning

settings.register_profile("any machine", deadline=None)  # a busy machine is no mistake of ours
settings.load_profile("any machine")


class ByFile(LoadScopeScheduling):
    """A file stays on one worker, and so do all journeys: they share one running product."""

    def _split_scope(self, nodeid):
        return "e2e" if nodeid.startswith("tests/e2e/") else nodeid.partition("::")[0]


LONGEST = ("tests/e2e/", "tests/setup/test_whole_run.py", "tests/access/")
OPENING = ("tests/access/", "tests/e2e/", "tests/front/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What takes minutes goes first, then large files, or one worker would wait for the other at the end."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (not item.nodeid.startswith(LONGEST), -tests[item.path], item.path))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return ByFile(config, log)


@contextmanager
def uncounted():
    """Coverage, which doubles the time of what it watches, rests. That can only make less covered."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup():
    """What is made ready for a test is not what it proves."""
    with uncounted():
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    """To open a page proves none of its lines; what is tried on hundreds of cases opens the same ones."""
    if item.nodeid.startswith(OPENING) or getattr(item.function, "is_hypothesis_test", False):
        with uncounted():
            return (yield)
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown():
    with uncounted():
        return (yield)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit (`transaction=True`, `live_server`) leave the database as the migrations left it."""
    if not connection.settings_dict["NAME"].startswith("test_"):
        yield  # no test asks for a database, so none was made: this is the one that people work in
        return
    with django_db_blocker.unblock():
        cleaning.remember_seeded_rows()
        permission_ids(connection.settings_dict["NAME"])  # asked once per process, so no test counts it
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: cleaning.restore_seeded_rows())
        yield


@pytest.fixture(scope="session", autouse=True)
def long_lasting_sign_in():
    """A slow machine may need longer for all the tests of one sign-in than a person has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adapters, "FRESH", 6 * 3600)
        yield


@pytest.fixture(scope="session", autouse=True)
def few_collections():
    """What is loaded stays: looking through all of it again and again costs minutes in a run of thousands."""
    keep_loaded()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def files_of_tests(tmp_path_factory):
    """Fields hold the storage itself, so that a setting changed later would still write into real data."""
    storage = storages["private"]
    storage._location = tmp_path_factory.mktemp("attachments")
    for worked_out in ("base_location", "location"):
        vars(storage).pop(worked_out, None)


def pytest_make_parametrize_id(config, val, argname):
    """Packed files hold the time they were packed at, and every worker must name its tests alike."""
    return argname if isinstance(val, bytes) else None
