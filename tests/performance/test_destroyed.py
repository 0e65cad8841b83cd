"""What was counted of a record counts on when the retention schedule has destroyed it."""

import datetime as dt
import html
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import (
    BreachResponse,
    CaseStatus,
    ClosureReason,
    ContactKind,
    ContactMethod,
    ContactStatus,
    InterventionKind,
    InterventionStatus,
    ReportStatus,
    Risk,
)
from cases.models import (
    Case,
    CaseMerge,
    Closure,
    Contact,
    InterventionBreach,
    KeptCount,
    Tombstone,
)
from csp.actions.enums import ActionStatus
from csp.agencies.enums import AgencyKind
from csp.agencies.measures import NONE, Figure, Measure, Question, all_measures, answers, find_measure
from csp.agencies.models import Area, Partner, User
from csp.core.calendar import Period
from performance.services.report_periods import recorded_since
from performance.services.small_numbers import LEAST, Shown
from performance.services.unlisted import Unlisted, unlisted
from tasking.enums import MeetingStatus, SeriesKind
from tasking.models import ItemAction
from tests.counting import queries_of
from tests.factories.actions import ActionFactory
from tests.factories.agencies import AgencyFactory, AreaFactory, PartnerFactory, user_at
from tests.factories.cases import CategoryFactory, PersonFactory
from tests.factories.casework import (
    CaseOutcomeFactory,
    CasePersonFactory,
    InterventionFactory,
    RiskAssessmentFactory,
)
from tests.factories.tasking import (
    AgendaItemFactory,
    MeetingFactory,
    MeetingOutcomeFactory,
    SeriesFactory,
)
from tests.performance.destroyed_scene import JUNE, MAY, destroy, old_case, old_report

pytestmark = pytest.mark.django_db
YEAR = Period.named("2021-22")
QUARTERS = [Period.named(f"2021-22-Q{number}") for number in (1, 2, 3, 4)]
OCTOBER = dt.datetime(2021, 10, 5, 9, tzinfo=dt.UTC)
KEPT = [each for each in all_measures() if each.kept]


@pytest.fixture
def area(team: Partner) -> Area:
    return AreaFactory(partnership=team.partnership, name="Abingdon")


def open_list(client: Client, user: User, name: str = "reports-received", **query: str) -> str:
    client.force_login(user)
    page = client.get(reverse("performance:records", args=[name]), {"period": "2021-22"} | query)
    assert page.status_code == 200
    return html.unescape(page.content.decode())


def everything_of_a_case(team: Partner, area: Area, by: User) -> Case:
    """A provider's case that is over, with all that is counted of it and a case that became part of it."""
    soha = AgencyFactory(name="Soha Homes", kind=AgencyKind.REGISTERED_PROVIDER)
    lead = PartnerFactory(partnership=team.partnership, name="Soha", agency=soha)
    case = old_case(lead, local_area=area, risk=Risk.HIGH)
    noise, drugs = (CategoryFactory(lead=team, label=label) for label in ("Noise", "Drugs"))
    case.categories.add(noise, drugs)
    gone = old_case(lead, status=CaseStatus.CANCELLED, merged_into=case)
    CaseMerge.objects.create(kept=case, gone=gone, status_before="open", reason="Same", by=by, at=JUNE)
    report = old_report(
        team, case=case, status=ReportStatus.CASE_OPENED, hate=True, repeat_victim=True, local_area=area
    )
    report.categories.add(noise)
    person = PersonFactory(lead=team)
    for at, reopened in ((JUNE, JUNE), (OCTOBER, None)):
        closure = Closure.objects.create(
            case=case, reason=ClosureReason.values[0], note="Done", proposed_by=by, proposed_at=at,
            approved_by=by, approved_at=at, reopened_at=reopened, reopened_by=reopened and by,
            reopen_reason="Again" if reopened else "", told_how="By phone",
        )  # fmt: skip
        closure.outcomes.add(CaseOutcomeFactory(partnership=team.partnership, label=f"Moved on {at.date()}"))
    RiskAssessmentFactory(case=case, person=person, at=JUNE)
    powers = [
        InterventionFactory(case=case, kind=kind, status=InterventionStatus.ENDED, served_at=OCTOBER)
        for kind in (InterventionKind.WRITTEN_WARNING, InterventionKind.CLOSURE_ORDER)
    ]
    InterventionBreach.objects.create(
        intervention=powers[0], happened_on=OCTOBER.date(), what="Again", response=BreachResponse.values[0],
        by=by, at=OCTOBER,
    )  # fmt: skip
    for kind, of in ((ContactKind.CASE_REVIEW, {"report": report}), (ContactKind.UPDATE, {"case": case})):
        Contact.objects.create(
            partnership=team.partnership, kind=kind, method=ContactMethod.LETTER, status=ContactStatus.DONE,
            made_at=JUNE, done_at=JUNE, **of, **({"person": person} if "case" in of else {}),
        )  # fmt: skip
    for target in (case, report):
        ActionFactory(
            lead=team, owner=lead, target=target, asked_at=JUNE, due_on=JUNE.date(), ended_at=JUNE,
            status=ActionStatus.COMPLETE, outcome="Done",
        )  # fmt: skip
    return case


