import pytest

from csp.agencies.enums import Role
from csp.celery import app
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at


@pytest.fixture
def asker(db):
    """The community safety team."""
    return PartnerFactory(name="Community Safety", receiving=True)


@pytest.fixture
def soha(asker):
    return PartnerFactory(name="Soha", partnership=asker.partnership)


@pytest.fixture
def police(asker):
    return PartnerFactory(name="Police", partnership=asker.partnership)


@pytest.fixture
def officer(asker):
    return user_at(asker, Role.OFFICER, name="A. Officer", email="officer@demo.example")


@pytest.fixture
def tenancy(soha):
    """Somebody at the agency that is asked."""
    return user_at(soha, name="T. Tenancy", email="tenancy@soha.example")


@pytest.fixture
def action(asker, soha, officer):
    return ActionFactory(lead=asker, owner=soha, asked_by=officer)


@pytest.fixture
def tasks_run_at_once():
    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager, app.conf.task_eager_propagates = before
