"""Evidence: its files are checked, kept, shown and handed out to those who may see it."""

import datetime as dt
import uuid
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases.enums import EvidenceKind
from cases.models import Evidence, EvidenceFile
from cases.services.evidence import EvidenceDetails, add_evidence
from cases.services.notes import CannotWrite
from csp.agencies.enums import Role, ShareLevel
from csp.audit.models import Event
from csp.core.uploads import UploadRefused
from tests.cases.test_notes_pages import shared_with, text
from tests.counting import queries_of
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory
from tests.factories.casework import NoteFactory

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
SENT = {
    "kind": "photo",
    "description": "The lock, broken from outside",
    "obtained_on": "3 3 2026",
    "source": "Our warden",
    "audience": "shared",
}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def case():
    return CaseFactory(lead=PartnerFactory(receiving=True))


@pytest.fixture
def officer(case, client):
    user = user_at(case.lead, Role.OFFICER)
    client.force_login(user)
    return user


def words(name="diary.txt", content=b"Monday: loud until two"):
    return SimpleUploadedFile(name, content)


def picture(name="lock.png"):
    drawn = BytesIO()
    Image.new("RGB", (2, 2)).save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue())


def piece(case, by, *files, token=None, **says):
    told = {"kind": EvidenceKind.DIARY, "description": "Her diary", "obtained_on": TODAY} | says
    return add_evidence(case=case, details=EvidenceDetails(**told), files=files, by=by, at=NOON, token=token)


def stored_files():
    kept = Path(EvidenceFile._meta.get_field("file").storage.location)
    return [each for each in kept.rglob("*") if each.is_file()]


def send(client, case, *files, **says):
    return client.post(
        f"/cases/{case.reference}/evidence/add/", SENT | says | {"attached": list(files)}, follow=True
    )


def test_evidence_is_kept_with_its_files_and_one_event(case, officer):
    made = piece(case, officer, words(), picture())

    assert [(file.name, file.content_type) for file in made.files.order_by("pk")] == [
        ("diary.txt", "text/plain"),
        ("lock.png", "image/png"),
    ]
    event = Event.objects.get(verb="evidence.added")
    assert event.detail == {"evidence": made.pk, "kind": "diary", "audience": "shared", "files": 2}


@pytest.mark.parametrize(("day", "taken"), [(-1, True), (0, True), (1, False)])
def test_evidence_is_not_obtained_in_the_future(case, officer, day, taken):
    if taken:
        piece(case, officer, words(), obtained_on=TODAY + dt.timedelta(days=day))
    else:
        with pytest.raises(CannotWrite, match="today or in the past"):
            piece(case, officer, words(), obtained_on=TODAY + dt.timedelta(days=day))


def test_if_one_file_is_refused_none_is_kept(case, officer):
    before = len(stored_files())

    with pytest.raises(UploadRefused):
        piece(case, officer, words(), words("photo.jpg", b"MZ\x00\x01 a program"))

    assert not Evidence.objects.exists()
    assert len(stored_files()) == before


def test_a_double_click_keeps_one(case, officer):
    token = uuid.uuid4()

    assert piece(case, officer, words(), token=token) == piece(case, officer, words(), token=token)
    assert EvidenceFile.objects.count() == 1


def test_an_officer_adds_a_picture_and_sees_it_in_the_page(client, case, officer):
    answer = send(client, case, picture())

    assert "Evidence added" in text(answer)
    assert "Obtained on 3 March 2026" in text(answer)
    file = EvidenceFile.objects.get()
    assert f'src="/cases/{case.reference}/evidence/files/{file.pk}/?show"' in text(answer)


def test_a_file_that_lies_is_named_and_the_rest_is_kept(client, case, officer):
    answer = send(client, case, words(), words("photo.jpg", b"MZ\x00\x01 a program"))

    page = text(answer)
    assert "“photo.jpg” is not a file we can take" in page
    assert "Choose this file again: “diary.txt”" in page
    assert "The lock, broken from outside</textarea>" in page
    assert 'value="Our warden"' in page
    assert not Evidence.objects.exists()


def test_files_of_a_refused_form_are_to_be_chosen_again(client, case, officer):
    answer = send(client, case, words(), picture(), obtained_on="5 3 2026")

    assert "The day you got it must be today or in the past" in text(answer)
    assert "Choose these files again: “diary.txt”, “lock.png”" in text(answer)


def test_evidence_without_a_file_is_refused(client, case, officer):
    assert "Choose at least one file" in text(send(client, case))


def test_the_same_file_again_says_so(client, case, officer):
    piece(case, officer, words("first.txt"), description="The first diary")

    answer = send(client, case, words("second.txt"))

    assert "“second.txt” was on this case already" in text(answer)
    assert "The same file as in" in text(answer)
    assert ">The first diary</a>" in text(answer)


def test_the_same_file_that_a_reader_may_not_see_is_not_mentioned(client, case, officer):
    piece(case, officer, words("first.txt"), description="The first diary", audience="team")
    client.force_login(shared_with(case, ShareLevel.CONTRIBUTE))

    answer = send(client, case, words("second.txt"))

    assert "Evidence added" in text(answer)
    assert "already" not in text(answer)
    assert "first diary" not in text(answer)


def test_a_download_is_recorded_and_is_for_those_who_see_the_evidence(client, case, officer):
    made = piece(case, officer, words(), audience="team")
    url = f"/cases/{case.reference}/evidence/files/{made.files.get().pk}/"

    answer = client.get(url)

    assert b"".join(answer.streaming_content) == b"Monday: loud until two"
    assert answer["Content-Disposition"] == 'attachment; filename="diary.txt"'
    assert Event.objects.get(verb="evidence.downloaded").actor == officer
    for level, name in ((ShareLevel.FULL, "Soha"), (ShareLevel.SUMMARY, "Police")):
        client.force_login(shared_with(case, level, name))
        assert client.get(url).status_code == 404


def test_a_file_of_another_case_is_not_under_this_one(client, case, officer):
    other = CaseFactory(lead=case.lead)
    made = piece(other, officer, words())

    assert client.get(f"/cases/{case.reference}/evidence/files/{made.files.get().pk}/").status_code == 404


def test_the_page_costs_the_same_however_much_is_on_it(client, case, officer):
    def more():
        note = NoteFactory(case=case, by=officer)
        NoteFactory(case=case, by=officer, corrects=note)
        piece(case, officer, words(), picture())

    more()
    url = f"/cases/{case.reference}/evidence/"
    client.get(url)
    few = queries_of(lambda: client.get(url))
    more()
    more()

    assert len(queries_of(lambda: client.get(url))) == len(few)


def test_what_is_wrong_is_listed_in_the_order_of_the_form(client, case, officer):
    page = text(send(client, case, kind="", description="", audience=""))

    asked = (
        "Select what it is",
        "Enter what the evidence shows",
        "Choose at least one file",
        "Select who may",
    )
    places = [page.index(each) for each in asked]
    assert places == sorted(places)
