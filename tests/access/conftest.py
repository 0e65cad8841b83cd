import pytest

from tests.access.visits import Visits, a_world


@pytest.fixture(scope="module")
def visits(django_db_setup, django_db_blocker):
    """One world for all tests of a module. What a visit changes is undone at once."""
    with django_db_blocker.unblock(), a_world() as world:
        yield Visits(world)
