import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.enums import CaseStatus, ReportStatus
from cases.models import Case, Contact, Decision, Report
from csp.actions.models import Action
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from tests.cases.triage import decided
from tests.counting import queries_of
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import (
    CaseFactory,
    CategoryFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}
REFERRAL = {
    "request": "Visit the tenant",
    "due_on": "3 3 2040",
    "level": "3",
    "gateway": "cda_115",
    "purpose": "They are the landlord",
    "necessity": "They must know who",
    "consent": "given",
    "handling": "Keep the name to yourselves",
}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def bob(team):
    return user_at(team, Role.OFFICER, name="Bob Baker")


@pytest.fixture
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def waiting(team, now, **fields):
    given = {
        "clock_started_at": now - dt.timedelta(days=1),
        "clock_amber_at": now + dt.timedelta(days=1),
        "clock_due_at": now + dt.timedelta(days=2),
        "received_at": now - dt.timedelta(days=1),
    }
    return ReportFactory(lead=team, **given | fields)


@pytest.fixture
def report(team, now):
    return waiting(team, now)


def decide_url(report, query=""):
    return reverse("reports:decide", args=[report.reference]) + query


def decide(client, report, outcome, query="", **says):
    given = {"outcome": outcome, "reason": "Seen by the wardens"} | says
    answer = client.post(decide_url(report, query), given)
    report.refresh_from_db()
    return answer


def test_six_choices_and_a_title_to_start_from(signed_in, team, now):
    report = waiting(
        team,
        now,
        place=PlaceFactory(lead=team, address="4 Mill Road, Didcot"),
        local_area=AreaFactory(partnership=team.partnership),
    )
    report.categories.add(CategoryFactory(lead=team, label="Noise"))

    page = signed_in.get(decide_url(report)).content.decode()

    assert page.count('name="outcome"') == 6
    assert 'value="Noise, Mill Road, Didcot"' in page
    assert "Nobody is named as the caller" in page
    assert "Why is this late?" not in page


def test_opening_a_case(signed_in, report, ann):
    answer = decide(signed_in, report, "case_opened", title="Noise, Mill Road", officer=ann.pk)

    case = Case.objects.get()
    assert (report.status, report.case, case.title, case.officer) == (
        ReportStatus.CASE_OPENED,
        case,
        "Noise, Mill Road",
        ann,
    )
    assert answer.status_code == 302


def test_joining_a_case_that_is_offered(signed_in, report, team, now):
    person = PersonFactory(lead=team)
    case = CaseFactory(lead=team, title="Mill Road")
    before = waiting(team, now, status="case_opened", case=case)
    for each in (before, report):
        ReportPersonFactory(report=each, person=person)

    assert f"{case.reference}: Mill Road" in signed_in.get(decide_url(report)).content.decode()
    decide(signed_in, report, "joined", join=case.reference)

    assert report.case == case


def test_the_case_of_a_possible_duplicate_is_offered(signed_in, report, team, now):
    case = CaseFactory(lead=team)
    report.likely_duplicate_of = waiting(team, now, status="joined", case=case)
    report.save()

    assert f"{case.reference}: " in signed_in.get(decide_url(report)).content.decode()


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}"])
def test_joining_a_case_by_its_reference(signed_in, report, team, typed):
    case = CaseFactory(lead=team)

    decide(signed_in, report, "joined", join_reference=typed.format(case.reference, case.reference.lower()))

    assert report.case == case


@pytest.mark.parametrize(
    ("which", "message"),
    [
        ("none", "Enter the case to join"),
        ("hidden", "There is no case"),
        ("elsewhere", "There is no case"),
        ("closed", "is closed. Reopen it first"),
        ("theirs", "is led by Soha"),
    ],
)
def test_joining_refuses_what_cannot_be_joined(signed_in, report, team, soha, now, which, message):
    case = {
        "none": lambda: None,
        "hidden": lambda: CaseFactory(lead=soha),
        "elsewhere": CaseFactory,
        "closed": lambda: CaseFactory(lead=team, status=CaseStatus.CLOSED, ended_at=now),
        "theirs": lambda: CaseFactory(lead=soha),
    }[which]()
    if which == "theirs":
        sharing.share(record=case, to_partner=team, level=3, at=now, **TERMS)

    page = decide(signed_in, report, "joined", join_reference=case.reference if case else "")

    assert message in page.content.decode()
    assert report.awaits_triage


