"""Scoring on the page: half-filled forms, the way through, and who is told what."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.enums import CaseStatus, LinkRole, Risk
from cases.models import RiskAssessment, RiskTemplate
from cases.navigation.risk import high_risk_needs, risk_needs
from cases.services import risk_templates
from cases.services.risk_templates import sorted_options
from csp.actions.models import Action
from csp.agencies.enums import Role
from tests.factories.agencies import user_at
from tests.factories.cases import CaseFactory
from tests.factories.casework import CasePersonFactory, RiskAssessmentFactory, RiskTemplateFactory

DAY = dt.timedelta(days=1)


@pytest.fixture
def case(db):
    case = CaseFactory(status=CaseStatus.OPEN)
    CasePersonFactory(case=case, role=LinkRole.VICTIM)
    risk_templates.install_illustrative_template(case.partnership, dt.date(2020, 1, 1))
    return case


@pytest.fixture
def officer(case, client):
    officer = user_at(case.lead, Role.OFFICER)
    client.force_login(officer)
    return officer


@pytest.fixture
def page(case):
    return reverse("cases:assess", args=[case.reference, case.links.get().person_id])


def filled(case, which=-1):
    template = RiskTemplate.objects.get(partnership=case.partnership)
    questions = risk_templates.questions_of(template)
    answers = {f"q{question.pk}": sorted_options(question)[which].pk for question in questions}
    return {"kind": "intake", "template": template.pk, **answers}


def test_half_filled_form_names_each_open_question_and_keeps_the_rest(client, case, officer, page):
    sent = filled(case)
    questions = [name for name in sent if name.startswith("q")]
    for name in questions[:3]:
        del sent[name]
    shown = client.post(page, sent)
    form = shown.context["form"]
    assert set(form.errors) == set(questions[:3])
    assert "Answer question 1: how often does it happen?" in shown.content.decode()
    assert form[questions[4]].value() == str(sent[questions[4]])
    assert not RiskAssessment.objects.exists()


def test_score_is_shown_before_it_is_saved(client, case, officer, page):
    shown = client.post(page, filled(case))
    assert shown.context["score"] == 37
    assert not RiskAssessment.objects.exists()
    saved = client.post(page, {**filled(case), "step": "save", "risk": "agree"}, follow=True)
    made = RiskAssessment.objects.get()
    assert (made.score, made.risk, made.by) == (37, Risk.HIGH, officer)
    assert "Refer to the next Joint Tasking Meeting" in saved.content.decode()


def test_judgement_without_reason_keeps_answers_and_note(client, case, officer, page):
    sent = {**filled(case), "step": "save", "risk": "1", "note": "Seen at home"}
    shown = client.post(page, sent).content.decode()
    assert "Enter why your judgement differs from the score" in shown
    assert "Seen at home" in shown
    client.post(page, {**sent, "override_reason": "They have moved out"})
    made = RiskAssessment.objects.get()
    assert (made.scored, made.risk) == (Risk.HIGH, Risk.STANDARD)


def test_going_back_keeps_answers_and_note(client, case, officer, page):
    sent = filled(case)
    shown = client.post(page, {**sent, "step": "again", "note": "Seen at home"})
    form = shown.context["form"]
    name = next(name for name in sent if name.startswith("q"))
    assert str(form[name].value()) == str(sent[name])
    assert "Seen at home" in shown.content.decode()


def test_second_assessor_is_told_and_can_send_theirs(client, case, officer, page):
    person = case.links.get().person
    template = RiskTemplate.objects.get(partnership=case.partnership)
    RiskAssessmentFactory(case=case, person=person, template=template, score=14, at=timezone.now())
    sent = {**filled(case), "seen": "", "step": "save", "risk": "agree"}
    shown = client.post(page, sent)
    assert "scored this person at" in shown.content.decode()
    assert RiskAssessment.objects.count() == 1
    again = dict(shown.context["hidden"])
    client.post(page, {**sent, "seen": again["seen"]})
    assert RiskAssessment.objects.count() == 2


def test_referral_gives_one_action(client, case, officer, page):
    client.post(page, {**filled(case), "step": "save", "risk": "agree"})
    url = reverse("cases:refer_risk", args=[case.reference, RiskAssessment.objects.get().pk])
    for _ in range(2):
        shown = client.post(url, follow=True)
    assert Action.objects.get().text.startswith(f"Refer {case}")
    assert Action.objects.get().reference in shown.content.decode()


def test_standard_risk_offers_no_referral(client, case, officer, page):
    shown = client.post(page, {**filled(case, 0), "step": "save", "risk": "agree"}, follow=True)
    assert "Refer to the next" not in shown.content.decode()
    url = reverse("cases:refer_risk", args=[case.reference, RiskAssessment.objects.get().pk])
    assert client.post(url).status_code == 404


def test_person_not_affected_is_not_there(client, case, officer):
    subject = CasePersonFactory(case=case, role=LinkRole.SUBJECT).person
    assert client.get(reverse("cases:assess", args=[case.reference, subject.pk])).status_code == 404


def test_trend_is_drawn_with_words(client, case, officer):
    person = case.links.get().person
    template = RiskTemplate.objects.get(partnership=case.partnership)
    for days, score in ((3, 12), (2, 23)):
        at = timezone.now() - days * DAY
        RiskAssessmentFactory(case=case, person=person, template=template, score=score, at=at)
    shown = client.get(reverse("cases:risk", args=[case.reference])).content.decode()
    assert "Scores, oldest first: 12, 23. High risk begins at 23" in shown


@pytest.mark.parametrize(
    ("days", "officers", "managers", "late"),
    [(4, 0, 0, []), (3, 1, 0, [False]), (0, 1, 0, [False]), (-1, 1, 1, [True])],
)
def test_home_shows_a_review_before_on_and_after_its_day(case, officer, days, officers, managers, late):
    manager, at = user_at(case.lead, Role.MANAGER), timezone.now()
    case.officer, case.risk_due_on = officer, timezone.localdate(at) + days * DAY
    case.save()
    mine = list(risk_needs(officer, case.partnership, at))
    assert (len(mine), [need.late for need in mine]) == (officers, late)
    assert len(list(risk_needs(manager, case.partnership, at))) == managers


def test_manager_hears_of_high_risk_on_home(case, officer):
    manager, at = user_at(case.lead, Role.MANAGER), timezone.now()
    case.risk = Risk.HIGH
    case.save()
    template = RiskTemplateFactory(lead=case.lead, starts_on=dt.date(2019, 1, 1))
    given = {"case": case, "person": case.links.get().person, "template": template}
    RiskAssessmentFactory(**given, score=30, scored=Risk.HIGH, at=at - DAY)
    assert [need.tag for need in high_risk_needs(manager, case.partnership, at)] == ["High risk"]
    assert not list(high_risk_needs(officer, case.partnership, at))
    assert not list(high_risk_needs(manager, case.partnership, at + 7 * DAY))


@pytest.fixture
def admin(case, client):
    admin = user_at(case.lead, Role.ADMINISTRATOR)
    client.force_login(admin)
    return admin


def version_form(**changes):
    rows = {
        "questions-TOTAL_FORMS": "2",
        "questions-INITIAL_FORMS": "1",
        "questions-0-text": "Is it getting worse?",
        "questions-0-options": "No = 0\nYes = 30",
        "questions-0-position": "2",
        "questions-1-text": "How often?",
        "questions-1-options": "Once = 0\nEvery day = 5",
        "questions-1-position": "1",
    }
    today = timezone.localdate()
    head = {"name": "Agreed 2026", "medium_from": "10", "high_from": "20", "starts_on": f"{today:%d %m %Y}"}
    return head | rows | changes


def test_administrator_starts_a_version(client, case, admin):
    client.post(reverse("risk_templates:new"), version_form())
    made = risk_templates.template_on(case.partnership, timezone.localdate())
    assert (made.name, made.illustrative) == ("Agreed 2026", False)
    assert [question.text for question in risk_templates.questions_of(made)] == [
        "How often?",
        "Is it getting worse?",
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"questions-0-options": "No = 0\nYes"}, "Write “Yes” as an answer, an equals sign and a score"),
        ({"questions-0-options": "No = 0"}, "Enter at least two answers"),
        ({"high_from": "10"}, "High risk must begin above medium risk"),
        ({"high_from": "36"}, "the highest possible score is 35"),
        ({"name": ""}, "Enter a name"),
    ],
)
def test_version_that_is_wrong_says_so_and_keeps_what_was_typed(client, case, admin, changes, message):
    shown = client.post(reverse("risk_templates:new"), version_form(**changes)).content.decode()
    assert message in shown
    assert "How often?" in shown
    assert RiskTemplate.objects.filter(partnership=case.partnership).count() == 1
