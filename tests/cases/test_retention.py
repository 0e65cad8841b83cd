import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import CaseStatus, RecordType, ReportStatus
from cases.models import LegalHold, RetentionRule
from cases.services import retention
from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.calendar import add_months, start_of_day
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, ReportFactory
from tests.factories.imports import ImportRunFactory

ENDED = dt.date(2020, 2, 29)
AT_NOON = dt.timedelta(hours=12)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def manager(team):
    return user_at(team, Role.MANAGER)


def moment(day):
    return start_of_day(day) + AT_NOON


def closed(team, day=ENDED, **more):
    return CaseFactory(
        lead=team, status=CaseStatus.CLOSED, opened_at=moment(day), ended_at=moment(day), **more
    )


@given(
    on=st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)),
    months=st.integers(1, 240),
    back=st.integers(-3, 3),
)
def test_last_day_due_is_the_edge(on, months, back):
    edge = retention.last_day_due(on, months)
    day = edge + dt.timedelta(days=back)

    assert (add_months(day, months) <= on) == (day <= edge)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "is_due"),
    [(dt.date(2026, 2, 27), False), (dt.date(2026, 2, 28), True), (dt.date(2026, 3, 1), True)],
)
def test_case_is_due_six_years_after_it_closed(team, manager, on, is_due):
    case = closed(team)

    found = retention.due(RecordType.CASE, manager, team.partnership, on)

    assert list(found) == ([case] if is_due else [])


@pytest.mark.django_db
def test_schedule_of_the_partnership_holds(team, manager):
    case = closed(team)
    RetentionRule.objects.create(
        partnership=team.partnership, record_type=RecordType.CASE, months=12, starts_on=dt.date(2020, 1, 1)
    )

    assert list(retention.due(RecordType.CASE, manager, team.partnership, dt.date(2021, 2, 28))) == [case]


@pytest.mark.django_db
def test_queue_leaves_out_what_is_held_proposed_put_off_open_or_somebody_elses(team, manager):
    on = dt.date(2030, 1, 1)
    held, proposed, put_off, again = (closed(team) for _ in range(4))
    CaseFactory(lead=team)
    closed(PartnerFactory(partnership=team.partnership))
    retention.place_hold(kept=held, reason="Inquiry", by=manager, at=moment(on))
    retention.propose(kept=proposed, reason="Time over", by=manager, at=moment(on))
    until = on + dt.timedelta(days=1)
    retention.extend(kept=put_off, until=until, reason="Appeal", by=manager, at=moment(on))
    retention.extend(kept=again, until=on, reason="Appeal", by=manager, at=moment(on - dt.timedelta(9)))

    assert list(retention.due(RecordType.CASE, manager, team.partnership, on)) == [again]
    assert put_off in retention.due(RecordType.CASE, manager, team.partnership, until)


@pytest.mark.django_db
def test_reports_that_are_done_with_are_due_after_two_years(team, manager):
    received = moment(dt.date(2024, 3, 4))
    advised = ReportFactory(lead=team, status=ReportStatus.ADVICE, received_at=received)
    ReportFactory(lead=team, received_at=received)
    day = dt.date(2026, 3, 4)

    assert not retention.due(RecordType.REPORT, manager, team.partnership, day - dt.timedelta(1)).exists()
    assert list(retention.due(RecordType.REPORT, manager, team.partnership, day)) == [advised]


@pytest.mark.django_db
@pytest.mark.parametrize("early", [True, False])
def test_propose_waits_for_the_day(team, manager, early):
    case = closed(team)
    at = moment(dt.date(2026, 2, 27 if early else 28))

    if early:
        with pytest.raises(retention.CannotDispose, match="is kept until 28 February 2026"):
            retention.propose(kept=case, reason="Time over", by=manager, at=at)
    else:
        made = retention.propose(kept=case, reason="Time over", by=manager, at=at)
        assert (made.status, made.case) == ("proposed", case)
        assert Event.objects.get().verb == "record.destruction_proposed"


