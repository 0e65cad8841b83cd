import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings

from csp.agencies.access import permission_ids
from tests import cleaning

settings.register_profile("any machine", deadline=None)  # a busy machine is no mistake of ours
settings.load_profile("any machine")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """With --dist=loadgroup a file stays on one worker, and so do all journeys: they share one product."""
    for item in items:
        journey = item.path.parent.name == "e2e"
        item.add_marker(pytest.mark.xdist_group("e2e" if journey else item.nodeid.partition("::")[0]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit (`transaction=True`, `live_server`) leave the database as the migrations left it."""
    with django_db_blocker.unblock():
        cleaning.remember_seeded_rows()
        permission_ids(connection.settings_dict["NAME"])  # asked once per process, so no test counts it
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: cleaning.restore_seeded_rows())
        yield


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
