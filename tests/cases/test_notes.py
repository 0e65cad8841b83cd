"""Writing notes: who may, for whom, how long they can be changed, and what is left of a double click."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import Audience, NoteKind
from cases.models import CaseNamed, Note
from cases.services.notes import (
    CannotWrite,
    NoteDetails,
    TooLateToChange,
    add_note,
    details_of,
    edit_note,
    may_still_change,
    prints_of,
    readers_of,
)
from cases.services.prints import ChangedMeanwhile
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.access.records import TERMS
from tests.cases.together import together
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory

DAY = dt.timedelta(hours=24)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def case(db):
    return CaseFactory()


@pytest.fixture
def officer(case):
    return user_at(case.lead, Role.OFFICER, name="Ada Officer")


def partner_with(case, level, name="Soha"):
    partner = PartnerFactory(partnership=case.partnership, name=name)
    sharing.share(record=case, to_partner=partner, level=level, by=None, at=NOON, **TERMS)
    return user_at(partner, Role.PRACTITIONER, name=f"Colleague at {name}")


def write(case, by, at=NOON, token=None, corrects=None, **says):
    details = NoteDetails(**{"text": "The lock is broken", "kind": NoteKind.FACT} | says)
    return add_note(case=case, details=details, by=by, at=at, token=token, corrects=corrects)


def sees(user, note):
    return Note.objects.visible_to(user).filter(pk=note.pk).exists()


def test_a_note_is_for_every_agency_that_reads_in_full(case, officer):
    full = partner_with(case, ShareLevel.FULL)
    summary = partner_with(case, ShareLevel.SUMMARY, "Police")

    note = write(case, officer, audience=Audience.SHARED)

    assert sees(full, note)
    assert not sees(summary, note)
    event = Event.objects.get(verb="note.added")
    assert (event.reference, event.detail) == (
        case.reference,
        {"note": note.pk, "kind": "fact", "audience": "shared"},
    )


def test_a_note_of_an_agency_for_its_team_is_for_the_lead_too(case, officer):
    housing = partner_with(case, ShareLevel.CONTRIBUTE)
    charity = partner_with(case, ShareLevel.FULL, "Charity")

    note = write(case, housing, audience=Audience.TEAM)

    assert note.partner == housing.seats[0].partner
    assert sees(officer, note)
    assert not sees(charity, note)


def test_a_note_by_name_is_for_those_and_its_writer(case, officer):
    manager = user_at(case.lead, Role.MANAGER)
    housing = partner_with(case, ShareLevel.FULL)

    note = write(case, officer, audience=Audience.NAMED, named=(housing,))

    assert [sees(user, note) for user in (officer, housing, manager)] == [True, True, False]


def test_nobody_is_named_who_may_not_read_the_case(case, officer):
    police = partner_with(case, ShareLevel.SUMMARY, "Police")

    with pytest.raises(CannotWrite, match="Colleague at Police may not read this case"):
        write(case, officer, audience=Audience.NAMED, named=(police,))
    with pytest.raises(CannotWrite, match="Select who may see it"):
        write(case, officer, audience=Audience.NAMED)
    assert not Note.objects.exists()


def test_readers_of_a_restricted_case_are_those_named(case, officer):
    user_at(case.lead, Role.MANAGER)
    case.restricted, case.restricted_because = True, "A colleague is in it"
    case.save()
    CaseNamed.objects.create(case=case, user=officer, reason="Works on it", added_at=NOON)

    assert [reader.user for reader in readers_of(case, NOON)] == [officer]


def test_an_agency_that_only_reads_writes_nothing(case):
    housing = partner_with(case, ShareLevel.FULL)

    with pytest.raises(CannotWrite, match="may not add"):
        write(case, housing)


def test_a_case_that_is_part_of_another_takes_no_notes(case, officer):
    case.merged_into, case.status, case.ended_at = CaseFactory(lead=case.lead), "cancelled", NOON
    case.save()

    with pytest.raises(CannotWrite, match=f"part of {case.merged_into}"):
        write(case, officer)


def test_a_confidential_source_is_for_the_writers_team_and_the_lead(case, officer):
    housing = partner_with(case, ShareLevel.CONTRIBUTE)
    charity = partner_with(case, ShareLevel.FULL, "Charity")

    note = write(case, housing, source="The neighbour opposite", source_confidential=True)

    assert note.source_for(officer) == note.source_for(housing) == "The neighbour opposite"
    assert note.source_for(charity) == "A confidential source"


def test_a_double_click_adds_one_note(case, officer):
    token = uuid.uuid4()

    assert write(case, officer, token=token) == write(case, officer, token=token)
    assert Note.objects.count() == Event.objects.filter(verb="note.added").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_add_one_note():
    case = CaseFactory()
    officer, token = user_at(case.lead, Role.OFFICER), uuid.uuid4()

    done, refused = together(*[lambda: write(case, officer, token=token)] * 2)

    assert (len(set(done)), refused, Note.objects.count()) == (1, [], 1)


@given(st.timedeltas(dt.timedelta(), dt.timedelta(days=3)))
def test_a_note_can_be_changed_for_24_hours(later):
    assert may_still_change(Note(at=NOON), NOON + later) == (later <= DAY)


@pytest.mark.parametrize("later", [DAY - SECOND, DAY])
def test_a_change_is_recorded_without_the_words(case, officer, later):
    note = write(case, officer)
    before = details_of(note)

    edit_note(
        note=note,
        details=NoteDetails(text="Both locks", kind=NoteKind.OPINION),
        seen=prints_of(before),
        by=officer,
        at=NOON + later,
    )

    note.refresh_from_db()
    assert (note.text, note.kind, note.edited_at) == ("Both locks", "opinion", NOON + later)
    event = Event.objects.get(verb="note.edited")
    assert event.detail == {"note": note.pk, "fields": ["kind", "text"]}


def test_a_second_after_a_day_it_is_too_late(case, officer):
    note = write(case, officer)

    with pytest.raises(TooLateToChange, match="Add a correction instead"):
        edit_note(
            note=note,
            details=NoteDetails(text="Both locks"),
            seen=prints_of(details_of(note)),
            by=officer,
            at=NOON + DAY + SECOND,
        )


def test_only_its_writer_changes_a_note(case, officer):
    note = write(case, officer)

    with pytest.raises(CannotWrite, match="Only who wrote"):
        edit_note(
            note=note,
            details=NoteDetails(text="Both"),
            seen=prints_of(details_of(note)),
            by=user_at(case.lead, Role.MANAGER),
            at=NOON,
        )


def test_of_two_tabs_the_second_is_told(case, officer):
    note = write(case, officer)
    seen = prints_of(details_of(note))
    change = {"note": note, "seen": seen, "by": officer, "at": NOON}
    edit_note(details=NoteDetails(text="First"), **change)

    with pytest.raises(ChangedMeanwhile) as clash:
        edit_note(details=NoteDetails(text="Second"), **change)

    assert clash.value.fields == ["text"]
    assert clash.value.details.text == "First"


def test_a_correction_of_a_correction_belongs_to_the_note(case, officer):
    note = write(case, officer)
    first = write(case, officer, text="Two locks", corrects=note)

    assert write(case, officer, text="Three", corrects=first).corrects == note
