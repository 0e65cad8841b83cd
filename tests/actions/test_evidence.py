"""Evidence of an action: kept with the answer or by itself, and handed out through the gate."""

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse

from csp.actions import services
from csp.actions.models import ActionFile
from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.uploads import UploadRefused
from tests.factories.agencies import user_at
from tests.factories.cases import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


def note(words="Door mended on Tuesday", name="door.txt"):
    return ContentFile(words.encode(), name=name)


def test_files_are_kept_with_one_event_each(action, tenancy):
    services.add_files(action=action, files=[note(), note("Lock changed")], by=tenancy, at=NOON)

    assert [file.name for file in action.files.order_by("pk")] == ["door.txt", "door.txt"]
    assert Event.objects.filter(verb="action.evidence_added", partner=action.lead).count() == 2


def test_the_same_file_twice_is_kept_once(action, tenancy):
    for _ in range(2):
        services.add_files(action=action, files=[note(), note()], by=tenancy, at=NOON)

    assert action.files.count() == 1


def test_one_refused_file_leaves_none(action, tenancy):
    with pytest.raises(UploadRefused):
        services.add_files(action=action, files=[note(), note("<html>")], by=tenancy, at=NOON)

    assert not ActionFile.objects.exists()


def test_evidence_comes_with_an_answer(client, action, tenancy):
    client.force_login(tenancy)

    page = client.post(
        action.get_absolute_url(),
        {"seen": "0", "answer": "complete", "text": "Mended", "evidence": [note()]},
        follow=True,
    )

    assert action.files.get().added_by == tenancy
    assert "door.txt" in page.content.decode()


def test_an_answer_that_is_refused_leaves_no_file(client, action, tenancy):
    client.force_login(tenancy)
    services.add_note(action=action, text="Any news?", by=tenancy, at=NOON)

    sent = {"seen": "0", "answer": "complete", "text": "Mended", "evidence": [note()]}
    page = client.post(action.get_absolute_url(), sent)

    assert "Somebody updated this action" in page.content.decode()
    assert not ActionFile.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [({}, "Choose a file"), ({"evidence": [note("<script>")]}, "is not a file we can take")],
)
def test_the_page_says_what_is_wrong_with_a_file(client, action, tenancy, sent, words):
    client.force_login(tenancy)

    page = client.post(reverse("actions:evidence", args=[action]), {"submit": "", **sent})

    assert words in page.content.decode()


def test_both_sides_add_and_open_evidence_and_nobody_else(client, action, tenancy, officer, police):
    for user in (tenancy, officer):
        client.force_login(user)
        url = reverse("actions:evidence", args=[action])
        assert client.post(url, {"evidence": [note(str(user))]}).status_code == 302
    file = action.files.earliest("pk")
    url = reverse("actions:file", args=[action, file.pk])

    answer = client.get(url)

    assert (b"".join(answer), answer["Content-Disposition"]) == (
        b"T. Tenancy",
        'attachment; filename="door.txt"',
    )
    assert Event.objects.filter(verb="evidence.downloaded", target_id=action.pk).count() == 1
    for stranger in (user_at(police), user_at(action.owner, Role.AUDITOR)):
        client.force_login(stranger)
        assert client.get(url).status_code == 404
        assert client.get(reverse("actions:evidence", args=[action])).status_code == 404
