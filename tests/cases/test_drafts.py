import datetime as dt
import uuid

import pytest

from cases import tasks
from cases.models import ReportDraft
from cases.services import drafts
from csp.agencies.enums import Role
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, ReportFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER)


def save(officer, token, at=NOON, **typed):
    return drafts.save_draft(
        owner=officer,
        partnership=officer.seats[0].partner.partnership,
        token=token,
        typed={name: [value] for name, value in typed.items()},
        referral=False,
        at=at,
    )


def test_a_form_has_one_draft_however_often_it_is_saved(officer):
    token = uuid.uuid4()

    save(officer, token, name="An")
    save(officer, token, name="Ann", at=NOON + dt.timedelta(minutes=1))

    draft = ReportDraft.objects.get()
    assert (draft.data, draft.started_at) == ({"name": ["Ann"]}, NOON)
    assert draft.saved_at == NOON + dt.timedelta(minutes=1)


def test_one_token_of_two_officers_makes_two_drafts(officer, team):
    token = uuid.uuid4()

    save(officer, token, name="Ann")
    save(user_at(team, Role.OFFICER), token, name="Bo")

    assert ReportDraft.objects.count() == 2


def test_a_draft_holds_what_a_database_can_hold(officer):
    draft = save(officer, uuid.uuid4(), name="A\x00nn", what_happened="x" * 60_000)

    draft.refresh_from_db()
    assert draft.data["name"] == ["Ann"]
    assert len(draft.data["what_happened"][0]) == drafts.LONGEST_TEXT


def test_a_late_save_brings_no_logged_form_back(officer, team):
    token = uuid.uuid4()
    ReportFactory(lead=team, form_token=token)

    assert save(officer, token, name="Ann") is None
    assert not ReportDraft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "gist"),
    [
        ({}, "Nothing typed yet"),
        ({"name": "Ann"}, "Ann"),
        ({"name": "Ann", "what_happened": "Loud\n music"}, "Ann - Loud music"),
    ],
)
def test_a_draft_is_known_by_who_and_what(officer, typed, gist):
    assert save(officer, uuid.uuid4(), **typed).gist == gist


def test_old_drafts_go_every_night(officer):
    save(officer, uuid.uuid4(), at=dt.datetime.now(dt.UTC) - dt.timedelta(days=31))
    kept = save(officer, uuid.uuid4(), at=dt.datetime.now(dt.UTC) - dt.timedelta(days=29))

    tasks.discard_old_drafts()

    assert ReportDraft.objects.get() == kept
