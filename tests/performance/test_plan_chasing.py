"""Which updates are missing, and who hears of it."""

import datetime as dt

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from csp.audit.models import Event
from csp.celery import app as celery_app
from csp.core.calendar import Period
from performance.models import PlanAction, PlanChase
from performance.models.plan_quarters import asked_quarter, due_on, quarters_of, shown_quarter
from performance.navigation.plan import missing_needs, update_needs
from performance.services.plan_chasing import Waiting, tell, to_chase
from performance.services.plan_chasing import chase as chase_one
from performance.tasks import chase_plan_updates
from tests.factories.agencies import PartnershipFactory
from tests.factories.performance import PlanActionFactory
from tests.performance.plan_scene import ASKED, NOW, Scene, page, update_page

pytestmark = pytest.mark.django_db
FIRST = Period.named("2026-27-Q1")
LATE = NOW + dt.timedelta(days=4)
"""The Friday after updates were due."""


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def chase(monkeypatch, django_capture_on_commit_callbacks):
    """Reminds one of them, and lets the worker send what that ordered."""
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    def remind(plan_id, partner_id=None, person_id=None, at=NOW):
        with django_capture_on_commit_callbacks(execute=True):
            return chase_one(Waiting(plan_id, partner_id, person_id), at=at)

    return remind


def test_the_quarter_asked_about_is_the_last_that_is_over(scene):
    here = scene.team.partnership
    assert asked_quarter(here, dt.date(2026, 9, 30)) == FIRST
    assert asked_quarter(here, dt.date(2026, 10, 1)) == ASKED
    assert str(asked_quarter(PartnershipFactory(year_start=1), dt.date(2026, 10, 1))) == "2026 Q3"
    assert due_on(ASKED) == dt.date(2026, 10, 14)


def test_the_quarters_of_a_plan(scene):
    assert quarters_of(scene.plan, dt.date(2026, 3, 31)) == []
    assert shown_quarter(scene.plan, dt.date(2026, 3, 31)) is None
    assert quarters_of(scene.plan, dt.date(2026, 10, 1)) == [FIRST, ASKED, Period.named("2026-27-Q3")]
    assert shown_quarter(scene.plan, dt.date(2026, 5, 1)) == FIRST
    assert shown_quarter(scene.plan, dt.date(2026, 10, 1)) == ASKED
    assert len(quarters_of(scene.plan, dt.date(2030, 1, 1))) == 4
    assert shown_quarter(scene.plan, dt.date(2030, 1, 1)).name == "2026-27 Q4"


@pytest.mark.parametrize(
    ("fields", "quarter", "asked"),
    [
        ({"frequency": "quarterly"}, "2026-27-Q2", True),
        ({"frequency": "monthly"}, "2026-27-Q2", True),
        ({"frequency": "quarterly"}, "2025-26-Q4", False),
        ({"frequency": "quarterly"}, "2027-28-Q1", False),
        ({"frequency": "yearly"}, "2026-27-Q3", False),
        ({"frequency": "yearly"}, "2026-27-Q4", True),
        ({"frequency": "once", "due_on": dt.date(2026, 9, 30)}, "2026-27-Q2", True),
        ({"frequency": "once", "due_on": dt.date(2026, 10, 1)}, "2026-27-Q2", False),
        ({"frequency": "once"}, "2026-27-Q3", False),
        ({"frequency": "once"}, "2026-27-Q4", True),
    ],
)
def test_which_actions_a_quarter_asks_about(scene, fields, quarter, asked):
    action = PlanActionFactory(priority=scene.priority, **fields)
    assert PlanAction.objects.asked_in(Period.named(quarter)).filter(pk=action.pk).exists() is asked


def test_what_is_complete_is_asked_about_no_more(scene):
    scene.say(scene.visits, FIRST, rating="complete")
    assert scene.visits in PlanAction.objects.asked_in(FIRST)
    assert scene.visits not in PlanAction.objects.asked_in(ASKED)


def test_an_agency_is_reminded_once_of_what_it_has_not_told(scene, chase):
    scene.say(scene.patrols)
    assert to_chase(today=dt.date(2026, 10, 6)) == []  # four working days after the quarter
    assert to_chase(today=dt.date(2026, 10, 10)) == []  # a Saturday
    assert to_chase(today=dt.date(2026, 10, 7)) == [Waiting(scene.plan.pk, scene.soha.pk)]

    assert chase(plan_id=scene.plan.pk, partner_id=scene.soha.pk, at=NOW)
    assert not chase(plan_id=scene.plan.pk, partner_id=scene.soha.pk, at=NOW)

    (told,) = mail.outbox
    assert told.to == ["leigh@soha.example"]
    assert told.subject == "How did it go in 2026-27 Q2? Community safety plan"
    assert "1 action of “Community safety plan” that your agency leads waits for an update" in told.body
    assert "It is due on 14 October 2026." in told.body
    assert scene.plan.get_absolute_url() in told.body
    assert "tenant" not in told.body
    assert Event.objects.get(verb="plan.chased").partner == scene.soha
    assert to_chase(today=NOW.date()) == []