def discussed_at_meetings(case: Case, team: Partner) -> None:
    """The case twice, and once somebody who is known from nowhere else."""
    person = PersonFactory(lead=team)
    CasePersonFactory(case=case, person=person)
    for at, kind, about in (
        (JUNE, SeriesKind.JOINT_TASKING, {"case": case}),
        (OCTOBER, SeriesKind.NEIGHBOURHOOD, {"case": case}),
        (OCTOBER, SeriesKind.JOINT_TASKING, {"person": person}),
    ):
        series = SeriesFactory(lead=team, kind=kind)
        meeting = MeetingFactory(series=series, starts_at=at, status=MeetingStatus.APPROVED)
        item = AgendaItemFactory(meeting=meeting, kind=next(iter(about)), discussed_at=at, **about)
        item.outcomes.add(MeetingOutcomeFactory(lead=team))
        hung = ActionFactory(lead=team, owner=team, target=item, asked_at=at, due_on=at.date())
        ItemAction.objects.create(item=item, action=hung)


def counted(measure: Measure, team: Partner) -> list[tuple[str, list[Figure]]]:
    """All that is ever shown of it."""
    questions = [Question(measure, each) for each in (YEAR, *QUARTERS, YEAR.back())]
    questions += [Question(measure, each, by) for each in (YEAR, QUARTERS[0]) for by in measure.breakdowns]
    questions += [
        Question(measure, YEAR, only={by.name: figure.key})
        for by in measure.breakdowns
        for figure in measure.figures_by(by, team.partnership, YEAR)
    ]
    found = answers(team.partnership, questions)
    asked = [f"{each.period} {each.breakdown} {each.only}" for each in questions]
    return [(words, each.figures or [each.whole]) for words, each in zip(asked, found, strict=True)]


@pytest.mark.parametrize("measure", KEPT, ids=lambda each: each.name)
def test_no_figure_changes_when_records_are_destroyed(
    measure: Measure, team: Partner, area: Area, officer: User
) -> None:
    case = everything_of_a_case(team, area, officer)
    discussed_at_meetings(case, team)
    alone = old_report(team, hate=True, repeat_victim=True)
    destroyed = [case, alone, old_report(team, status=ReportStatus.DUPLICATE), old_case(team)]
    for _ in range(2):
        old_report(team, local_area=area)
        old_case(team, local_area=area)
    before = counted(measure, team)
    assert dict(before)[f"{YEAR} None None"][0].number > 0

    for each in destroyed:
        destroy(each, officer)

    assert counted(measure, team) == before
    listed = measure.records_of(team.partnership, YEAR).count()
    gone = measure.destroyed(team.partnership, YEAR)
    assert listed + gone == measure.figure(team.partnership, YEAR).number
    assert gone > 0
    assert "destroyed under the retention schedule" in measure.rule


def test_what_was_never_counted_is_not_counted_when_it_is_destroyed(team: Partner, officer: User) -> None:
    destroy(old_report(team, status=ReportStatus.DUPLICATE), officer)
    kept = old_case(team)
    old_case(team, status=CaseStatus.CANCELLED, merged_into=kept)
    destroy(kept, officer)

    assert Tombstone.objects.count() == 3
    numbers = {each.name: each.figure(team.partnership, YEAR).number for each in KEPT}
    assert (numbers["reports-received"], numbers["cases-opened"]) == (0, 1)


def test_destroyed_and_living_are_asked_for_in_one_query(team: Partner, officer: User) -> None:
    destroy(old_report(team), officer)
    old_report(team)
    measure = find_measure("reports-received")
    assert measure
    questions = [Question(measure, each) for each in QUARTERS]
    questions += [Question(measure, YEAR, each) for each in measure.breakdowns]

    assert len(queries_of(lambda: answers(team.partnership, questions))) == 1
    assert [each.whole.number for each in answers(team.partnership, questions)[:4]] == [2, 0, 0, 0]


