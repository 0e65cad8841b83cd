import pytest
from django.test import TransactionTestCase

from tests import cleaning


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit (`transaction=True`, `live_server`) leave the database as the migrations left it."""
    with django_db_blocker.unblock():
        cleaning.remember_seeded_rows()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: cleaning.restore_seeded_rows())
        yield
