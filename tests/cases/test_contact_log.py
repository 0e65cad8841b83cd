"""The contact log, the update clock, and the rule for those who cannot be reached."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import Audience, CaseStatus, ContactResult, ContactWay, LinkRole, Risk
from cases.models import CaseContact, CaseStandard, NoContactRule
from cases.navigation.contact import update_needs
from cases.services import reminders
from cases.services.contact_log import CannotLog, log_contact, restart_update_clock, update_words
from cases.services.no_contact import no_contact_of, standing
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from csp.core.calendar import add_working_days, is_working_day, working_days_between
from tests.cases.triage import decided
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, ReportFactory, ReportPersonFactory
from tests.factories.casework import CaseContactFactory, CasePersonFactory

DAY = dt.timedelta(days=1)
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def case(team, ann):
    return CaseFactory(lead=team, officer=ann)


@pytest.fixture
def vic(case, team):
    person = PersonFactory(lead=team, name="Vic Tims", phone="01235 555 0123")
    CasePersonFactory(case=case, person=person)
    return person


def logged(case, person, by, *, at=NOON, **says):
    entry = {"way": ContactWay.PHONE, "result": ContactResult.SPOKE, "text": "Told her what we did"}
    return log_contact(case=case, person=person, by=by, at=at, **entry | says)


def standard(team, risk, update_days):
    CaseStandard.objects.create(
        partnership=team.partnership,
        risk=risk,
        review_days=28,
        update_days=update_days,
        starts_on=dt.date(2020, 1, 1),
    )


@pytest.mark.django_db
def test_a_case_that_opens_starts_the_clock(team, ann):
    report = ReportFactory(lead=team)
    ReportPersonFactory(report=report)

    decision = decided(report, ann, outcome="case_opened", title="Noise")

    assert decision.case.update_due_on == dt.date(2026, 3, 18)  # ten working days after 4 March


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("risk", "due"), [(Risk.HIGH, dt.date(2026, 3, 9)), (Risk.MEDIUM, dt.date(2026, 3, 18))]
)
def test_the_standard_of_its_risk_on_that_day_sets_when_an_update_is_due(team, risk, due):
    standard(team, Risk.HIGH, 3)
    case = CaseFactory(lead=team, risk=risk)

    restart_update_clock(case=case, at=NOON)

    case.refresh_from_db()
    assert case.update_due_on == due


@pytest.mark.django_db
def test_a_case_that_ended_waits_for_no_update(team):
    case = CaseFactory(lead=team, status=CaseStatus.CLOSED, ended_at=NOON, update_due_on=NOON.date())

    restart_update_clock(case=case, at=NOON)

    assert case.update_due_on is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("result", "role", "restarts"),
    [
        (ContactResult.SPOKE, LinkRole.COMPLAINANT, True),
        (ContactResult.THEY_CAME, LinkRole.COMPLAINANT, True),
        (ContactResult.WROTE, LinkRole.COMPLAINANT, True),
        (ContactResult.NO_ANSWER, LinkRole.COMPLAINANT, False),
        (ContactResult.SPOKE, LinkRole.WITNESS, False),
        (ContactResult.SPOKE, LinkRole.SUBJECT, False),
    ],
)
def test_only_a_contact_with_a_complainant_that_got_through_restarts_the_clock(
    team, ann, case, result, role, restarts
):
    person = CasePersonFactory(case=case, role=role).person

    logged(case, person, ann, result=result, at=NOON + DAY)

    case.refresh_from_db()
    assert case.update_due_on == (dt.date(2026, 3, 19) if restarts else None)
    assert Event.objects.get(verb="case.contact_logged").detail["result"] == result


@pytest.mark.django_db
def test_what_is_entered_late_counts_from_when_it_happened_and_never_turns_the_clock_back(ann, case, vic):
    logged(case, vic, ann, at=NOON + 5 * DAY, when=NOON + 3 * DAY)
    logged(case, vic, ann, at=NOON + 5 * DAY, when=NOON + DAY)

    case.refresh_from_db()
    assert case.update_due_on == add_working_days((NOON + 3 * DAY).date(), 10)


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "fine"), [(-1, True), (0, True), (1, False)])
def test_nobody_was_in_touch_in_the_future(ann, case, vic, seconds, fine):
    when = NOON + dt.timedelta(seconds=seconds)
    if fine:
        assert logged(case, vic, ann, when=when).at == when
    else:
        with pytest.raises(CannotLog, match="must be in the past"):
            logged(case, vic, ann, when=when)


@pytest.mark.django_db
def test_an_entry_about_somebody_who_is_not_in_the_case_is_refused(team, ann, case):
    with pytest.raises(CannotLog, match="not in this case"):
        logged(case, PersonFactory(lead=team), ann)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (dt.date(2026, 3, 3), "The update is 1 working day late"),
        (dt.date(2026, 3, 2), "The update is 2 working days late"),
        (dt.date(2026, 3, 4), "An update is due today"),
        (dt.date(2026, 3, 5), "An update is due tomorrow"),
        (dt.date(2026, 3, 6), "An update is due in 2 working days, on 6 March 2026"),
    ],
)
def test_it_says_when_an_update_is_due(due, words):
    assert update_words(due, dt.date(2026, 3, 4)) == words


@given(day=st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31)), days=st.integers(1, 60))
def test_the_clock_gives_as_many_working_days_as_the_standard_says(day, days):
    due = add_working_days(day, days)

    assert working_days_between(day, due) == days
    assert is_working_day(due)
    assert "late" not in update_words(due, due)
    assert "1 working day late" in update_words(due, add_working_days(due, 1))


# Those who cannot be reached


def entry(result, at, way=ContactWay.PHONE):
    return CaseContact(way=way, result=result, at=at)


def calls(number):
    return [entry(ContactResult.NO_ANSWER, NOON + n * dt.timedelta(minutes=1)) for n in range(number)]


RULE = NoContactRule(attempts=3, wait_days=10)
LETTER_DAY = NOON + DAY  # 5 March; the tenth working day after it is 19 March


@pytest.mark.parametrize(("number", "write"), [(2, False), (3, True), (4, True)])
def test_after_the_third_call_that_nobody_answered_we_write(number, write):
    stands = standing("Vic", RULE, calls(number), NOON.date())

    assert stands.write_now is write
    assert ("Write now" in str(stands)) is write


@pytest.mark.parametrize(
    ("today", "may"), [((2026, 3, 18), False), ((2026, 3, 19), False), ((2026, 3, 20), True)]
)
def test_they_have_ten_working_days_to_answer_the_letter(today, may):
    log = [*calls(3), entry(ContactResult.WROTE, LETTER_DAY, ContactWay.LETTER)]

    stands = standing("Vic", RULE, log, dt.date(*today))

    assert (stands.may_close, stands.write_now) == (may, False)
    assert ("You may close" if may else "has until 19 March 2026") in str(stands)


@pytest.mark.parametrize("answer", [ContactResult.SPOKE, ContactResult.THEY_CAME])
def test_an_answer_begins_it_all_again(answer):
    log = [*calls(3), entry(ContactResult.WROTE, LETTER_DAY), entry(answer, LETTER_DAY + DAY)]

    stands = standing("Vic", RULE, log, dt.date(2026, 6, 1))

    assert (stands.calls, stands.may_close) == (0, False)


def test_a_letter_before_the_third_call_does_not_count():
    log = [*calls(2), entry(ContactResult.WROTE, NOON + DAY), entry(ContactResult.NO_ANSWER, NOON + 2 * DAY)]

    assert standing("Vic", RULE, log, dt.date(2026, 6, 1)).write_now is True


def test_a_visit_to_a_closed_door_is_no_call():
    log = [entry(ContactResult.NO_ANSWER, NOON, ContactWay.VISIT)] * 3

    assert standing("Vic", RULE, log, NOON.date()).calls == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "attempts"), [(3, 3), (4, 2), (5, 2)])
def test_the_rule_in_force_that_day_counts(team, case, vic, day, attempts):
    NoContactRule.objects.create(
        partnership=team.partnership, attempts=2, wait_days=5, starts_on=dt.date(2026, 3, 4)
    )

    [stands] = no_contact_of(case, dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC))

    assert stands.rule.attempts == attempts


# Reminders


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "reminded"),
    [((2026, 3, 16), 0), ((2026, 3, 17), 1), ((2026, 3, 18), 1), ((2026, 3, 19), 1), ((2026, 3, 21), 0)],
)
def test_the_officer_is_reminded_the_working_day_before_and_not_on_days_off(case, ann, today, reminded):
    case.update_due_on = dt.date(2026, 3, 18)
    case.save()

    assert len(reminders.updates_to_remind(today=dt.date(*today))) == reminded


@pytest.mark.django_db
def test_a_reminder_goes_once_for_each_due_date_and_names_nobody(case, vic, ann):
    case.update_due_on, today = dt.date(2026, 3, 18), dt.date(2026, 3, 18)
    case.save()

    assert reminders.remind_of_update(case_id=case.pk, today=today) is True
    assert reminders.remind_of_update(case_id=case.pk, today=today + DAY) is False

    [message] = mail.outbox
    assert message.to == [ann.email]
    assert case.reference in message.subject
    assert f"/cases/{case.reference}/letters/" in message.body
    assert "Vic" not in message.subject + message.body
    case.refresh_from_db()
    case.update_due_on += 14 * DAY
    case.save()
    assert reminders.remind_of_update(case_id=case.pk, today=case.update_due_on) is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "shown", "late"), [(2, False, False), (1, True, False), (0, True, False), (-1, True, True)]
)
def test_home_shows_an_update_that_is_due_tomorrow_or_sooner(case, team, ann, days, shown, late):
    case.update_due_on = add_working_days(NOON.date(), days)
    case.save()

    needs = list(update_needs(ann, team.partnership, NOON))

    assert [need.late for need in needs] == ([late] if shown else [])


# The page


def page(client, case):
    return client.get(reverse("cases:letters", args=[case.reference]))


def add_url(case):
    return reverse("cases:contact_log", args=[case.reference])


@pytest.mark.django_db
def test_the_officer_adds_an_entry_and_the_newest_comes_first(client, ann, case, vic):
    client.force_login(ann)
    CaseContactFactory(case=case, person=vic, text="Long ago")
    typed = {
        "person": vic.pk,
        "way": "phone",
        "result": "spoke",
        "text": "Quieter this week",
        "when_0": "5 March 2026",
        "when_1": "9am",
        "audience": "team",
    }

    answer = client.post(add_url(case), typed, follow=True)

    words = answer.content.decode()
    assert words.index("Quieter this week") < words.index("Long ago")


@pytest.mark.django_db
def test_a_refused_entry_keeps_what_was_typed(client, ann, case, vic):
    client.force_login(ann)
    typed = {"person": vic.pk, "text": "Quieter this week", "when_0": "1 January 2099", "when_1": "9am"}

    words = client.post(add_url(case), typed).content.decode()

    assert "Select how you were in touch" in words
    assert "must be today or in the past" in words
    assert "Quieter this week" in words
    assert "1 January 2099" in words
    assert not CaseContact.objects.exists()


@pytest.mark.django_db
def test_a_talk_needs_words(client, ann, case, vic):
    client.force_login(ann)
    typed = {"person": vic.pk, "way": "phone", "result": "spoke", "when_0": "today", "when_1": "12:01am"}

    assert "Enter what was said" in client.post(add_url(case), typed).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("level", "reads", "adds"),
    [
        (ShareLevel.SUMMARY, 403, 403),
        (ShareLevel.FULL, 200, 403),
        (ShareLevel.CONTRIBUTE, 200, 200),
        (None, 404, 404),
    ],
)
def test_agencies_read_and_add_as_far_as_the_case_is_shared(client, team, case, vic, level, reads, adds):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    if level is not None:
        sharing.share(record=case, to_partner=soha, level=level, at=NOON, **TERMS)
    client.force_login(user_at(soha))
    CaseContactFactory(case=case, person=vic, audience=Audience.TEAM, text="Only for the team")
    CaseContactFactory(case=case, person=vic, audience=Audience.SHARED, text="For everybody")

    answer = page(client, case)

    assert (answer.status_code, client.get(add_url(case)).status_code) == (reads, adds)
    if reads == 200:
        assert "For everybody" in answer.content.decode()
        assert "Only for the team" not in answer.content.decode()


@pytest.mark.django_db
def test_an_agency_logs_its_own_contact_under_its_own_name(team, case, vic):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    sharing.share(record=case, to_partner=soha, level=ShareLevel.CONTRIBUTE, at=NOON, **TERMS)
    worker = user_at(soha)

    made = logged(case, vic, worker)

    assert made.partner == soha
    assert list(CaseContact.objects.visible_to(worker)) == [made]
    assert list(CaseContact.objects.visible_to(user_at(team, Role.OFFICER))) == [made]