def test_a_key_has_its_name_of_today_and_one_row(team: Partner, area: Area, officer: User) -> None:
    destroy(old_report(team, local_area=area), officer)
    old_report(team, local_area=area)
    Area.objects.filter(pk=area.pk).update(name="Abingdon-on-Thames")
    measure = find_measure("reports-received")
    by = measure and measure.breakdown("area")
    assert measure
    assert by

    assert measure.figures_by(by, team.partnership, YEAR) == [
        Figure(str(area.pk), "Abingdon-on-Thames", 2),
    ]


def test_a_count_of_which_less_is_known_counts_in_the_whole_alone(team: Partner, officer: User) -> None:
    destroy(old_report(team), officer)
    KeptCount.objects.filter(measure="reports-received").update(keys={"area": {"": ""}})
    measure = find_measure("reports-received")
    assert measure
    found = answers(team.partnership, [Question(measure, YEAR, each) for each in measure.breakdowns])

    assert measure.figure(team.partnership, YEAR).number == 1
    assert [(each.key, each.label) for answer in found for each in answer.figures] == [
        (NONE, "Place not known")
    ]


def test_a_room_is_in_use_since_its_first_record_though_that_is_destroyed(
    team: Partner, officer: User
) -> None:
    destroy(old_report(team), officer)
    assert recorded_since(team.partnership, KEPT) == {
        "reports": JUNE.date(),
    }


def test_a_list_says_below_its_rows_how_many_were_destroyed(
    client: Client, team: Partner, officer: User
) -> None:
    for _ in range(2):
        destroy(old_report(team), officer)
    old_report(team)

    page = open_list(client, officer)
    assert page.count("data-row-link") == 1
    assert '<p class="app-figure__number">\n        3' in page
    assert "And 2 destroyed under the retention schedule, of which only numbers are kept." in page
    assert "not listed" not in page


def test_a_list_is_cut_by_what_only_a_destroyed_record_had(
    client: Client, team: Partner, area: Area, officer: User
) -> None:
    destroy(old_report(team, local_area=area), officer)

    for period in ("2021-22", "2020-21"):
        assert "Area: Abingdon" in open_list(client, officer, area=str(area.pk), period=period)
    page = open_list(client, officer, area=str(area.pk))
    assert "And 1 destroyed" in page
    assert f"?period=2021-22&area={area.pk}" in open_list(client, officer)


def test_an_agency_is_not_told_how_few_were_destroyed(client: Client, team: Partner, officer: User) -> None:
    police = PartnerFactory(partnership=team.partnership, name="Police")
    for _ in range(2):
        destroy(old_report(team), officer)
    for _ in range(6):
        old_report(team)
    reader = user_at(police)

    page = open_list(client, reader)
    assert '<p class="app-figure__number">\n        8' in page
    assert "8 of them are not listed: not open to you, or destroyed under the retention schedule." in page
    assert "And 2" not in page


def whole(number: int | None) -> Shown:
    return Shown("", "Reports received", number, "")


@given(
    listed=st.integers(0, 20), hidden=st.integers(0, 20), destroyed=st.integers(0, 20), small=st.booleans()
)
def test_rows_and_words_make_the_whole_and_tell_no_small_number(
    listed: int, hidden: int, destroyed: int, small: bool
) -> None:
    found = unlisted(whole(listed + hidden + destroyed), listed, destroyed, small=small)

    numbers = [int(each) for each in re.findall(r"[0-9]+", found.above + found.below)]
    if small:
        assert listed + sum(numbers) == listed + hidden + destroyed
    assert small or not any(0 < each < LEAST for each in numbers)
    told = sum(numbers) == hidden + destroyed
    assert told or "Some of them" in found.above


def test_nothing_is_said_beside_a_number_that_is_held_back() -> None:
    assert unlisted(whole(None), 0, 3, small=False) == Unlisted()


def test_what_was_destroyed_before_counts_from_its_tombstone(
    team: Partner, area: Area, officer: User
) -> None:
    destroy(everything_of_a_case(team, area, officer), officer)
    destroy(old_report(team, status=ReportStatus.DUPLICATE), officer)
    names = (
        "reports-received",
        "hate-reports",
        "cases-opened",
        "high-risk-cases",
        "cases-open",
        "cases-closed",
    )
    until_it_ended = Period(YEAR.first, MAY.date())
    questions = [
        Question(each, until_it_ended if each.name == "cases-closed" else YEAR, by)
        for each in KEPT
        if each.name in names
        for by in (None, *each.breakdowns)
        if not by or by.name not in ("agency", "referred")
    ]
    before = [each.figures for each in answers(team.partnership, questions)]
    KeptCount.objects.all().delete()

    import_module("cases.migrations.0015_count_destroyed").keep_counts(apps, None)

    assert [each.figures for each in answers(team.partnership, questions)] == before
    assert sum(figure.number for figures in before for figure in figures) > len(questions)
