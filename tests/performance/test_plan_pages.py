"""The pages of a plan: read, set up, and changed by two at once."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from csp.audit.models import Event
from csp.core.calendar import Period
from csp.core.text import one_line
from performance.forms.plan_parts import FiguresField, read_figure, write_figures
from performance.models import Plan, PlanAction, Priority
from performance.models.plan_quarters import quarters_of
from performance.services.plan_actions import ActionDetails, MeasureLine, edit_action
from performance.services.plan_actions import details_of as action_details
from performance.services.plans import (
    CannotKeepPlan,
    FigureLine,
    PlanDetails,
    PriorityDetails,
    details_of,
    edit_plan,
    edit_priority,
    prints_of,
    priority_details,
)
from tests.factories.performance import IndicatorFactory, PlanActionFactory, PlanFactory, PriorityFactory
from tests.performance.plan_scene import NOW, Scene, only_plan, page, to, update_page

pytestmark = pytest.mark.django_db
FIRST = Period.named("2026-27-Q1")
PLAN = {
    "name": "Plan 2027-30",
    "starts_on": "1 April 2027",
    "ends_on": "31 March 2030",
    "about": "The law",
    "figures": "Recorded crimes; 2024/25; 9,814; crimes\nResidents; ; 287600",
}
PRIORITY = {"name": "Burglary", "theme": "Prevention", "objective": "", "figures": ""}


@pytest.fixture
def scene(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return Scene()


def action_typed(scene, **words):
    rows = {"kind": "narrative", "unit": "", "baseline": "", "target": "", "measure": ""}
    measures = {f"measure_{number}_{part}": said for number in range(3) for part, said in rows.items()}
    texts = {f"measure_{number}_text": "" for number in range(3)}
    return {
        "priority": scene.priority.pk, "ref": "3", "what": "Mend the lights", "how": "", "why": "",
        "youth": "", "youth_note": "", "lead_words": "", "leads": [scene.police.pk], "person": "",
        "due_on": "", "frequency": "quarterly", "see_also": "", **measures, **texts, **words,
    }  # fmt: skip


def visits_in_time(target):
    row = {"text": "Visits in time", "kind": "count", "unit": "visits", "target": target}
    return {f"measure_0_{part}": said for part, said in row.items()}


def test_the_plan_shows_how_each_action_goes_and_what_is_missing(client, scene):
    scene.say(scene.patrols, rating="delayed", narrative="Late.")
    told = page(client, scene.manager, to("plan", scene.plan.pk))

    assert '<strong class="app-plan__number">1 of 2</strong>' in told
    assert "Missing for 2026-27 Q2" in told
    assert "Updates are due on 14 October 2026." in told
    missing = told[told.index('id="missing"') :]
    assert "Soha" in missing
    assert "Action 1" in missing
    assert "Action 2" not in missing
    assert "Asked of you" not in told
    assert update_page(scene.visits) in told


def test_a_lead_sees_first_what_is_asked_of_them(client, scene):
    told = page(client, scene.lead, to("plan", scene.plan.pk))
    assert "Asked of you: how" in told
    assert update_page(scene.visits) in told
    assert update_page(scene.patrols) not in told


def test_what_is_long_over_is_asked_of_nobody_and_many_are_cut_short(client, scene):
    url = to("plan", scene.plan.pk)
    assert "Asked of you" not in page(client, scene.lead, url + "?quarter=2026-27-Q1")
    for number in range(5):
        PlanActionFactory(priority=scene.priority, ref=f"x{number}").leads.set([scene.soha])
    told = page(client, scene.lead, url)
    assert "how did these 6 actions go" in " ".join(told.split())
    assert "The others are in the list below" in told


def test_another_agency_reads_and_is_offered_nothing(client, scene):
    scene.say(scene.visits, value=Decimal(17))
    told = page(client, scene.pc, to("plan", scene.plan.pk))
    assert "17 of 30 visits" in told
    for words in ("Change", "Asked of you", "Add an action", "updates/"):
        assert words not in told


def test_other_quarters_of_the_plan_can_be_read(client, scene):
    told = page(client, scene.pc, to("plan", scene.plan.pk) + "?quarter=2026-27-Q1")
    assert "Missing for 2026-27 Q1" in told
    assert "?quarter=2026-27-Q2" in told
    assert "2026-27 Q2" in page(client, scene.pc, to("plan", scene.plan.pk) + "?quarter=nonsense")


def test_a_plan_that_has_not_begun_asks_nothing(client, scene):
    Plan.objects.update(starts_on=dt.date(2027, 4, 1), ends_on=dt.date(2028, 3, 31))
    told = page(client, scene.lead, to("plan", scene.plan.pk))
    assert "The plan has not begun" in told
    assert "Missing" not in told
    page(client, scene.lead, scene.visits.get_absolute_url())


@pytest.mark.parametrize("name", ["plan_new", "plan", "plan_edit", "priority_new", "priority_edit",
                                  "plan_action", "plan_action_new", "plan_action_edit", "plans"])  # fmt: skip
def test_who_opens_what(client, scene, name):
    key = {"plan_new": [], "plans": [], "priority_edit": [scene.priority.pk]}
    of_action = [scene.visits.pk] if name in ("plan_action", "plan_action_edit") else [scene.plan.pk]
    url = to(name, *key.get(name, of_action))
    reading = name in ("plan", "plans", "plan_action")
    page(client, scene.officer, url)
    page(client, scene.lead, url, 200 if reading else 403)
    for user in (scene.board, scene.provider):
        page(client, user, url, 403)
    page(client, scene.stranger, url, 200 if name in ("plans", "plan_new") else 404)


def test_plans_lists_those_of_the_partnership(client, scene):
    PlanFactory(name="Somebody else's plan")
    PlanFactory(name="Old plan", partnership=scene.team.partnership, starts_on=dt.date(2018, 4, 1),
                ends_on=dt.date(2019, 3, 31))  # fmt: skip
    told = page(client, scene.pc, to("plans"))
    assert "Somebody else" not in told
    assert told.index("Community safety plan") < told.index("Over</h2>") < told.index("Old plan")
    assert "Set up a plan" not in told
    assert "Set up a plan" in page(client, scene.officer, to("plans"))


def test_a_plan_is_set_up_with_its_figures(client, scene):
    client.force_login(scene.officer)
    sent = client.post(to("plan_new"), PLAN)

    made = Plan.objects.get(name="Plan 2027-30")
    assert sent.url == to("plan", made.pk)
    assert (made.starts_on, made.ends_on) == (dt.date(2027, 4, 1), dt.date(2030, 3, 31))
    figures = made.figures.order_by("pk").values_list("label", "period", "value", "unit")
    assert list(figures) == [("Recorded crimes", "2024/25", 9814, "crimes"), ("Residents", "", 287600, "")]
    assert Event.objects.filter(verb="plan.started", target_id=made.pk).exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter a name for the plan"),
        ("name", "community SAFETY plan", "There is a plan called community SAFETY plan already"),
        ("starts_on", "soon", "must be a real date"),
        ("ends_on", "31 March 2027", "not before the first"),
        ("figures", "Recorded crimes", "as: what; period; number; unit"),
        ("figures", "Recorded crimes; 2024; many", "Enter a number"),
        ("figures", f"{'x' * 301}; 2024; 5", "300 characters or fewer"),
    ],
)
def test_a_plan_that_is_wrong_is_refused_and_kept(client, scene, field, value, words):
    client.force_login(scene.officer)
    told = client.post(to("plan_new"), {**PLAN, field: value}).content.decode()
    assert words in told
    assert "The law" in told
    assert Plan.objects.count() == 1


def test_the_second_to_change_a_plan_is_told(client, scene):
    client.force_login(scene.officer)
    seen = client.get(to("plan_edit", scene.plan.pk)).context["form"].initial["seen"]
    before = details_of(scene.plan)
    theirs = PlanDetails("Their name", before.starts_on, before.ends_on)
    edit_plan(plan=scene.plan, details=theirs, seen=prints_of(before), by=scene.manager, at=NOW)
    typed = {**PLAN, "name": scene.plan.name, "starts_on": "1 April 2026", "seen": seen}

    told = client.post(to("plan_edit", scene.plan.pk), typed).content.decode()

    assert "Somebody else changed this plan" in told
    assert "Their name" in told
    assert "The law" in told
    assert Plan.objects.get().about == ""


def test_a_plan_does_not_end_before_what_was_told(scene):
    scene.say(scene.visits)
    before = details_of(scene.plan)
    short = PlanDetails(before.name, before.starts_on, dt.date(2026, 6, 30))
    with pytest.raises(CannotKeepPlan, match="quarter from July 2026"):
        edit_plan(plan=scene.plan, details=short, seen=prints_of(before), by=scene.officer, at=NOW)
    enough = PlanDetails(before.name, before.starts_on, dt.date(2026, 7, 1))
    edit_plan(plan=scene.plan, details=enough, seen=prints_of(before), by=scene.officer, at=NOW)


def test_a_plan_does_not_begin_after_a_quarter_that_was_told_of(scene):
    scene.say(scene.visits, FIRST)
    before = details_of(scene.plan)
    last = dt.date(2026, 6, 30)
    late = PlanDetails(before.name, last + dt.timedelta(days=1), before.ends_on)
    with pytest.raises(CannotKeepPlan, match=r"from April 2026.*no later than 30 June 2026"):
        edit_plan(plan=scene.plan, details=late, seen=prints_of(before), by=scene.officer, at=NOW)
    enough = PlanDetails(before.name, last, before.ends_on)
    edit_plan(plan=scene.plan, details=enough, seen=prints_of(before), by=scene.officer, at=NOW)
    assert quarters_of(only_plan(), NOW.date())[0] == FIRST


def test_a_priority_is_added_and_changed_with_what_it_watches(client, scene):
    here = IndicatorFactory(partnership=scene.team.partnership, name="Burglaries")
    client.force_login(scene.officer)
    client.post(to("priority_new", scene.plan.pk), {**PRIORITY, "indicators": [here.pk]})
    made = Priority.objects.get(name="Burglary")
    assert (made.watched.get().indicator, made.position) == (here, scene.priority.position + 1)
    assert "Burglaries" in page(client, scene.pc, to("plan", scene.plan.pk))

    client.force_login(scene.officer)
    url = to("priority_edit", made.pk)
    seen = client.get(url).context["form"].initial["seen"]
    client.post(url, {**PRIORITY, "name": "Theft", "figures": "Bicycles; 2025; 12", "seen": seen})

    made.refresh_from_db()
    assert (made.name, made.watched.count(), made.figures.get().value) == ("Theft", 0, 12)
    assert Event.objects.get(verb="priority.changed").detail["fields"] == ["name", "figures", "indicators"]


def test_a_priority_that_cannot_be_is_refused(client, scene):
    client.force_login(scene.officer)
    url = to("priority_new", scene.plan.pk)
    assert "Enter what the priority is called" in client.post(url, {**PRIORITY, "name": ""}).content.decode()
    twice = client.post(url, {**PRIORITY, "name": "neighbours", "theme": ""}).content.decode()
    assert "The plan has a priority neighbours already" in twice
    elsewhere = IndicatorFactory()
    told = client.post(url, {**PRIORITY, "indicators": [elsewhere.pk]})
    assert told.status_code == 200
    before = priority_details(scene.priority)
    wrong = PriorityDetails("Neighbours", indicators=(elsewhere.pk,))
    with pytest.raises(CannotKeepPlan, match="Choose indicators of this partnership"):
        edit_priority(
            priority=scene.priority, details=wrong, seen=prints_of(before), by=scene.officer, at=NOW
        )


PART = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(' ;"'), max_size=12).map(
    one_line
)


@given(st.lists(st.builds(FigureLine, PART.filter(bool), PART, st.integers(0, 10**11).map(Decimal), PART)))
def test_figures_are_read_as_they_were_written(figures):
    assert FiguresField().clean(write_figures(figures)) == tuple(figures)


def test_quotation_marks_that_set_nothing_apart_stay():
    assert read_figure('"Safe" homes; 2024/25; 9').label == '"Safe" homes'


def test_what_stands_as_of_now_is_no_measure_of_an_action(client, scene):
    client.force_login(scene.officer)
    form = client.get(to("plan_action_edit", scene.visits.pk)).context["form"]
    offered = dict(form.fields["measure_0_measure"].choices)
    assert "reports-received" in offered
    assert "reports-late" not in offered

    before = action_details(scene.visits)
    late = ActionDetails(**{**vars(before), "measures": (MeasureLine("x", measure="reports-late"),)})
    with pytest.raises(CannotKeepPlan, match="Choose measures that count a period"):
        edit_action(action=scene.visits, details=late, seen=prints_of(before), by=scene.officer, at=NOW)


def test_an_action_needs_a_priority_first(client, scene):
    empty = PlanFactory(partnership=scene.team.partnership)
    told = page(client, scene.officer, to("plan_action_new", empty.pk))
    assert "The plan has no priority yet" in told
    assert to("priority_new", empty.pk) in told


def test_an_action_is_added_with_measures_leads_and_links(client, scene):
    client.force_login(scene.officer)
    typed = action_typed(
        scene, person=scene.pc.pk, due_on="31 March 2027", see_also="1, 2", youth="universal",
        measure_0_text="Lights mended", measure_0_target="1,200", measure_2_text="What people say",
    )  # fmt: skip

    sent = client.post(to("plan_action_new", scene.plan.pk), typed)

    made = PlanAction.objects.get(ref="3")
    assert sent.url == made.get_absolute_url()
    assert (made.what, made.person, made.due_on) == ("Mend the lights", scene.pc, dt.date(2027, 3, 31))
    assert list(made.leads.all()) == [scene.police]
    assert set(made.see_also.all()) == {scene.visits, scene.patrols}
    assert list(made.measures.order_by("position").values_list("text", "kind", "target")) == [
        ("Lights mended", "count", 1200),
        ("What people say", "narrative", None),
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"ref": ""}, "Enter the number that the action has in the plan"),
        ({"ref": "1"}, "The plan has an action 1 already"),
        ({"what": ""}, "Enter what will be done"),
        ({"see_also": "1, 99"}, "The plan has no action 99"),
        ({"measure_1_target": "5"}, "Enter what measure 2 is"),
        ({"measure_0_target": "lots"}, "Enter a number, like 12"),
        ({"due_on": "never"}, "must be a real date"),
        ({"leads": ["999999"]}, "from the list"),
    ],
)
def test_an_action_that_is_wrong_is_refused_and_kept(client, scene, words, told):
    client.force_login(scene.officer)
    typed = action_typed(scene, why="They asked", measure_2_text="Kept", **words)
    page = client.post(to("plan_action_new", scene.plan.pk), typed).content.decode()
    assert told in page
    assert "They asked" in page
    assert "Kept" in page
    assert PlanAction.objects.count() == 2


def test_the_second_to_change_an_action_is_told_and_keeps_what_they_typed(client, scene):
    client.force_login(scene.officer)
    url = to("plan_action_edit", scene.visits.pk)
    form = client.get(url).context["form"]
    theirs = ActionDetails(
        **{**vars(action_details(scene.visits)), "why": "They heard of it", "see_also": (scene.patrols.pk,)}
    )
    edit_action(
        action=scene.visits,
        details=theirs,
        seen=prints_of(action_details(scene.visits)),
        by=scene.manager,
        at=NOW,
    )
    typed = action_typed(
        scene, ref="1", what="Visit them all", leads=[scene.soha.pk], seen=form.initial["seen"],
        **visits_in_time(30),
    )  # fmt: skip

    told = client.post(url, typed).content.decode()

    assert "Somebody else changed this action" in told
    assert "They heard of it" in told
    assert "Visit them all" in told
    scene.visits.refresh_from_db()
    assert scene.visits.what == "Visit every tenant"


def test_changing_an_action_changes_what_was_changed_alone(client, scene):
    client.force_login(scene.officer)
    url = to("plan_action_edit", scene.visits.pk)
    measure = scene.visits.measures.get()
    typed = action_typed(
        scene, ref="1", what="Visit every tenant", leads=[scene.soha.pk],
        **visits_in_time(31),
        seen=client.get(url).context["form"].initial["seen"],
    )  # fmt: skip
    client.post(url, typed)

    measure.refresh_from_db()
    assert measure.target == 31
    assert Event.objects.get(verb="plan_action.changed").detail["fields"] == ["measures"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("leads", "Choose agencies of this partnership"),
        ("person", "works in this partnership"),
        ("priority", "Choose a priority of this plan"),
        ("see_also", "Name other actions"),
    ],
)
def test_an_action_names_nothing_of_elsewhere(scene, name, words):
    elsewhere = {
        "leads": (scene.stranger.seats[0].partner_id,),
        "person": scene.stranger.pk,
        "priority": PriorityFactory().pk,
        "see_also": (PlanActionFactory().pk,),
    }
    before = action_details(scene.visits)
    details = ActionDetails(**{**vars(before), name: elsewhere[name]})
    with pytest.raises(CannotKeepPlan, match=words):
        edit_action(action=scene.visits, details=details, seen=prints_of(before), by=scene.officer, at=NOW)