def test_referring_makes_the_disclosure_and_the_action(signed_in, report, soha):
    decide(signed_in, report, "referred", partner=soha.pk, **REFERRAL)

    share, action = report.shares.get(), Action.objects.get()
    assert report.status == ReportStatus.REFERRED
    assert (share.to_partner, share.level, share.handling) == (soha, 3, "Keep the name to yourselves")
    assert (action.owner, action.text, action.due_on) == (soha, "Visit the tenant", dt.date(2040, 3, 3))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("partner", "", "Choose the agency that it goes to"),
        ("request", "", "Enter what you ask them to do"),
        ("due_on", "", "Enter by when they should have done it"),
        ("due_on", "1 1 2020", "today or in the future"),
        ("level", "", "Select how much they see"),
        ("gateway", "", "Select the law that allows this"),
        ("purpose", "", "Enter what they need it for"),
        ("necessity", "", "Enter why they need this much"),
        ("consent", "", "Select whether the person affected agrees"),
        ("consent", "refused", "Enter why it is shared without their consent"),
        ("consent", "not_sought", "Enter why it is shared without their consent"),
    ],
)
def test_referring_asks_for_everything_a_disclosure_needs(signed_in, report, soha, name, value, message):
    page = decide(signed_in, report, "referred", **{"partner": soha.pk, **REFERRAL, name: value})

    assert message in page.content.decode()
    assert "Keep the name to yourselves" in page.content.decode()
    assert report.awaits_triage
    assert not report.shares.exists()


def test_a_report_is_not_referred_to_its_own_team_nor_to_another_partnership(signed_in, report, team):
    for partner in (team, PartnerFactory()):
        page = decide(signed_in, report, "referred", partner=partner.pk, **REFERRAL)
        assert "Select agency from the list" in page.content.decode()
    assert report.awaits_triage


@pytest.mark.parametrize(
    ("outcome", "field", "kept"), [("advice", "advice", "Talk first"), ("not_asb", "pointer", "Ask highways")]
)
def test_advice_and_not_asb_keep_the_words_for_the_caller(signed_in, report, outcome, field, kept):
    decide(signed_in, report, outcome, **{field: kept, "advice" if field != "advice" else "pointer": "other"})

    assert (report.status, Decision.objects.get().advice) == (outcome, kept)


def test_a_duplicate_is_named_by_its_reference(signed_in, report, team, now):
    original = waiting(team, now)
    Report.objects.filter(pk=report.pk).update(likely_duplicate_of=original)
    report.refresh_from_db()
    assert f'value="{original}"' in signed_in.get(decide_url(report)).content.decode()

    decide(signed_in, report, "duplicate", duplicate=original.reference.lower())

    assert Decision.objects.get().duplicate_of == original


@pytest.mark.parametrize(
    ("which", "message"),
    [
        ("nothing", "Enter the other report"),
        ("itself", "cannot be a duplicate of itself"),
        ("hidden", "There is no report"),
        ("ring", "is itself a duplicate of"),
    ],
)
def test_a_duplicate_refuses_what_makes_no_sense(signed_in, report, team, soha, ann, now, which, message):
    other = {
        "nothing": lambda: None,
        "itself": lambda: report,
        "hidden": lambda: waiting(soha, now),
        "ring": lambda: waiting(team, now),
    }[which]()
    if which == "ring":
        decided(other, ann, now, outcome="duplicate", duplicate_of=report)

    page = decide(signed_in, report, "duplicate", duplicate=other.reference if other else "")

    assert message in page.content.decode()
    assert report.awaits_triage


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reason": "x"}, "Select what happens with this report"),
        ({"outcome": "advice", "advice": "x"}, "Enter why you decide this"),
        ({"outcome": "advice", "reason": "x"}, "Enter the advice"),
        ({"outcome": "case_opened", "reason": "x"}, "Enter a title for the case"),
        ({"outcome": "recorded", "reason": "x"}, "Select what happens with this report"),
    ],
)
def test_deciding_says_what_is_missing_and_keeps_what_was_typed(signed_in, report, given, message):
    page = signed_in.post(decide_url(report), {"pointer": "Typed before"} | given).content.decode()

    assert message in page
    assert "Typed before" in page
    assert not Decision.objects.exists()


