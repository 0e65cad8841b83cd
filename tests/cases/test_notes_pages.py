"""The pages where notes are written: in the words of who writes, and nothing typed is lost."""

import datetime as dt

import pytest
import time_machine

from cases.models import Note
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from tests.access.records import TERMS
from tests.cases.test_report_edit import fields_of
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory
from tests.factories.casework import NoteFactory

pytestmark = pytest.mark.django_db
NOTE = {"text": "The lock is broken", "kind": "fact", "source": "", "audience": "shared"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def case():
    return CaseFactory(lead=PartnerFactory(receiving=True, name="Community Safety"))


@pytest.fixture
def officer(case, client):
    user = user_at(case.lead, Role.OFFICER)
    client.force_login(user)
    return user


def shared_with(case, level, name="Soha"):
    partner = PartnerFactory(partnership=case.partnership, name=name)
    sharing.share(record=case, to_partner=partner, level=level, by=None, at=NOON, **TERMS)
    return user_at(partner, Role.PRACTITIONER, name=f"Someone, {name}")


def text(answer):
    return " ".join(answer.content.decode().split())


def test_an_officer_adds_a_note_and_finds_it(client, case, officer):
    answer = client.post(f"/cases/{case.reference}/notes/add/", NOTE, follow=True)

    assert "Note added" in text(answer)
    assert "The lock is broken" in text(answer)
    assert str(officer) in text(answer)


def test_a_refused_note_keeps_what_was_typed(client, case, officer):
    answer = client.post(f"/cases/{case.reference}/notes/add/", NOTE | {"kind": "", "audience": "named"})

    assert "Select whether it is fact, opinion, knowledge or a decision" in text(answer)
    assert "Select who may see it, or choose somebody else who may" in text(answer)
    assert "The lock is broken</textarea>" in text(answer)
    assert not Note.objects.exists()


def test_somebody_who_may_not_read_the_case_is_refused(client, case, officer):
    police = shared_with(case, ShareLevel.SUMMARY, "Police")
    by_name = {"audience": "named", "named": [police.pk]}

    answer = client.post(f"/cases/{case.reference}/notes/add/", NOTE | by_name)

    assert "Choose people who may read this case" in text(answer)
    assert not Note.objects.exists()


def test_the_form_sent_twice_adds_one(client, case, officer):
    page = client.get(f"/cases/{case.reference}/notes/add/").content.decode()
    sent = {"token": fields_of(page)["token"], **NOTE}

    for _ in range(2):
        client.post(f"/cases/{case.reference}/notes/add/", sent)

    assert Note.objects.count() == 1


def test_an_agency_adds_what_it_knows_in_its_own_words(client, case):
    client.force_login(shared_with(case, ShareLevel.CONTRIBUTE))

    page = client.get(f"/cases/{case.reference}/notes/add/")
    assert "Add what you know" in text(page)
    assert "What Community Safety should know" in text(page)
    sent = {**NOTE, "text": "Rent is paid", "kind": "information"}
    answer = client.post(f"/cases/{case.reference}/notes/add/", sent, follow=True)

    told, shared = (
        text(answer).split("What you have told Community Safety")[1].split("What is shared with you")
    )
    assert "Rent is paid" in told
    assert "Rent is paid" not in shared


@pytest.mark.parametrize("what", ["notes", "evidence"])
def test_an_agency_is_not_told_who_else_sees_the_case(client, case, officer, what):
    shared_with(case, ShareLevel.FULL, "Refuge")
    client.force_login(shared_with(case, ShareLevel.CONTRIBUTE, "Police"))
    page = text(client.get(f"/cases/{case.reference}/{what}/add/"))

    assert str(officer) in page
    assert "Refuge" not in page


def test_an_agency_that_only_reads_is_told_whom_to_ask(client, case):
    client.force_login(shared_with(case, ShareLevel.FULL))

    assert "You can read this case but not add to it" in text(
        client.get(f"/cases/{case.reference}/evidence/")
    )
    assert client.get(f"/cases/{case.reference}/notes/add/").status_code == 403


def test_a_summary_shows_no_notes(client, case):
    client.force_login(shared_with(case, ShareLevel.SUMMARY, "Police"))

    assert client.get(f"/cases/{case.reference}/evidence/").status_code == 403


def test_a_confidential_source_is_not_on_the_page_of_others(client, case, officer):
    note = NoteFactory(case=case, source="Mrs Gale at 9", source_confidential=True)

    assert "Source: Mrs Gale at 9" in text(client.get(f"/cases/{case.reference}/evidence/"))
    client.force_login(shared_with(case, ShareLevel.FULL))
    page = text(client.get(f"/cases/{case.reference}/evidence/"))
    assert note.text in page
    assert "Mrs Gale" not in page
    assert "Source: A confidential source" in page


def open_edit(client, case, note):
    page = client.get(f"/cases/{case.reference}/notes/{note.pk}/").content.decode()
    return fields_of(page[page.index("Change your note") :])


def test_two_tabs_of_one_writer(client, case, officer):
    note = NoteFactory(case=case, by=officer)
    first = open_edit(client, case, note)
    second = dict(first)
    client.post(f"/cases/{case.reference}/notes/{note.pk}/", first | {"text": ["Two locks"]})

    answer = client.post(f"/cases/{case.reference}/notes/{note.pk}/", second | {"source": ["The warden"]})

    assert "changed this note while you had it open" in text(answer)
    assert 'What it says</strong>: <span class="app-typed">Two locks' in text(answer)
    page = answer.content.decode()
    again = fields_of(page[page.index("Change your note") :])
    assert (again["text"], again["source"]) == (["Two locks"], ["The warden"])
    client.post(f"/cases/{case.reference}/notes/{note.pk}/", again)
    note.refresh_from_db()
    assert (note.text, note.source) == ("Two locks", "The warden")


def test_after_a_day_what_was_typed_becomes_a_correction(client, case, officer, clock):
    note = NoteFactory(case=case, by=officer)
    sent = open_edit(client, case, note)
    clock.shift(dt.timedelta(hours=24, seconds=1))
    client.force_login(officer)

    answer = client.post(
        f"/cases/{case.reference}/notes/{note.pk}/", sent | {"text": ["Two locks"], "kind": ["opinion"]}
    )

    assert "A note can be changed for 24 hours after it was added, and that time is over" in text(answer)
    page = answer.content.decode()
    typed = fields_of(page[page.index("<form") :])
    offered = fields_of(page[page.index("What it should say") - 200 :])
    assert (offered["text"], offered["kind"]) == (["Two locks"], ["opinion"])
    assert "text" in typed
    client.post(f"/cases/{case.reference}/notes/{note.pk}/correct/", offered)
    note.refresh_from_db()
    assert note.text == "Saw the door, the lock is broken"
    both = text(client.get(f"/cases/{case.reference}/evidence/"))
    assert both.index("Saw the door") < both.index("Correction.") < both.index("Two locks")


def test_the_form_of_a_late_change_sends_to_the_correction(client, case, officer, clock):
    note = NoteFactory(case=case, by=officer)
    clock.shift(dt.timedelta(days=2))
    client.force_login(officer)

    page = client.get(f"/cases/{case.reference}/notes/{note.pk}/").content.decode()

    assert f'action="/cases/{case.reference}/notes/{note.pk}/correct/"' in page


def test_a_colleague_does_not_change_a_note_and_a_stranger_finds_none(client, case, officer):
    note = NoteFactory(case=case, by=user_at(case.lead, Role.OFFICER))
    hidden = NoteFactory(case=case, audience="named", by=note.by)

    assert client.get(f"/cases/{case.reference}/notes/{note.pk}/").status_code == 403
    assert client.get(f"/cases/{case.reference}/notes/{hidden.pk}/").status_code == 404
    assert client.get(f"/cases/{case.reference}/notes/{note.pk}/correct/").status_code == 200


def test_what_hangs_on_a_merged_case_shows_on_the_one_that_was_kept(client, case, officer):
    gone = CaseFactory(lead=case.lead, merged_into=case, status="cancelled", ended_at=NOON)
    NoteFactory(case=gone, text="From the case before")

    assert "From the case before" in text(client.get(f"/cases/{case.reference}/evidence/"))
