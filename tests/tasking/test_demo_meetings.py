"""The demo's meetings: the published year is counted as it was published, and the next meeting is full."""

import datetime as dt

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from csp.actions.models import Action
from csp.agencies.measures import find_measure
from csp.agencies.models import Partnership, User
from csp.core.calendar import Period, add_working_days, local_day
from tasking.enums import ItemKind, MeetingStatus, ReferralStatus
from tasking.models import AgendaItem, Meeting, MeetingPartner, Referral

pytestmark = pytest.mark.django_db
YEAR = Period.named("2021-22")
FACTS = {
    "meetings": {
        "Abingdon": 8,
        "Didcot and Wallingford": 7,
        "Wantage and Faringdon": 6,
        "Thame and Henley": 5,
    },
    "cases": {
        "Wantage and Faringdon": 24,
        "Abingdon": 20,
        "Didcot and Wallingford": 18,
        "Thame and Henley": 15,
    },
    "issues": {"neighbour disputes": 33, "other ASB": 12, "noise nuisance": 10},
    "outcomes": {
        "improved multi-agency enforcement": 36,
        "joined-up support for victims and subjects": 31,
        "reduction in ASB": 24,
    },
}
"""As published for 2021-22, in a report of 7 November 2022."""
ISSUES = {
    "neighbour disputes": "Rowdy or nuisance neighbours",
    "other ASB": "Something else",
    "noise nuisance": "Noise",
}
"""What the demo calls the kinds that were published."""


@pytest.fixture(scope="module")
def _demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        call_command("demo", json=True)
        yield
        transaction.set_rollback(True)


def counted(name, breakdown, slug="south-and-vale"):
    measure = find_measure(name)
    partnership = Partnership.objects.get(slug=slug)
    only = {"kind": "neighbourhood"}
    figures = measure.figures_by(measure.breakdown(breakdown), partnership, YEAR, only)
    return {figure.label: figure.number for figure in figures}


def test_the_facts_are_those_that_were_published():
    file = settings.BASE_DIR.parent / "shared" / "facts" / "south-vale-2021-22.yaml"
    if file.exists():  # elsewhere the numbers above stand alone
        published = yaml.safe_load(file.read_text())
        assert published["neighbourhood_meetings_2021_22"]["by_area"] == FACTS["meetings"]
        cases = published["neighbourhood_cases_2021_22"]
        assert (cases["by_area"], cases["by_issue"]) == (FACTS["cases"], FACTS["issues"])
        assert cases["outcomes"] == FACTS["outcomes"]


@pytest.mark.usefixtures("_demo")
def test_the_published_year_is_counted_as_it_was_published():
    assert counted("meetings-held", "area") == FACTS["meetings"]
    assert counted("cases-discussed", "area") == FACTS["cases"]
    issues = counted("cases-discussed", "issue")
    assert {name: issues[ISSUES[name]] for name in FACTS["issues"]} == FACTS["issues"]
    outcomes = {label.casefold(): number for label, number in counted("meeting-outcomes", "outcome").items()}
    assert outcomes == {name.casefold(): number for name, number in FACTS["outcomes"].items()}


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize(("name", "number"), [("meetings-held", 26), ("cases-discussed", 77)])
def test_its_wholes_are_those_published_and_another_partnership_has_none(name, number):
    for slug, expected in (("south-and-vale", number), ("west-oxfordshire", 0)):
        partnership = Partnership.objects.get(slug=slug)
        assert find_measure(name).figure(partnership, YEAR).number == expected


@pytest.mark.usefixtures("_demo")
def test_the_next_meeting_is_in_five_working_days_with_fourteen_items_and_twenty_actions():
    coming = Meeting.objects.get(status=MeetingStatus.AGENDA_OPEN)
    today = local_day(timezone.now())
    items = AgendaItem.objects.filter(meeting=coming)

    assert coming.day == add_working_days(today, 5)
    assert items.count() == 14
    assert items.exclude(previous=None).count() == 2
    assert set(items.values_list("kind", flat=True)) == set(ItemKind.values)
    assert items.filter(case__restricted=True).count() == 1
    actions = Action.objects.filter(given_at__item__meeting__series=coming.series)
    assert actions.count() == 20
    assert set(actions.late(today).values_list("owner__name", flat=True)) == {"Police", "Soha"}
    assert Referral.objects.filter(meeting=coming, status=ReferralStatus.WAITING).count() == 2
    assert MeetingPartner.objects.filter(meeting=coming, sent_at__isnull=False).count() == 3


@pytest.mark.usefixtures("_demo")
def test_nobody_sees_in_it_what_is_not_theirs():
    housing = User.objects.get(email="housing@demo.example")
    seen = AgendaItem.objects.visible_to(housing).filter(meeting__status=MeetingStatus.AGENDA_OPEN)
    past = AgendaItem.objects.visible_to(housing).filter(meeting__starts_at__lt=YEAR.ends_at)

    assert 0 < seen.count() < 14
    assert not seen.filter(case__restricted=True).exists()
    assert not past.exists()


@pytest.mark.usefixtures("_demo")
def test_one_meeting_of_last_week_waits_for_its_minutes():
    draft = Meeting.objects.get(status=MeetingStatus.MINUTES_DRAFT)
    assert local_day(timezone.now()) - draft.day <= dt.timedelta(days=10)