@pytest.mark.django_db
def test_one_person_cannot_destroy_alone(team, manager):
    made = retention.propose(
        kept=closed(team), reason="Time over", by=manager, at=moment(dt.date(2030, 1, 1))
    )

    with pytest.raises(retention.CannotDispose, match="Another person"):
        retention.agree(disposal=made, by=manager, at=moment(dt.date(2030, 1, 2)))


@pytest.mark.django_db
def test_refusing_keeps_the_record_and_it_can_be_proposed_again(team, manager):
    case, at = closed(team), moment(dt.date(2030, 1, 1))
    made = retention.propose(kept=case, reason="Time over", by=manager, at=at)
    other = user_at(team, Role.MANAGER)

    retention.refuse(disposal=made, reason="Civil claim expected", by=other, at=at)

    with pytest.raises(retention.CannotDispose, match="decided this already"):
        retention.agree(disposal=made, by=other, at=at)
    assert retention.propose(kept=case, reason="Now", by=manager, at=at).status == "proposed"


@pytest.mark.django_db
def test_proposed_twice_is_refused(team, manager):
    case, at = closed(team), moment(dt.date(2030, 1, 1))
    retention.propose(kept=case, reason="Time over", by=manager, at=at)

    with pytest.raises(retention.CannotDispose, match="waits for a second person already"):
        retention.propose(kept=case, reason="Time over", by=manager, at=at)


@pytest.mark.django_db
def test_legal_hold_stops_a_destruction_that_was_agreed_to_be_asked(team, manager):
    case, at = closed(team), moment(dt.date(2030, 1, 1))
    made = retention.propose(kept=case, reason="Time over", by=manager, at=at)
    hold = retention.place_hold(kept=case, reason="Inquiry", by=manager, at=at)
    second = user_at(team, Role.AUDITOR)

    with pytest.raises(retention.CannotDispose, match="under a legal hold"):
        retention.agree(disposal=made, by=second, at=at)
    with pytest.raises(retention.CannotDispose, match="already"):
        retention.place_hold(kept=case, reason="Inquiry", by=manager, at=at)
    retention.lift_hold(hold=hold, reason="Inquiry over", by=manager, at=at)
    retention.agree(disposal=made, by=second, at=at)

    assert not LegalHold.objects.exists()


@pytest.mark.django_db
def test_extend_needs_a_day_in_the_future(team, manager):
    with pytest.raises(retention.CannotDispose, match="in the future"):
        retention.extend(
            kept=closed(team),
            until=dt.date(2030, 1, 1),
            reason="x",
            by=manager,
            at=moment(dt.date(2030, 1, 1)),
        )


@pytest.mark.django_db
def test_open_case_has_no_end_to_count_from(team, manager):
    with pytest.raises(retention.CannotDispose, match="is open"):
        retention.propose(kept=CaseFactory(lead=team), reason="x", by=manager, at=moment(ENDED))


@pytest.mark.django_db
def test_nobody_else_keeps_records(team):
    closed(team)
    for role in (Role.OFFICER, Role.BOARD, Role.ADMINISTRATOR):
        user = user_at(team, role)
        assert not retention.due(RecordType.CASE, user, team.partnership, dt.date(2030, 1, 1)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "gone"), [(3, 0), (4, 1), (5, 1)])
def test_uploaded_files_go_after_a_year(team, day, gone, django_capture_on_commit_callbacks):
    run = ImportRunFactory(lead=team, content=b"a,b\n", at=moment(dt.date(2025, 3, 4)))
    stored = run.file.storage, run.file.name

    with django_capture_on_commit_callbacks(execute=True):
        assert retention.discard_import_files(at=moment(dt.date(2026, 3, day))) == gone

    run.refresh_from_db()
    assert bool(run.file) == (not gone)
    assert stored[0].exists(stored[1]) == (not gone)
