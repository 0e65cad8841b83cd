"""Restricted cases: the people named and nobody else, and opening one in an emergency."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, CaseNamed, Contact, FurtherInformation, Report
from cases.navigation.reports import information_needs, shared_panel, told_needs
from cases.services import restricting
from cases.services.case_reports import report_came, report_went
from cases.services.restricting import CannotRestrict
from csp.actions.models import Action
from csp.actions.services import give_action, reassign, transfer
from csp.actions.services.updates import CannotAnswer, CannotGive
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.navigation import needs
from csp.agencies.services.visibility import cut_to, who_can_see
from csp.audit.models import Event
from csp.audit.unusual import unusual_access
from tests.cases.test_sharing import address, share, workers  # noqa: F401 -- a fixture
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, ReportFactory, ReportPersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return CaseFactory(title="Operation Kestrel")


@pytest.fixture
def report(case):
    return ReportFactory(lead=case.lead, case=case, status="case_opened", clock_stopped_at=NOON)


@pytest.fixture
def soha(case):
    partner = PartnerFactory(partnership=case.partnership, name="Soha")
    share(case, partner)
    return partner


@pytest.fixture
def officer(case):
    return user_at(case.lead, Role.OFFICER, name="Olive Officer")


@pytest.fixture
def colleague(case):
    return user_at(case.lead, Role.OFFICER, name="Colin Colleague")


@pytest.fixture
def manager(case):
    return user_at(case.lead, Role.MANAGER, name="Mona Manager")


def restrict(case, officer, *people):
    return restricting.restrict(
        case=case, people=people, reason="A colleague is in it", by=officer, at=timezone.now()
    )


def sees(user, record):
    user.forget_seats()
    return type(record).objects.visible_to(user).filter(pk=record.pk).exists()


def test_restricting_closes_case_reports_people_and_actions_to_the_others(
    case, report, soha, officer, colleague
):
    person = PersonFactory(lead=case.lead, name="Only Here")
    ReportPersonFactory(report=report, person=person)
    actions = [ActionFactory(lead=case.lead, owner=soha, target=each) for each in (case, report)]
    inside, outside = user_at(soha), user_at(soha)

    case = restrict(case, officer, inside)

    for record in (case, report, person, *actions):
        assert sees(officer, record), record
        assert sees(inside, record), record
        assert not sees(colleague, record), record
        assert not sees(outside, record), record

    case = restricting.lift(case=case, reason="Over", by=officer, at=timezone.now())
    for record in (case, report, person, *actions):
        assert sees(colleague, record), record
        assert sees(outside, record), record
    assert not CaseNamed.objects.current().exists()


def test_what_was_merged_into_it_is_restricted_with_it(case, officer, colleague):
    gone = CaseFactory(lead=case.lead, merged_into=case, status="cancelled", ended_at=NOON)

    with pytest.raises(CannotRestrict, match="part of another case"):
        restrict(gone, officer)
    restrict(case, officer)

    assert sees(officer, gone)
    assert not sees(colleague, gone)


def test_who_is_not_named_on_a_case_that_was_merged_into_theirs_does_not_open_it(case, officer, colleague):
    gone = CaseFactory(lead=case.lead)
    restrict(gone, officer)
    Case.objects.filter(pk=gone.pk).update(merged_into=case, status="cancelled", ended_at=NOON)
    third, now = user_at(case.lead, Role.OFFICER), timezone.now()

    case = restrict(case, colleague)
    assert not sees(colleague, gone)
    restricting.name_person(case=case, person=third, reason="Helps", by=colleague, at=now)
    assert not sees(third, gone)
    assert sees(third, case)
    restricting.lift(case=case, reason="Over", by=colleague, at=now)

    assert sees(third, case)
    assert not sees(third, gone)
    assert sees(officer, gone)


def test_only_people_of_agencies_that_hold_it_can_be_named(case, soha, officer):
    stranger = user_at(PartnerFactory(partnership=case.partnership))
    board = user_at(case.lead, Role.BOARD)

    for person in (stranger, board):
        with pytest.raises(CannotRestrict, match="Share it with their agency first"):
            restrict(case, officer, person)
    case = restrict(case, officer)
    with pytest.raises(CannotRestrict, match="restricted already"):
        restrict(case, officer)
    with pytest.raises(CannotRestrict, match=r"named on .* already"):
        restricting.name_person(case=case, person=officer, reason="So", by=officer, at=timezone.now())


def test_somebody_of_the_lead_stays_named(case, soha, officer, colleague):
    case = restrict(case, officer, user_at(soha))
    own = CaseNamed.objects.get(user=officer)

    with pytest.raises(CannotRestrict, match="Name somebody else first"):
        restricting.unname_person(named=own, by=officer, at=timezone.now())

    restricting.name_person(case=case, person=colleague, reason="Takes it", by=officer, at=timezone.now())
    restricting.unname_person(named=own, by=officer, at=timezone.now())
    assert sees(colleague, case)
    assert not sees(officer, case)


def test_reports_that_come_and_go_take_their_actions_along(case, soha, officer, colleague):
    case = restrict(case, officer)
    report = ReportFactory(lead=case.lead)
    action = ActionFactory(lead=case.lead, owner=case.lead, target=report)

    Report.objects.filter(pk=report.pk).update(case=case, status="joined", clock_stopped_at=NOON)
    report.refresh_from_db()
    report_came(case=case, report=report, opened=False, by=officer, at=timezone.now())
    assert not sees(colleague, action)

    Report.objects.filter(pk=report.pk).update(case=None, status="new", clock_stopped_at=None)
    report.refresh_from_db()
    report_went(case=case, report=report, by=officer, at=timezone.now())
    assert sees(colleague, action)


def test_nobody_is_asked_to_act_on_what_they_may_not_see(case, report, soha, officer, colleague):
    inside, outside = user_at(soha), user_at(soha, name="Oscar Outside")
    case = restrict(case, officer, inside)
    report.refresh_from_db()
    now = timezone.now()
    given = {
        "lead": case.lead,
        "text": "Visit",
        "due_on": timezone.localdate() + dt.timedelta(days=3),
        "by": officer,
        "at": now,
    }

    police = PartnerFactory(partnership=case.partnership, name="Police")
    for target in (case, report):
        with pytest.raises(CannotGive, match="Oscar Outside is not named"):
            give_action(owner=soha, person=outside, target=target, **given)
        with pytest.raises(CannotGive, match="nobody of Police is named"):
            give_action(owner=police, target=target, **given)
        action = give_action(owner=soha, person=inside, target=target, **given)
        assert sees(inside, action)
        assert not sees(outside, action)
        assert not sees(colleague, action)
    with pytest.raises(CannotAnswer, match="is not named on the restricted record"):
        reassign(action=action, person=outside, by=inside, at=now)
    with pytest.raises(CannotGive, match="nobody of Fire is named"):
        transfer(
            action=action,
            to=PartnerFactory(partnership=case.partnership, name="Fire"),
            reason="Theirs",
            by=inside,
            at=now,
        )


def test_colleague_breaks_the_glass_for_a_day(
    case, report, soha, officer, colleague, manager, client, django_capture_on_commit_callbacks
):
    action = ActionFactory(lead=case.lead, owner=soha, target=case)
    case = restrict(case, officer)
    client.force_login(colleague)
    assert "Kestrel" not in client.get(case.get_absolute_url()).content.decode()
    assert "Enter why" in client.post(address("break_glass", case), {"reason": ""}).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("break_glass", case), {"reason": "A threat was phoned in"})

    assert "Kestrel" in client.get(case.get_absolute_url()).content.decode()
    assert sees(colleague, report)
    assert sees(colleague, action)
    opened = CaseNamed.objects.get(broke_glass=True)
    assert opened.ends_at - opened.added_at == dt.timedelta(hours=24)
    assert Event.objects.get(verb="case.glass_broken").reason == "A threat was phoned in"
    (sent,) = mail.outbox
    assert sent.to == [manager.email]
    assert "Kestrel" not in sent.body
    assert "threat" not in sent.body

    CaseNamed.objects.filter(pk=opened.pk).update(ends_at=timezone.now())
    action.named.filter(user=colleague).update(ends_at=timezone.now())
    for record in (case, report, action):
        assert not sees(colleague, record)


def test_where_the_one_manager_opens_it_those_named_on_it_are_told(
    case, officer, manager, django_capture_on_commit_callbacks
):
    case = restrict(case, officer)

    with django_capture_on_commit_callbacks(execute=True):
        restricting.break_glass(case=case, reason="A threat", by=manager, at=timezone.now())

    assert officer.email in [address for sent in mail.outbox for address in sent.to]
    assert manager.email not in [address for sent in mail.outbox for address in sent.to]


def test_auditor_finds_it_among_unusual_access(case, officer, colleague):
    case = restrict(case, officer)
    restricting.break_glass(case=case, reason="A threat", by=colleague, at=timezone.now())

    found = unusual_access(partnership=case.partnership, day=timezone.localdate())

    assert "Opened 1 restricted record in an emergency" in [why for each in found for why in each.reasons]


def test_action_closes_with_the_glass(case, soha, officer, colleague):
    action = ActionFactory(lead=case.lead, owner=case.lead, target=case)
    case = restrict(case, officer)
    yesterday = timezone.now() - dt.timedelta(hours=24)

    restricting.break_glass(case=case, reason="A threat", by=colleague, at=yesterday)

    assert not sees(colleague, case)
    assert not Action.objects.visible_to(colleague).filter(pk=action.pk).exists()
    restricting.break_glass(case=case, reason="Another", by=colleague, at=timezone.now())
    assert sees(colleague, case)
    assert sees(colleague, action)


def test_glass_stays_on_the_managers_home_until_read(case, officer, colleague, manager, client):
    case = restrict(case, officer)
    made = restricting.break_glass(case=case, reason="A threat", by=colleague, at=timezone.now())
    title = f"{case}: opened in an emergency by {colleague}"

    def on_home():
        return title in [need.title for need in needs(manager, case.partnership, timezone.now())]

    assert on_home()
    client.force_login(manager)
    page = reverse("cases:glass", args=[case.reference, made.pk])
    text = client.get(page).content.decode()
    assert "A threat" in text
    assert "Kestrel" not in text

    client.post(page)
    assert not on_home()


def test_why_it_was_restricted_is_told_to_nobody_once_it_is_open_again(
    case, soha, officer, colleague, client
):
    client.force_login(officer)
    client.post(address("restrict", case), {"reason": "A colleague lives there"})
    client.post(address("restrict_lift", case), {"reason": "The colleague has moved"})
    assert not Case.objects.get(pk=case.pk).restricted

    for reader in (user_at(soha), colleague, officer):
        client.force_login(reader)
        words = client.get(address("timeline", case)).content.decode()
        assert "is restricted no more" in words
        assert "colleague" not in words.lower().replace(colleague.name.lower(), "")


def test_home_names_what_an_agency_may_only_know_of_and_says_no_more(case, client):
    police = PartnerFactory(partnership=case.partnership, name="Police")
    made = share(case, police, level=ShareLevel.EXISTENCE)
    reader = user_at(police)
    client.force_login(reader)

    home = client.get("/").content.decode()

    assert case.reference in home
    assert made.purpose not in home
    assert case.title not in home
    Case.objects.filter(pk=case.pk).update(restricted=True, restricted_because="Staff")
    assert not shared_panel(reader, case.partnership, timezone.now()).context["shares"]


def test_agency_cannot_break_the_glass(case, soha, officer):
    case = restrict(case, officer)

    with pytest.raises(CannotRestrict, match="can open it in an emergency"):
        restricting.break_glass(case=case, reason="Now", by=user_at(soha), at=timezone.now())
    with pytest.raises(CannotRestrict, match=r"may open .* already"):
        restricting.break_glass(case=case, reason="Now", by=officer, at=timezone.now())


def test_who_can_see_lists_only_those_named_and_marks_the_glass(case, report, soha, officer, colleague):
    inside = user_at(soha, name="Ines Inside")
    user_at(soha, name="Oscar Outside")
    case = restrict(case, officer, inside)
    restricting.break_glass(case=case, reason="A threat", by=colleague, at=timezone.now())
    report.refresh_from_db()

    for record in (case, report):
        lead, agency = who_can_see(record, timezone.now())
        assert lead.people == ["Colin Colleague (opened it in an emergency)", "Olive Officer"]
        assert agency.people == ["Ines Inside"]


def test_full_reader_of_another_agency_learns_only_its_own_line_and_the_lead(case, soha, officer):
    police = PartnerFactory(partnership=case.partnership, name="Police")
    share(case, police)
    reader = user_at(soha)

    seen = cut_to(who_can_see(case, timezone.now()), case, reader)
    assert [(each.partner, each.people != []) for each in seen] == [(case.lead, False), (soha, True)]
    assert len(cut_to(who_can_see(case, timezone.now()), case, officer)) == 3


def test_restrict_form_keeps_what_was_typed(case, soha, officer, client):
    person = user_at(soha)
    client.force_login(officer)

    page = client.post(address("restrict", case), {"reason": "", "people": [person.pk]})

    assert "Enter why it is restricted" in page.content.decode()
    assert f'value="{person.pk}"' in page.content.decode()
    assert not Case.objects.get(pk=case.pk).restricted
    client.post(address("restrict", case), {"reason": "A colleague", "people": [person.pk]})
    assert Case.objects.get(pk=case.pk).restricted
    assert client.get(address("sharing", case)).status_code == 200


def test_the_home_page_says_nothing_of_its_reports_to_who_is_not_named(case, report, soha, officer, manager):
    now = timezone.now()
    Report.objects.filter(pk=report.pk).update(officer=manager, claimed_at=now, case_review_notice_due=True)
    FurtherInformation.objects.create(report=report, at=now, text="It was louder")
    Contact.objects.create(
        partnership=case.partnership, report=report, method="phone", status="to_do", made_at=now, body="Call"
    )
    share(report, soha)
    partner = user_at(soha)
    sources = (told_needs, information_needs)

    def told(user):
        at = timezone.now()
        found = [need for source in sources for need in source(user, case.partnership, at)]
        shared = shared_panel(user, case.partnership, at)
        return len(found), len(shared.context["shares"]) if shared else 0

    assert (told(manager), told(partner)) == ((2, 0), (0, 2))
    restrict(case, officer)
    assert (told(manager), told(partner)) == ((0, 0), (0, 0))
