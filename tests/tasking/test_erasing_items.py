"""What meetings said of a destroyed case or person goes with it; the meetings themselves stay."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import Case, Person, Tombstone
from cases.services import retention
from csp.actions.models import Action
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from tasking.enums import ItemKind, MeetingStatus, PackKind
from tasking.models import AgendaItem, ItemAction, Meeting, Pack, Referral
from tasking.services import erasing as erasing_items
from tests.access.records import TERMS
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, PersonFactory, PlaceFactory
from tests.factories.casework import CasePersonFactory
from tests.factories.tasking import (
    AgendaItemFactory,
    ItemAnswerFactory,
    MeetingFactory,
    MeetingOutcomeFactory,
    ReferralFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2015, 3, 4, 12, tzinfo=dt.UTC)
BEFORE = LONG_AGO - dt.timedelta(days=30)
NOW = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
SAID = "He is said to sell it from the kitchen"


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def police(team):
    return PartnerFactory(partnership=team.partnership, name="Police")


@pytest.fixture
def series(team, police):
    return SeriesFactory(lead=team, invite=[police])


@pytest.fixture
def case(team):
    closed = {"status": CaseStatus.CLOSED, "opened_at": BEFORE, "ended_at": LONG_AGO}
    return CaseFactory(lead=team, **closed)


def held(series, police, at=BEFORE):
    return MeetingFactory(series=series, invite=[police], starts_at=at, status=MeetingStatus.APPROVED)


def destroy(case):
    people = [user_at(case.lead, Role.MANAGER), user_at(case.lead, Role.AUDITOR)]
    disposal = retention.propose(kept=case, reason="Time over", by=people[0], at=NOW)
    retention.agree(disposal=disposal, by=people[1], at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_what_meetings_said_of_a_case_goes_with_it(
    team, police, series, case, django_capture_on_commit_callbacks
):
    meeting = held(series, police)
    referral = ReferralFactory(meeting=meeting, kind=ItemKind.CASE, case=case, why=SAID, from_partner=police)
    referral.needed_by.add(police)
    item = AgendaItemFactory(
        meeting=meeting, kind=ItemKind.CASE, case=case, title=SAID, discussion=SAID, minute=SAID,
        referral=referral, discussed_at=BEFORE,
    )  # fmt: skip
    item.outcomes.add(MeetingOutcomeFactory(lead=team, code="support"))
    item.gist = SAID
    item.save()
    ItemAnswerFactory(item=item, risks=SAID)
    sharing.share(record=item, to_partner=police, level=ShareLevel.CONTRIBUTE, by=None, at=BEFORE, **TERMS)
    ItemAction.objects.create(item=item, action=ActionFactory(lead=team, owner=police, target=case))
    later = AgendaItemFactory(
        meeting=held(series, police), kind=ItemKind.PLACE, place=PlaceFactory(lead=team), previous=item
    )
    Meeting.objects.filter(pk=meeting.pk).update(current_item=item)
    pack = Pack(
        meeting=meeting, partner=police, kind=PackKind.MINUTES, asked_at=BEFORE, built_at=BEFORE, size=4
    )
    pack.file.save("minutes.pdf", ContentFile(SAID.encode()))
    stored = pack.file

    with django_capture_on_commit_callbacks(execute=True):
        destroy(case)

    assert list(AgendaItem.objects.all()) == [later]
    assert not Action.objects.exists()
    for label in (erasing_items.REFERRAL, *erasing_items.OF_ITEM, *erasing_items.OF_REFERRAL):
        assert _of_others(label, later) == [], label
    for label in ("AgendaItem", "Referral", "ItemAnswer"):
        history = apps.get_model("tasking", label).pgh_event_model
        assert SAID not in str(list(history.objects.values())), label
    meeting.refresh_from_db()
    later.refresh_from_db()
    pack.refresh_from_db()
    assert (meeting.current_item, later.previous, pack.file, pack.built_at) == (None, None, "", None)
    assert not stored.storage.exists(stored.name)
    assert Tombstone.objects.get(reference=case.reference).statistics["meetings"] == [
        {"on": "2015-02-02", "area": None, "issue": "", "outcomes": ["support"]}
    ]


def _of_others(label, kept):
    """Rows that are not about the item that stays."""
    way = erasing_items.OF_ITEM.get(label)
    rows = apps.get_model(label)._default_manager.all()
    return list(rows.exclude(**{way: kept}) if way else rows)


def test_what_is_as_old_about_a_person_goes_with_them(team, police, series, case):
    person = PersonFactory(lead=team)
    CasePersonFactory(case=case, person=person)
    item = AgendaItemFactory(meeting=held(series, police), kind=ItemKind.PERSON, person=person, title=SAID)
    ReferralFactory(meeting=item.meeting, kind=ItemKind.PERSON, person=person)
    ItemAction.objects.create(item=item, action=ActionFactory(lead=team, owner=police, target=item))

    destroy(case)

    assert not Person.objects.exists()
    assert not AgendaItem.objects.exists()
    assert not Referral.objects.exists()
    assert not Action.objects.exists()
    assert Meeting.objects.filter(pk=item.meeting.pk).exists()


def test_somebody_whom_a_later_meeting_discussed_stays_with_all_of_it(team, police, series, case):
    person = PersonFactory(lead=team)
    CasePersonFactory(case=case, person=person)
    for at in (BEFORE, LONG_AGO + dt.timedelta(days=1)):
        AgendaItemFactory(meeting=held(series, police, at), kind=ItemKind.PERSON, person=person)

    destroy(case)

    assert not Case.objects.exists()
    assert list(Person.objects.all()) == [person]
    assert AgendaItem.objects.count() == 2


def test_figures_of_meetings_count_on_what_was_destroyed(client, team, police, series, case):
    item = AgendaItemFactory(meeting=held(series, police), kind=ItemKind.CASE, case=case, discussed_at=BEFORE)
    ItemAction.objects.create(item=item, action=ActionFactory(lead=team, owner=police, target=case))
    destroy(case)

    client.force_login(user_at(team, Role.MANAGER))
    for name in ("cases-discussed", "meeting-actions"):
        url = reverse("meetings:measure_records", args=[name])
        page = client.get(
            url, {"first": "2015-02-01", "last": "2015-02-28", "period": "2014-15"}
        ).content.decode()
        assert "And 1 destroyed under the retention schedule" in page, name
        assert "may not open" not in page
