"""What is said of evidence is put right by the agency that added it. What it said before is kept."""

import dataclasses
import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from cases.enums import Audience
from cases.forms.notes import initial_of_evidence
from cases.models import Evidence
from cases.services import evidence as service
from cases.services.notes import CannotWrite
from csp.agencies.enums import Role, ShareLevel
from csp.audit.models import Event
from tests.cases.test_notes_pages import shared_with, text
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory
from tests.factories.casework import EvidenceFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def officer(team, client):
    user = user_at(team, Role.OFFICER, name="Ann Archer")
    client.force_login(user)
    return user


@pytest.fixture
def case(team):
    return CaseFactory(lead=team)


@pytest.fixture
def diary(case, officer):
    return EvidenceFactory(
        case=case, by=officer, at=NOON - 3 * DAY, description="Her dairy", kind="diary", source="Vic"
    )


def address(piece):
    return reverse("cases:evidence_correct", args=[piece.case.reference, piece.pk])


def filled(piece, **says):
    """The form as it was opened, with what somebody typed over it."""
    opened = initial_of_evidence(service.details_of(piece))
    day = f"{piece.obtained_on:%-d %-m %Y}"
    return {**opened, "obtained_on": day, "why": "Misspelt", **says}


def corrected(piece, by, why="Misspelt", seen=None, **says):
    before = service.details_of(piece)
    details = dataclasses.replace(before, **says)
    seen = service.prints_of(before) if seen is None else seen
    return service.correct_evidence(evidence=piece, details=details, why=why, seen=seen, by=by, at=NOON)


def test_a_colleague_of_who_added_it_puts_it_right_and_says_why(client, diary, team):
    bea = user_at(team, Role.OFFICER, name="Bea Best")
    client.force_login(bea)
    case_page = reverse("cases:evidence", args=[diary.case.reference])
    assert address(diary) in text(client.get(case_page))
    assert "Her dairy" in text(client.get(address(diary)))

    answer = client.post(address(diary), filled(diary, description="Her diary"), follow=True)

    assert "Evidence changed" in text(answer)
    assert "Her diary" in text(answer)
    assert "Changed" in text(answer)
    event = Event.objects.get(verb="evidence.corrected")
    assert (event.actor, event.reason, event.detail["fields"]) == (bea, "Misspelt", ["description"])
    history = Evidence.pgh_event_model.objects.filter(pgh_obj=diary).order_by("pgh_id")
    assert [each.description for each in history] == ["Her dairy", "Her diary"]


def test_without_a_reason_nothing_changes_and_what_was_typed_stays(client, diary):
    answer = client.post(address(diary), filled(diary, description="Her diary", why=""))

    assert "Enter why it changes" in text(answer)
    assert "Her diary" in text(answer)
    diary.refresh_from_db()
    assert diary.description == "Her dairy"


def test_saving_it_as_it_was_changes_nothing(client, diary):
    client.post(address(diary), filled(diary))

    assert not Event.objects.filter(verb="evidence.corrected").exists()


def test_the_second_of_two_sees_what_changed_and_keeps_what_they_typed(client, diary, officer):
    opened = filled(diary, description="Her diary of May")
    corrected(diary, officer, description="Her diary", source="Vic Tims")

    answer = client.post(address(diary), opened)

    assert "Somebody else changed this evidence" in text(answer)
    assert "<strong>Source</strong>" in text(answer)
    form = answer.context["form"]
    assert (form["description"].value(), form["source"].value()) == ("Her diary of May", "Vic Tims")
    assert form["why"].value() == "Misspelt"
    diary.refresh_from_db()
    assert diary.description == "Her diary"


def test_what_was_for_every_agency_is_taken_back_to_the_team(diary, officer, case):
    reader = shared_with(case, ShareLevel.FULL)
    assert Evidence.objects.visible_to(reader).exists()

    corrected(diary, officer, audience=Audience.TEAM)

    assert not Evidence.objects.visible_to(reader).exists()


def test_who_makes_it_for_named_people_goes_on_seeing_it(diary, officer, team):
    bea, cy = user_at(team, Role.OFFICER), user_at(team, Role.OFFICER)

    corrected(diary, bea, audience=Audience.NAMED, named=(cy,))

    for each, sees in ((officer, True), (bea, True), (cy, True), (user_at(team, Role.OFFICER), False)):
        assert Evidence.objects.visible_to(each).exists() is sees


@pytest.mark.parametrize("level", [ShareLevel.FULL, ShareLevel.CONTRIBUTE])
def test_another_agency_may_not_change_it(client, diary, case, level):
    hari = shared_with(case, level)
    client.force_login(hari)

    assert client.post(address(diary), filled(diary, description="Mine")).status_code == 403
    with pytest.raises(CannotWrite):
        corrected(diary, hari, description="Mine")


def test_nor_is_it_found_through_another_case(client, diary, team):
    other = CaseFactory(lead=team)

    assert client.get(reverse("cases:evidence_correct", args=[other.reference, diary.pk])).status_code == 404


@pytest.mark.parametrize(
    ("why", "says", "words"),
    [
        (" ", {"description": "Her diary"}, "Enter why it changes"),
        ("Misspelt", {"description": " "}, "Enter what the evidence shows"),
        ("Wrong day", {"obtained_on": (NOON + DAY).date()}, "today or in the past"),
    ],
)
def test_what_cannot_be_kept_is_refused(diary, officer, why, says, words):
    with pytest.raises(CannotWrite, match=words):
        corrected(diary, officer, why=why, **says)


def test_a_rule_broken_while_saving_is_said_on_the_form(client, diary, monkeypatch):
    def refuses(**given):
        raise CannotWrite("Not now")

    monkeypatch.setattr(service, "correct_evidence", refuses)

    assert "Not now" in text(client.post(address(diary), filled(diary, description="Her diary")))
