"""The pages of a case in the hands of those who lead it, and of those it is shared with."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, LinkRole, RequestStatus, Risk
from cases.models import CaseLink, CaseNamed, HandOver
from cases.views.case_shell import TABS, VERBS
from csp.agencies.access import level_for
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import (
    NOON,
    CaseFactory,
    CategoryFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
)
from tests.factories.casework import CasePersonFactory, RiskAssessmentFactory, RiskTemplateFactory

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Joint visit", "necessity": "Tenancy", "consent": "given"}
CSRF = {"submit": "x"}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def sam(soha):
    return user_at(soha, name="Sam Soha")


@pytest.fixture
def case(team, ann):
    made = CaseFactory(lead=team, officer=ann, title="Noise", summary="Music at night")
    made.categories.add(CategoryFactory(lead=team, label="Loud music"))
    return made


def at(case, name="detail", *more):
    return reverse(f"cases:{name}", args=[case.reference, *more])


def body(client, user, url, data=None):
    client.force_login(user)
    page = client.get(url) if data is None else client.post(url, CSRF | data)
    return page.content.decode()


def test_overview_answers_its_five_questions_in_order(client, case, ann):
    victim = PersonFactory(lead=case.lead, name="Vera Victim")
    CasePersonFactory(case=case, person=victim, role=LinkRole.VICTIM)
    template = RiskTemplateFactory(lead=case.lead)
    for score in (10, 16):
        RiskAssessmentFactory(case=case, person=victim, template=template, score=score)

    page = body(client, ann, at(case))

    asked = ("What is going on", "Who is at risk", "What happens next", "What has been done")
    places = [page.index(f">{each}<") for each in (*asked, "Who may see it")]
    assert places == sorted(places)
    for words in ("Music at night", "Loud music", "Vera Victim", "Score 16, up from 10"):
        assert words in page


def test_a_summary_says_no_names_and_no_addresses(client, case, soha, sam):
    case.place = PlaceFactory(lead=case.lead, address="4 Visible Street")
    case.save()
    CasePersonFactory(case=case, person=PersonFactory(lead=case.lead, name="Vera Victim"))
    sharing.share(record=case, to_partner=soha, level=2, by=None, at=NOON, **TERMS)

    page = body(client, sam, at(case))

    assert "Shared with Soha by Community Safety" in page
    for hidden in ("Vera Victim", "4 Visible Street"):
        assert hidden not in page


def test_overview_begins_each_report_as_it_was_told_and_to_others_says_its_kind(case, soha, ann, sam):
    told = "They <shout> " + "one two three four five six seven eight nine ten eleven twelve"
    report = ReportFactory(lead=case.lead, case=case, status="case_opened", what_happened=told)
    report.categories.add(CategoryFactory(lead=case.lead, label="Shouting"))
    for shared in (case, report):
        sharing.share(record=shared, to_partner=soha, level=2, by=None, at=NOON, **TERMS)
    beginning = "They &lt;shout&gt; one two three four five six seven eight nine ten …"

    page = body(Client(), ann, at(case))
    assert beginning in page
    assert "Shouting" not in page
    assert "Report: standard risk" in page
    page = body(Client(), sam, at(case))
    assert "shout&gt;" not in page
    assert "Shouting" in page


def test_an_address_that_must_not_be_found_stays_with_the_team(client, case, soha, ann, sam):
    case.place = PlaceFactory(lead=case.lead, address="4 Hidden Street")
    case.save()
    PersonFactory(lead=case.lead, place=case.place, do_not_disclose=True)
    sharing.share(record=case, to_partner=soha, level=3, by=None, at=NOON, **TERMS)

    assert "4 Hidden Street" in body(client, ann, at(case))
    assert "4 Hidden Street" not in body(client, sam, at(case))


def test_heading_says_how_the_priority_changed(client, case, ann):
    case.risk = Risk.HIGH
    case.save(update_fields=["risk"])

    assert "up from standard" in body(client, ann, at(case))


def test_a_kind_is_asked_for_only_where_the_case_has_one(client, case, ann):
    without = CaseFactory(lead=case.lead, officer=ann, title="Smoke")
    client.force_login(ann)

    for edited, status in ((case, 200), (without, 302)):
        form = client.get(at(edited, "edit")).context["form"]
        typed = {"title": "Fires", "seen": form.initial["seen"]}
        assert client.post(at(edited, "edit"), typed).status_code == status

    without.refresh_from_db()
    assert without.title == "Fires"


def test_the_second_editor_keeps_what_they_typed(client, case, ann):
    client.force_login(ann)
    form = client.get(at(case, "edit")).context["form"]
    typed = {name: value for name, value in form.initial.items() if value is not None}
    case.summary = "Music and shouting"
    case.save(update_fields=["summary"])

    page = client.post(at(case, "edit"), typed | {"title": "Loud music, Mill Road"})

    again = page.context["form"]
    assert "Somebody else changed this case" in page.content.decode()
    assert again.initial["title"] == "Loud music, Mill Road"
    assert again.initial["summary"] == "Music and shouting"
    saved = {name: value for name, value in again.initial.items() if value is not None}
    assert client.post(at(case, "edit"), saved).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.summary) == ("Loud music, Mill Road", "Music and shouting")


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("edit", {"summary": "Kept words", "where": ""}, "Enter a title"),
        ("move", {"reason": "Kept words"}, "Select where the work stands"),
        ("hold", {"reason": "Kept words"}, "Enter when somebody looks at it again"),
        ("assign", {"reason": "Kept words"}, "Choose who works on it"),
        ("hand_over_ask", {"reason": "Kept words"}, "Choose the agency that should lead it"),
        ("link", {"why": "Kept words"}, "Enter the reference of the other case"),
        ("merge", {"other": "Kept words"}, "There is no case with this reference that you can see"),
    ],
)
def test_a_form_half_filled_says_what_is_missing_and_keeps_the_rest(client, case, ann, name, typed, words):
    page = body(client, ann, at(case, name), typed)

    assert words in page
    assert "Kept words" in page


def test_a_case_moves_and_is_taken_through_its_pages(client, case, team, ann):
    bea = user_at(team, Role.MANAGER)
    client.force_login(bea)

    client.post(at(case, "move"), {"to": "plan", "reason": "Agreed"})
    client.post(at(case, "take"))

    case.refresh_from_db()
    assert (case.status, case.officer) == (CaseStatus.PLAN, bea)


def test_a_link_is_made_and_taken_away(client, case, team, ann):
    other = CaseFactory(lead=team, title="The house next door")
    client.force_login(ann)
    typed = {"other": other.reference.lower(), "kind": "related", "why": "Same people"}

    assert client.post(at(case, "link"), typed).status_code == 302
    assert "The house next door" in body(client, ann, at(case))
    client.post(at(case, "unlink", CaseLink.objects.get().pk))
    assert not CaseLink.objects.exists()


def test_a_merge_shows_what_will_happen_and_can_be_undone(client, case, team, soha, ann, sam):
    other = CaseFactory(lead=team, title="The same flat")
    sharing.share(record=other, to_partner=soha, level=3, by=None, at=NOON, **TERMS)
    client.force_login(ann)
    assert client.post(at(case, "merge"), {"other": other.reference}).url.endswith(f"/{other}/")
    confirm = at(case, "merge_confirm", other.reference)
    assert f"Only {other.reference} is shared with Soha" in body(client, ann, confirm)

    client.post(confirm, {"reason": "One flat"})

    assert "The same flat" in body(client, ann, at(case))
    assert "Merged into" in body(client, ann, at(other))
    theirs = body(client, sam, at(other))
    assert "Merged into another case" in theirs
    assert case.reference not in theirs
    client.force_login(ann)
    client.post(at(case, "merge_undo", case.merges.get().pk), {"reason": "Two flats"})
    other.refresh_from_db()
    assert other.status == CaseStatus.OPEN


def test_who_is_asked_to_take_over_reads_the_reason_and_nothing_of_the_case(client, case, soha, ann, sam):
    client.force_login(ann)
    client.post(at(case, "hand_over_ask"), {"to_partner": soha.pk, "reason": "They hold the tenancy"})
    asked = HandOver.objects.get()
    url = reverse("cases:hand_over", args=[asked.pk])

    page = body(client, sam, url)
    assert "They hold the tenancy" in page
    assert case.reference in page
    for hidden in (case.title, case.summary):
        assert hidden not in page
    assert "Enter what you tell them" in body(client, sam, url, {"decision": "accept"})
    assert client.get(at(case)).status_code == 404

    client.post(url, {"decision": "take", "answer": "Our tenant"})

    case.refresh_from_db()
    assert (case.lead, case.officer) == (soha, sam)
    assert HandOver.objects.get().status == RequestStatus.ACCEPTED
    stranger = user_at(PartnerFactory(partnership=soha.partnership))
    client.force_login(stranger)
    assert client.get(url).status_code == 404


def test_each_agency_sees_its_own_reference_and_the_lead_sees_all(client, case, soha, ann, sam):
    sharing.share(record=case, to_partner=soha, level=2, by=None, at=NOON, **TERMS)
    client.force_login(sam)
    client.post(at(case, "reference"), {"reference": "SOHA-1"})
    client.force_login(ann)
    client.post(at(case, "reference"), {"reference": "CS-2"})

    assert "SOHA-1" in body(client, ann, at(case))
    theirs = body(client, sam, at(case))
    assert "SOHA-1" in theirs
    assert "CS-2" not in theirs


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("level", [None, *ShareLevel])
def test_the_shell_knows_the_rights_that_the_rules_know(client, level, restricted):
    """It tells some of them by the level of the case."""
    case = CaseFactory(lead=PartnerFactory(receiving=True))
    partner = case.lead if level is None else PartnerFactory(partnership=case.partnership)
    user = user_at(partner, Role.OFFICER if level is None else Role.PRACTITIONER)
    if level is not None:
        sharing.share(record=case, to_partner=partner, level=level, by=None, at=NOON, **TERMS)
    if restricted:
        case.restricted, case.restricted_because = True, "Words"
        case.save()
        CaseNamed.objects.create(case=case, user=user, reason="Words", added_at=NOON)
    client.force_login(user)

    shell = client.get(f"/cases/{case.reference}/").context.get("shell")

    assert (shell is None) == (level == ShareLevel.EXISTENCE)
    if shell is not None:
        assert shell.level == level_for(user, case)
        perms = {each.perm for each in (*VERBS, *TABS)}
        assert [perm for perm in perms if shell.may(perm) != user.has_perm(perm, case)] == []
