"""How an action went in a quarter: who says it, what is refused, and what others read."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from csp.audit.models import Event
from csp.core.calendar import Period
from performance.models import PlanUpdate, PlanUpdateFile
from performance.services.plan_updates import CannotUpdate, UpdateDetails, details_of, write_update
from performance.services.plans import prints_of
from tests.counting import queries_of
from tests.factories.performance import PlanActionFactory
from tests.factories.tasking import MeetingFactory, SeriesFactory
from tests.performance.plan_scene import ASKED, NOW, SAID, Scene, page, to, update_page

pytestmark = pytest.mark.django_db
FIRST = Period.named("2026-27-Q1")


@pytest.fixture
def scene(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return Scene()


def blank(client, scene, action, quarter=ASKED):
    """What the empty form sends along."""
    return client.get(update_page(action, quarter)).context["form"].initial["seen"]


def send(client, scene, action, quarter=ASKED, **words):
    seen = words.pop("seen", None) or blank(client, scene, action, quarter)
    return client.post(update_page(action, quarter), {**SAID, "seen": seen, **words})


def test_a_lead_tells_of_an_action_with_evidence(client, scene):
    client.force_login(scene.lead)
    file = SimpleUploadedFile("visits.csv", b"week,visits\n1,3\n")

    sent = send(client, scene, scene.visits, evidence=file)

    update = PlanUpdate.objects.get()
    assert sent.url == to("plan", scene.plan.pk) + "?quarter=2026-27-Q2"
    assert (update.action, update.quarter, update.rating) == (scene.visits, dt.date(2026, 7, 1), "on_track")
    assert (update.value, update.partner, update.by) == (Decimal(17), scene.soha, scene.lead)
    assert update.files.get().name == "visits.csv"
    event = Event.objects.get(verb="plan_update.written")
    assert event.detail == {"action": "1", "quarter": "2026-27 Q2", "rating": "on_track"}
    assert Event.objects.filter(verb="plan_update.evidence_added").count() == 1


def test_the_next_of_ones_own_follows(client, scene):
    other = PlanActionFactory(priority=scene.priority, ref="3", position=3)
    other.leads.set([scene.soha])
    client.force_login(scene.lead)

    sent = send(client, scene, scene.visits)

    assert sent.url == update_page(other)
    assert "1 action of yours still waits" in client.get(sent.url).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("rating", "", "Select how it goes"),
        ("rating", "splendid", "Select an answer"),
        ("narrative", "", "Enter what happened"),
        ("narrative", "x" * 4001, "must be 4000 characters or fewer"),
        ("value", "many", "Enter a number, like 12 or 12.5, instead of “many”"),
        ("value", "1.234", "two decimal places"),
        ("value", "1" * 13, "Enter a smaller number"),
        ("value", "NaN", "Enter a smaller number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, scene, field, value, words):
    client.force_login(scene.lead)

    told = send(client, scene, scene.visits, **{field: value}).content.decode()

    assert words in told
    assert field == "narrative" or SAID["narrative"] in told
    assert not PlanUpdate.objects.exists()


def test_evidence_that_is_no_file_we_take_is_refused(client, scene):
    client.force_login(scene.lead)
    told = send(
        client, scene, scene.visits, evidence=SimpleUploadedFile("a.html", b"<html>")
    ).content.decode()
    assert "is not a file we can take" in told
    assert "Choose the evidence again" not in told
    assert SAID["narrative"] in told
    assert not PlanUpdate.objects.exists()


@pytest.mark.parametrize(
    ("typed", "value"), [("", None), ("0", 0), ("1,250", 1250), ("12.5", Decimal("12.5"))]
)
def test_no_figure_is_not_nought(client, scene, typed, value):
    client.force_login(scene.lead)
    send(client, scene, scene.visits, value=typed)
    assert PlanUpdate.objects.get().value == value


def test_the_second_of_two_is_told_what_the_first_wrote(client, scene):
    client.force_login(scene.lead)
    seen = blank(client, scene, scene.visits)
    scene.say(scene.visits, by=scene.worker, narrative="The first was here.", rating="delayed")

    told = send(
        client, scene, scene.visits, seen=seen, evidence=SimpleUploadedFile("proof.txt", b"Visited")
    ).content.decode()

    assert "Somebody else changed this update" in told
    assert "Choose the evidence again: proof.txt" in " ".join(told.split())
    assert "The first was here." in told
    assert SAID["narrative"] in told
    assert PlanUpdate.objects.get().narrative == "The first was here."
    again = client.get(update_page(scene.visits)).context["form"].initial["seen"]
    assert send(client, scene, scene.visits, seen=again).status_code == 302
    assert PlanUpdate.objects.get().narrative == SAID["narrative"]


def test_it_can_be_put_right_and_saving_the_same_writes_nothing(client, scene):
    client.force_login(scene.lead)
    send(client, scene, scene.visits)
    send(client, scene, scene.visits, narrative="Eighteen of 26.")
    send(client, scene, scene.visits, narrative="Eighteen of 26.")

    assert PlanUpdate.objects.get().narrative == "Eighteen of 26."
    verbs = Event.objects.filter(verb__startswith="plan_update").values_list("verb", flat=True)
    assert sorted(verbs) == ["plan_update.changed", "plan_update.written"]


def test_who_may_write(client, scene):
    for user in (scene.lead, scene.worker, scene.officer, scene.manager):
        page(client, user, update_page(scene.visits))
    for user in (scene.pc, scene.board, scene.provider):
        page(client, user, update_page(scene.visits), 403)
    page(client, scene.stranger, update_page(scene.visits), 404)
    scene.visits.person = scene.pc
    scene.visits.save()
    page(client, scene.pc, update_page(scene.visits))


@pytest.mark.parametrize("key", ["2026-27-Q4", "2025-26-Q4", "2026-27", "soon"])
def test_only_quarters_of_the_plan_that_have_begun(client, scene, key):
    page(client, scene.lead, to("plan_update", scene.visits.pk, key), 404)


def test_the_service_refuses_other_quarters_and_people_from_elsewhere(scene):
    given = {"action": scene.visits, "details": UpdateDetails("on_track", "x"), "seen": {}, "at": NOW}
    with pytest.raises(CannotUpdate, match="has not begun"):
        write_update(**given, quarter=Period.named("2026-27-Q4"), by=scene.lead)
    with pytest.raises(CannotUpdate, match="Only people who work"):
        write_update(**given, quarter=ASKED, by=scene.stranger)


def test_the_same_file_twice_is_kept_once(scene):
    for _ in range(2):
        write_update(
            action=scene.visits, quarter=ASKED, details=UpdateDetails("on_track", "x"),
            files=[SimpleUploadedFile("a.txt", b"the same")],
            seen=prints_of(details_of(PlanUpdate.objects.first())),
            by=scene.lead, at=NOW,
        )  # fmt: skip
    assert PlanUpdateFile.objects.count() == 1


def test_evidence_goes_to_the_leads_and_the_team_alone(client, scene):
    client.force_login(scene.lead)
    send(client, scene, scene.visits, evidence=SimpleUploadedFile("proof.txt", b"Ann Brown was visited"))
    file = PlanUpdateFile.objects.get()
    url = to("plan_update_file", file.pk)
    for user in (scene.lead, scene.worker, scene.officer):
        client.force_login(user)
        response = client.get(url)
        assert b"".join(response.streaming_content) == b"Ann Brown was visited"
        assert "no-store" in response["Cache-Control"]
        assert "proof.txt" in page(client, user, scene.visits.get_absolute_url())
    assert Event.objects.filter(verb="plan_update.evidence_downloaded").count() == 3
    for user in (scene.pc, scene.stranger):
        page(client, user, url, 404)
    assert "proof.txt" not in page(client, scene.pc, scene.visits.get_absolute_url())
    for user in (scene.board, scene.provider):
        page(client, user, url, 403)


def test_the_page_of_an_action_tells_quarter_by_quarter(client, scene):
    scene.say(scene.visits, FIRST, value=Decimal(12), narrative="Twelve visits in spring.")
    scene.say(scene.visits, ASKED, value=Decimal(0), narrative="Nought in summer.")
    scene.visits.see_also.add(scene.patrols)

    told = page(client, scene.pc, scene.visits.get_absolute_url())

    assert told.index("Nought in summer.") < told.index("Twelve visits in spring.")
    assert "<strong>0</strong> visits" in told
    assert "Visits in time: 12 in 2026-27 Q1, 0 in 2026-27 Q2" in told
    assert "Action 2" in told
    assert "Change" not in told
    assert "Referred to by" in page(client, scene.pc, scene.patrols.get_absolute_url())


def test_the_numbers_of_an_action_can_be_taken_away(client, scene):
    address = to("plan_action_download", scene.visits.pk)
    assert address not in page(client, scene.pc, scene.visits.get_absolute_url())
    scene.say(scene.visits, FIRST, value=Decimal(12), narrative="Twelve, “all” in spring.")
    scene.say(scene.visits, ASKED, value=None, narrative="=1+1")

    assert address not in page(client, scene.pc, scene.visits.get_absolute_url())
    scene.say(scene.visits, ASKED, value=Decimal("0.5"), narrative="=1+1")
    told = page(client, scene.pc, scene.visits.get_absolute_url())
    assert f"{address}?format=csv" in told
    assert f"{address}?format=ods" in told
    file = client.get(address, {"format": "csv"})
    assert list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")))) == [
        ["Quarter", "Visits in time, visits", "How it goes", "In words", "Told by"],
        ["2026-27 Q1", "12", "On track", "Twelve, “all” in spring.", "Community Safety"],
        ["2026-27 Q2", "0.5", "On track", "'=1+1", "Community Safety"],
    ]
    assert file["Content-Disposition"] == 'attachment; filename="community-safety-plan-action-1.csv"'
    event = Event.objects.get(verb="plan_action.exported")
    assert (event.actor, event.detail["rows"]) == (scene.pc, 2)
    sheets = zipfile.ZipFile(io.BytesIO(client.get(address, {"format": "ods"}).content))
    assert "Twelve, “all” in spring." in sheets.read("content.xml").decode()
    scene.visits.measures.update(unit="")
    assert "Quarter,Visits in time,How it goes" in client.get(address).content.decode()


def test_the_file_of_an_action_costs_the_same_however_many_quarters_it_holds(client, scene):
    client.force_login(scene.pc)
    address = to("plan_action_download", scene.visits.pk)
    scene.say(scene.visits, FIRST)
    few = len(queries_of(lambda: client.get(address)))

    scene.say(scene.visits, ASKED, by=scene.lead)

    assert len(queries_of(lambda: client.get(address))) == few
    assert client.get(address).content.count(b"It goes.") == 2


def test_what_the_measure_counts_is_shown_and_opens(client, scene):
    scene.visits.measures.create(position=2, text="Meetings", measure="meetings-held")
    silent = page(client, scene.officer, scene.visits.get_absolute_url())
    assert "not recorded" in silent
    assert to("records", "meetings-held") not in silent
    MeetingFactory(
        series=SeriesFactory(lead=scene.team), starts_at=NOW - dt.timedelta(days=60), status="approved"
    )

    told = page(client, scene.officer, scene.visits.get_absolute_url())

    assert to("records", "meetings-held") + "?period=2026-27-Q2" in told
    scene.visits.measures.create(position=3, text="Gone", measure="no-such-measure")
    scene.visits.measures.create(position=4, text="As of now", measure="reports-late")
    assert to("records", "reports-late") not in page(client, scene.officer, update_page(scene.visits))
    page(client, scene.officer, update_page(scene.visits))