def test_an_agency_without_anybody_to_write_to_gets_no_stamp(scene, chase):
    scene.visits.leads.set([scene.police])
    assert not chase(plan_id=scene.plan.pk, partner_id=scene.police.pk, at=NOW)
    scene.police.email = "team@police.example"
    scene.police.save()
    assert chase(plan_id=scene.plan.pk, partner_id=scene.police.pk, at=NOW)
    assert [each.to for each in mail.outbox] == [["team@police.example"]]


def test_whoever_an_action_names_hears_with_the_leads(scene, chase):
    scene.visits.person = scene.worker
    scene.visits.save()
    chase(plan_id=scene.plan.pk, partner_id=scene.soha.pk, at=NOW)
    assert sorted(each.to[0] for each in mail.outbox) == sorted([scene.lead.email, scene.worker.email])


@pytest.mark.parametrize("leads", ["nobody", "another agency"])
def test_whoever_is_named_alone_is_reminded_once_too(scene, chase, leads):
    scene.say(scene.patrols)
    scene.visits.person = scene.pc
    scene.visits.save()
    scene.visits.leads.set([] if leads == "nobody" else [scene.soha])
    alone = Waiting(scene.plan.pk, person=scene.pc.pk)
    assert alone in to_chase(today=NOW.date())

    assert chase(*alone)
    assert not chase(*alone)

    (told,) = mail.outbox
    assert told.to == [scene.pc.email]
    assert "1 action of “Community safety plan” that you lead waits for an update" in told.body
    assert Event.objects.get(verb="plan.chased").partner == scene.police
    assert alone not in to_chase(today=NOW.date())


def test_nobody_named_is_told_twice_nor_after_leaving(scene):
    scene.visits.person = scene.worker
    scene.visits.save()
    assert not [each for each in to_chase(today=NOW.date()) if each.person]  # hears with Soha
    scene.visits.leads.set([])
    assert [each.person for each in to_chase(today=NOW.date()) if each.person] == [scene.worker.pk]
    scene.worker.memberships.update(ends_on=NOW.date())
    assert not [each for each in to_chase(today=NOW.date()) if each.person]
    scene.visits.person = scene.board
    scene.visits.save()
    assert not [each for each in to_chase(today=NOW.date()) if each.person]


def test_an_address_that_fails_is_tried_again_alone(scene, monkeypatch, django_capture_on_commit_callbacks):
    scene.visits.person = scene.worker
    scene.visits.save()
    with django_capture_on_commit_callbacks() as ordered:
        assert chase_one(Waiting(scene.plan.pk, scene.soha.pk), at=NOW)
    assert len(ordered) == 2
    assert mail.outbox == []
    chased = PlanChase.objects.get()
    for _ in range(2):
        tell(chase_id=chased.pk, to=scene.worker.email, at=NOW)
    assert [each.to for each in mail.outbox] == [[scene.worker.email]] * 2

    scene.say(scene.visits)

    tell(chase_id=chased.pk, to=scene.lead.email, at=NOW)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("both", [True, False])
def test_a_reminder_is_of_an_agency_or_of_somebody(scene, both):
    given = {"partner": scene.soha, "person": scene.pc} if both else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanChase.objects.create(plan=scene.plan, quarter=ASKED.first, told_at=NOW, **given)


def test_the_morning_task_reminds_all_who_have_to_hear(
    scene, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    PlanActionFactory(priority=scene.priority, ref="3", person=scene.pc)
    with django_capture_on_commit_callbacks(execute=True):
        chase_plan_updates()
    assert PlanChase.objects.count() == 3
    assert scene.pc.email in {each.to[0] for each in mail.outbox}
    with django_capture_on_commit_callbacks(execute=True):
        chase_plan_updates()
    assert len(mail.outbox) == len({each.to[0] for each in mail.outbox})


def needs(source, user, scene, at=NOW):
    user.forget_seats()
    return [(each.title, each.late) for each in source(user, scene.team.partnership, at)]


def test_a_lead_is_asked_on_the_home_page_until_it_is_told(scene):
    asked = [("How did it go in 2026-27 Q2? Action 1: Visit every tenant", False)]
    for user in (scene.lead, scene.worker):
        assert needs(update_needs, user, scene) == asked
        assert needs(update_needs, user, scene, LATE)[0][1] is True
    for user in (scene.pc, scene.board, scene.provider, scene.stranger):
        assert needs(update_needs, user, scene) == []
    scene.visits.person = scene.pc
    scene.visits.save()
    assert needs(update_needs, scene.pc, scene) == asked

    scene.say(scene.visits, by=scene.lead)

    for user in (scene.lead, scene.worker, scene.pc):
        assert needs(update_needs, user, scene) == []


def test_many_are_one_line(scene):
    for number in range(3):
        PlanActionFactory(priority=scene.priority, ref=f"x{number}").leads.set([scene.soha])
    told = needs(update_needs, scene.lead, scene)
    assert told == [("4 actions that you lead wait for their update of 2026-27 Q2", False)]


def test_a_manager_hears_how_many_are_missing_once_they_are_late(scene):
    assert needs(missing_needs, scene.manager, scene) == []
    assert needs(missing_needs, scene.manager, scene, LATE) == [
        ("2 updates of 2026-27 Q2 are missing: Community safety plan", False)
    ]
    for user in (scene.officer, scene.board, scene.stranger):
        assert needs(missing_needs, user, scene, LATE) == []


def test_the_home_page_opens_the_update(client, scene, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    assert update_page(scene.visits) in page(client, scene.lead, reverse("home"))
