import pytest

from csp.agencies.enums import AreaKind, Role
from csp.agencies.models import Area, Partner
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.performance import IndicatorFactory


@pytest.fixture
def team(db):
    return PartnerFactory(receiving=True, name="Team")


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER)


@pytest.fixture
def board(team):
    return user_at(team, Role.BOARD)


@pytest.fixture
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha")


@pytest.fixture
def lead(soha):
    return user_at(soha, Role.AGENCY_LEAD)


@pytest.fixture
def indicator(team):
    return IndicatorFactory(
        partnership=team.partnership, name="Assault admissions", unit="admissions", source="NHS Digital"
    )


@pytest.fixture
def area(team: Partner) -> Area:
    return AreaFactory(partnership=team.partnership, name="Abingdon", kind=AreaKind.LOCAL_AREA)
