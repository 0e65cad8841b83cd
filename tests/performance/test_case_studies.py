"""Case studies: who supplies them, who checks them, and what a report prints."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from csp.agencies.enums import Role
from csp.core.calendar import Period
from performance.models import CaseStudy
from performance.services import case_studies as service
from performance.services.report_content import live
from tests.factories.agencies import PartnerFactory, user_at

pytestmark = pytest.mark.django_db
TOLD = "Young person H came back to school."


@pytest.fixture
def housing(soha):
    return user_at(soha, Role.PRACTITIONER)


@pytest.fixture
def quarter(team):
    return Period.quarter_of(timezone.localdate(), team.partnership.year_start)


@pytest.fixture
def study(soha, housing, quarter):
    story = service.Story("H goes to school", TOLD, quarter.first)
    return service.supply(partner=soha, story=story, by=housing, at=timezone.now())


def send(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"performance:{name}", args=args), data)


def open_page(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"performance:{name}", args=args))


def printed(team, quarter):
    content = live(team.partnership, quarter, timezone.now())
    (section,) = (each for each in content["sections"] if each["name"] == "case_studies")
    return [block["title"] for block in section["blocks"] if block["type"] == "story"]


def typed(client, user, study, **more):
    form = open_page(client, user, "case_study_edit", study.pk).context["form"]
    return {name: form.initial[name] for name in ("title", "text", "quarter", "seen")} | more


def test_an_agency_supplies_one(client, housing, soha, quarter):
    data = {"partner": soha.pk, "title": "H", "text": TOLD, "quarter": quarter.first.isoformat()}
    assert send(client, housing, "case_study_new", **data).status_code == 302

    (made,) = CaseStudy.objects.all()
    assert (made.supplied_by, made.by, made.quarter) == (soha, housing, quarter.first)
    assert made.checked_at is None


def test_it_says_what_is_missing_and_keeps_the_rest(client, housing, soha):
    page = send(client, housing, "case_study_new", partner=soha.pk, title="", text=TOLD).content.decode()

    assert "Enter a title" in page
    assert "Select the quarter" in page
    assert TOLD in page


def test_an_agency_supplies_for_itself_alone(client, housing, team, quarter):
    data = {"partner": team.pk, "title": "H", "text": TOLD, "quarter": quarter.first.isoformat()}
    assert "Select the agency" in send(client, housing, "case_study_new", **data).content.decode()


def test_a_report_prints_it_once_somebody_else_checked_it(client, team, officer, housing, study, quarter):
    assert printed(team, quarter) == []
    seen = open_page(client, officer, "case_study", study.pk).context["seen"]
    send(client, officer, "case_study_check", study.pk, seen=seen)
    assert printed(team, quarter) == ["H goes to school"]
    earlier = Period.quarter_of(quarter.first - dt.timedelta(days=1), team.partnership.year_start)
    assert printed(team, earlier) == []


def test_whoever_wrote_it_does_not_check_it(team, officer, quarter):
    story = service.Story("H", TOLD, quarter.first)
    study = service.supply(partner=team, story=story, by=officer, at=timezone.now())

    with pytest.raises(service.CannotTell, match="Somebody other than who wrote it"):
        service.check(study=study, seen=service.prints_of(story), by=officer, at=timezone.now())


def test_what_changed_is_checked_again(client, team, officer, housing, study, quarter):
    send(client, officer, "case_study_check", study.pk,
         seen=open_page(client, officer, "case_study", study.pk).context["seen"])  # fmt: skip
    send(client, housing, "case_study_edit", study.pk, **typed(client, housing, study, text="It was Harry."))

    study.refresh_from_db()
    assert (study.text, study.checked_at) == ("It was Harry.", None)
    assert printed(team, quarter) == []


def test_what_changed_since_it_was_read_is_not_checked(client, officer, housing, study):
    seen = open_page(client, officer, "case_study", study.pk).context["seen"]
    send(client, housing, "case_study_edit", study.pk, **typed(client, housing, study, text="It was Harry."))
    send(client, officer, "case_study_check", study.pk, seen=seen)

    study.refresh_from_db()
    assert study.checked_at is None


def test_the_second_of_two_writers_is_told_and_loses_nothing(client, officer, housing, study):
    mine, theirs = (
        typed(client, user, study, text=text) for user, text in ((housing, "Mine"), (officer, "Other"))
    )
    send(client, officer, "case_study_edit", study.pk, **theirs)

    page = send(client, housing, "case_study_edit", study.pk, **mine).content.decode()
    assert "Somebody else changed this case study" in page
    assert "Mine" in page
    assert "Other" in page


def test_other_agencies_and_the_board_see_none_of_it(client, team, study):
    police = PartnerFactory(partnership=team.partnership, name="Police")
    for partner, role in ((police, Role.PRACTITIONER), (team, Role.BOARD), (PartnerFactory(), Role.OFFICER)):
        assert open_page(client, user_at(partner, role), "case_study", study.pk).status_code == 404, role
    assert open_page(client, user_at(team, Role.BOARD), "case_studies").status_code == 403