def test_deciding_late_asks_why(signed_in, team, now):
    report = waiting(
        team,
        now,
        clock_amber_at=now - dt.timedelta(hours=3),
        clock_due_at=now - dt.timedelta(hours=2),
    )
    assert "Why is this late?" in signed_in.get(decide_url(report)).content.decode()

    page = decide(signed_in, report, "advice", advice="Talk")
    assert "Enter why this is late" in page.content.decode()

    decide(signed_in, report, "advice", advice="Talk", breach_reason="Officer ill")
    assert report.clock_breach_reason == "Officer ill"


def test_the_second_officer_is_told_who_decided_and_keeps_what_they_typed(signed_in, report, bob, now):
    decided(report, bob, now, outcome="not_asb")

    page = decide(signed_in, report, "case_opened", title="My own title", reason="My own reason")

    text = page.content.decode()
    assert "Bob Baker decided this on" in text
    assert "nothing of it was saved" in text
    assert "My own title" in text
    assert "My own reason" in text
    assert Decision.objects.count() == 1
    assert not Case.objects.exists()


def test_a_decided_report_has_no_decide_page(signed_in, report, ann, now):
    decided(report, ann, now, outcome="advice")

    assert signed_in.get(decide_url(report))["Location"] == f"/reports/{report.reference}/"


def test_the_words_for_the_caller_are_shown_before_deciding(signed_in, report, team):
    person = PersonFactory(
        lead=team, name="Vic Tims", email="vic@example.com", contact_avoid="leave messages"
    )
    ReportPersonFactory(report=report, person=person)

    page = signed_in.get(decide_url(report)).content.decode()

    assert page.count("What the caller will be told") == 6
    assert page.count("Dear Vic Tims") == 6
    assert "[your advice]" in page
    assert "vic@example.com" in page
    assert "leave messages" in page


def test_deciding_tells_what_becomes_of_the_caller(signed_in, report, team):
    person = PersonFactory(lead=team, email="vic@example.com", contact_method="email")
    ReportPersonFactory(report=report, person=person)

    answer = signed_in.post(
        decide_url(report), {"outcome": "advice", "advice": "Talk", "reason": "x"}, follow=True
    )

    assert "An e-mail is on its way to the caller" in answer.content.decode()
    assert Contact.objects.get().address == "vic@example.com"


@pytest.mark.parametrize("page", ["decide", "undo", "case_review_notice"])
@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("partner", 403), ("board", 404)])
def test_only_the_team_decides(client, team, soha, ann, now, page, who, status):
    report = waiting(team, now)
    sharing.share(record=report, to_partner=soha, level=4, at=now, **TERMS)
    if page == "undo":
        decided(report, ann, now, outcome="advice")
    user = {
        "stranger": lambda: user_at(PartnerFactory(receiving=True), Role.OFFICER),
        "partner": lambda: user_at(soha, Role.MANAGER),
        "board": lambda: user_at(team, Role.BOARD),
    }[who]()
    client.force_login(user)

    assert client.post(reverse(f"reports:{page}", args=[report.reference])).status_code == status


def test_the_decide_page_costs_the_same_however_much_it_offers(signed_in, team, soha, now):
    person = PersonFactory(lead=team)

    def like(report):
        report.categories.add(CategoryFactory(lead=team))
        ReportPersonFactory(report=report, person=person)
        return report

    report = like(waiting(team, now))
    like(waiting(team, now, status="case_opened", case=CaseFactory(lead=team)))
    one = queries_of(lambda: signed_in.get(decide_url(report)))
    for _ in range(2):
        like(waiting(team, now, status="case_opened", case=CaseFactory(lead=team)))
        PartnerFactory(partnership=team.partnership)
    three = queries_of(lambda: signed_in.get(decide_url(report)))

    assert len(one) == len(three)
