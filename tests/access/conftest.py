from pathlib import Path

import pytest

from tests.access.visits import Visits, a_world

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """To open a page proves none of its lines, so none is counted as covered. Counting doubles the time."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="module")
def visits(django_db_setup, django_db_blocker):
    """One world for all tests of a module. What a visit changes is undone at once."""
    with django_db_blocker.unblock(), a_world() as world:
        yield Visits(world)
