"""Each limit of each power: the moment before, on it, and after."""

import datetime as dt
from decimal import Decimal

import pytest

from cases.enums import InterventionStatus
from cases.services.power_limits import (
    Draft,
    hearing_problems,
    hours_without_christmas,
    last_of,
    penalty_problems,
)
from csp.core.calendar import add_months, end_of_day
from tests.cases.power_drafts import (
    ADULT,
    CHILD,
    DAY,
    MINUTE,
    NOON,
    RULES,
    STOP,
    K,
    L,
    at,
    closing,
    found,
    limits,
    notice,
    order,
    served,
    warning,
)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (dt.timedelta(hours=48) - MINUTE, []),
        (dt.timedelta(hours=48), []),
        (dt.timedelta(hours=48) + MINUTE, [L.LONGEST]),
    ],
)
def test_a_dispersal_lasts_48_hours(hours, expected):
    assert limits(served(K.DISPERSAL, ends_at=NOON + hours)) == expected


def test_a_limited_power_needs_its_end():
    (problem,) = found(served(K.DISPERSAL))

    assert problem.refuses
    assert "Enter when it ends" in problem.sentence
    assert "s.34" in problem.source


@pytest.mark.parametrize(
    ("hours", "expected", "refuses"),
    [
        (dt.timedelta(hours=24), [], False),
        (dt.timedelta(hours=24) + MINUTE, [L.LONGEST], False),
        (dt.timedelta(hours=48), [L.LONGEST], False),
        (dt.timedelta(hours=48) + MINUTE, [L.LONGEST, L.LONGEST_EXTENDED], True),
    ],
)
def test_a_closure_notice_lasts_24_hours_or_48_if_somebody_senior_signs(hours, expected, refuses):
    problems_ = found(closing(ends_at=NOON + hours))

    assert [problem.limit for problem in problems_] == expected
    assert any(problem.refuses for problem in problems_) == refuses


@pytest.mark.parametrize(("hours", "expected"), [(48, []), (48.02, [L.LONGEST_EXTENDED])])
def test_a_closure_notice_is_extended_to_48_hours(hours, expected):
    end = NOON + dt.timedelta(hours=hours)

    assert limits(closing(ends_at=end, extended_from=NOON + DAY)) == expected


@pytest.mark.parametrize(
    ("late", "expected"),
    [(-MINUTE, []), (dt.timedelta(0), []), (MINUTE, [L.HEARING])],
)
def test_the_court_hears_it_within_48_hours_of_service(late, expected):
    assert limits(closing(hearing_at=NOON + 2 * DAY + late)) == expected


@pytest.mark.parametrize(
    ("served_at", "last"),
    [
        (at("2026-12-22"), at("2026-12-24")),
        (at("2026-12-22", 23, 59), at("2026-12-24", 23, 59)),
        (at("2026-12-23", 0), at("2026-12-25", 0)),
        (at("2026-12-23", 0, 1), at("2026-12-26", 0, 1)),
        (at("2026-12-24"), at("2026-12-27")),
        (at("2026-12-25", 15), at("2026-12-28", 0)),
        (at("2026-12-26", 0), at("2026-12-28", 0)),
        (at("2026-12-31"), at("2027-01-02")),
    ],
)
def test_christmas_day_is_left_out_of_the_48_hours(served_at, last):
    assert hours_without_christmas(served_at, 48) == last
    assert not hearing_problems(closing(served_at=served_at, hearing_at=last), RULES)
    assert hearing_problems(closing(served_at=served_at, hearing_at=last + MINUTE), RULES)


def test_christmas_day_counts_in_the_24_hours():
    start = at("2026-12-24")
    end = start + DAY + MINUTE

    assert L.LONGEST in limits(closing(served_at=start, starts_at=start, ends_at=end, hearing_at=start))


def test_a_closure_notice_says_when_the_court_hears_it():
    (problem,) = found(closing(hearing_at=None))

    assert problem.refuses
    assert "17 January 2026 at midday" in problem.sentence


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [("2026-04-13", []), ("2026-04-14", []), ("2026-04-15", [L.LONGEST])],
)
def test_a_closure_order_lasts_three_months_the_first_day_counted(last_day, expected):
    assert limits(order(ends_at=end_of_day(dt.date.fromisoformat(last_day)))) == expected


@pytest.mark.parametrize(("last_day", "expected"), [("2026-07-14", []), ("2026-07-15", [L.LONGEST_EXTENDED])])
def test_a_closure_order_lasts_six_months_with_its_extensions(last_day, expected):
    end = end_of_day(dt.date.fromisoformat(last_day))

    assert limits(order(ends_at=end, extended_from=end_of_day(dt.date(2026, 4, 14)))) == expected


@pytest.mark.parametrize(
    ("follows", "words"),
    [
        (None, "Choose the closure notice that came before"),
        (closing(), "was not served"),
        (closing(status=InterventionStatus.WITHDRAWN), "was not served"),
        (closing(status=InterventionStatus.IN_FORCE, place=8), "the same premises"),
    ],
)
def test_a_closure_order_follows_a_notice_for_the_same_premises(follows, words):
    (problem,) = found(order(follows=follows))

    assert problem.refuses
    assert words in problem.sentence


def test_a_closure_order_may_come_when_the_notice_has_run_out():
    over = closing(status=InterventionStatus.ENDED, served_at=NOON - 5 * DAY, ends_at=NOON - 4 * DAY)

    assert found(order(follows=over)) == []


@pytest.mark.parametrize(
    ("last_day", "expected"), [("2029-01-13", []), ("2029-01-14", []), ("2029-01-15", [L.LONGEST])]
)
def test_a_pspo_lasts_three_years(last_day, expected):
    assert limits(served(K.PSPO, ends_at=end_of_day(dt.date.fromisoformat(last_day)))) == expected


@pytest.mark.parametrize(("last_day", "expected"), [("2032-01-14", []), ("2032-01-15", [L.LONGEST])])
def test_each_extension_of_a_pspo_may_be_three_years(last_day, expected):
    end = end_of_day(dt.date.fromisoformat(last_day))

    assert limits(served(K.PSPO, ends_at=end, extended_from=end_of_day(dt.date(2029, 1, 14)))) == expected


@pytest.mark.parametrize(("kind", "age"), [(K.CPW, 16), (K.CPN, 16), (K.INJUNCTION, 10)])
def test_nobody_younger_gets_it(kind, age):
    birthday = add_months(dt.date(2026, 1, 15), -12 * age)
    base = notice() if kind == K.CPN else served(kind)

    def for_born(born_on):
        draft = Draft(**{**vars(base), "born_on": born_on, "ends_at": end_of_day(dt.date(2026, 6, 1))})
        return [each for each in found(draft) if each.limit == L.YOUNGEST]

    assert for_born(birthday - DAY) == []
    assert for_born(birthday) == []
    (problem,) = for_born(birthday + DAY)
    assert problem.refuses
    assert f"they are {age - 1} on 15 January 2026" in problem.sentence


def test_somebody_born_on_29_february_is_a_year_older_on_1_march():
    draft = Draft(kind=K.CPW, person=1, born_on=dt.date(2008, 2, 29))

    assert (draft.age(dt.date(2024, 2, 28)), draft.age(dt.date(2024, 2, 29))) == (15, 16)
    assert (draft.age(dt.date(2026, 2, 28)), draft.age(dt.date(2026, 3, 1))) == (17, 18)


def test_an_unknown_age_warns_once_and_a_body_has_none():
    (problem,) = found(served(K.CPW, born_on=None))

    assert not problem.refuses
    assert "date of birth is not known" in problem.sentence
    assert found(served(K.CPW, person=None, born_on=None, body="Snug Bar Ltd")) == []


@pytest.mark.parametrize(
    ("last_day", "expected"), [("2027-01-13", []), ("2027-01-14", []), ("2027-01-15", [L.LONGEST_UNDER_18])]
)
def test_an_injunction_for_a_child_lasts_twelve_months(last_day, expected):
    end = end_of_day(dt.date.fromisoformat(last_day))

    assert limits(served(K.INJUNCTION, born_on=CHILD, ends_at=end)) == expected
    assert limits(served(K.INJUNCTION, born_on=ADULT, ends_at=end)) == []


def test_an_injunction_for_a_child_has_an_end_one_for_an_adult_need_not():
    assert limits(served(K.INJUNCTION, born_on=CHILD)) == [L.LONGEST_UNDER_18]
    assert limits(served(K.INJUNCTION, born_on=ADULT)) == []


@pytest.mark.parametrize(
    ("last_day", "expected"), [("2028-01-13", [L.SHORTEST]), ("2028-01-14", []), ("2028-01-15", [])]
)
def test_a_cbo_for_an_adult_lasts_two_years_at_least(last_day, expected):
    end = end_of_day(dt.date.fromisoformat(last_day))

    assert limits(served(K.CBO, ends_at=end)) == expected


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [
        ("2027-01-13", [L.SHORTEST_UNDER_18]),
        ("2027-01-14", []),
        ("2029-01-14", []),
        ("2029-01-15", [L.LONGEST_UNDER_18]),
    ],
)
def test_a_cbo_for_a_child_lasts_one_to_three_years(last_day, expected):
    end = end_of_day(dt.date.fromisoformat(last_day))

    assert limits(served(K.CBO, born_on=CHILD, ends_at=end, review_on=dt.date(2027, 1, 14))) == expected


@pytest.mark.parametrize(
    ("review_on", "expected"),
    [("2027-01-14", []), ("2027-01-15", [L.REVIEW_UNDER_18]), (None, [L.REVIEW_UNDER_18])],
)
def test_a_cbo_for_a_child_is_reviewed_within_a_year(review_on, expected):
    day = review_on and dt.date.fromisoformat(review_on)
    end = end_of_day(dt.date(2028, 1, 14))

    assert limits(served(K.CBO, born_on=CHILD, ends_at=end, review_on=day)) == expected
    seventeen = dt.date(2008, 6, 1)
    assert limits(served(K.CBO, born_on=seventeen, ends_at=end, review_on=day)) == []


def test_a_notice_after_its_warning_with_the_same_conditions_is_within_its_limits():
    assert found(notice()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"follows": None}, "Choose the Community Protection Warning that came before"),
        ({"follows": warning(status=InterventionStatus.DRAFT, served_at=None)}, "was not served"),
        ({"follows": warning(status=InterventionStatus.WITHDRAWN)}, "was not served"),
        ({"follows": warning(served_at=NOON + MINUTE)}, "was not served"),
        ({"follows": warning(ends_at=NOON - MINUTE)}, "no longer stands"),
        (
            {"follows": warning(status=InterventionStatus.ENDED, ended_on=dt.date(2026, 1, 15))},
            "no longer stands",
        ),
        ({"follows": warning(person=2)}, "the same person or body"),
        ({"follows": warning(person=None, body="Snug Bar Ltd")}, "the same person or body"),
        ({"conditions": frozenset()}, "conditions must be those"),
        ({"conditions": STOP | {("requirement", "move out")}}, "conditions must be those"),
    ],
)
def test_a_notice_needs_a_standing_warning_to_the_same_person_with_the_same_conditions(changes, words):
    (problem,) = found(notice(**changes))

    assert problem.refuses
    assert problem.limit == L.FOLLOWS
    assert words in problem.sentence
    assert "s.43(5)" in problem.source


@pytest.mark.parametrize(
    "before",
    [
        warning(served_at=NOON),
        warning(ends_at=NOON),
        warning(status=InterventionStatus.ENDED, ended_on=dt.date(2026, 1, 16)),
    ],
)
def test_a_warning_that_stood_at_the_moment_of_service_is_enough(before):
    assert found(notice(follows=before)) == []


def test_a_body_is_known_by_its_name_however_it_is_spelt():
    before = warning(person=None, born_on=None, body="Snug  bar LTD")

    assert found(notice(person=None, born_on=None, body="Snug Bar Ltd", follows=before)) == []


@pytest.mark.parametrize(("amount", "expected"), [("99.99", 0), ("100", 0), ("100.01", 1)])
@pytest.mark.parametrize(("kind", "refuses"), [(K.CPN, True), (K.PSPO, False)])
def test_a_fixed_penalty_is_a_hundred_pounds_at_most(kind, refuses, amount, expected):
    found_ = penalty_problems(kind, Decimal(amount), RULES, dt.date(2026, 1, 15))

    assert len(found_) == expected
    assert all(problem.refuses is refuses for problem in found_)


@pytest.mark.parametrize(("last_day", "expected"), [("2026-07-14", []), ("2026-07-15", [L.LAPSES])])
def test_a_warning_that_outlives_local_practice_only_warns(last_day, expected):
    problems_ = found(served(K.CPW, ends_at=end_of_day(dt.date.fromisoformat(last_day))))

    assert [problem.limit for problem in problems_] == expected
    assert not any(problem.refuses or problem.is_law for problem in problems_)


@pytest.mark.parametrize(("last_day", "expected"), [("2026-07-14", []), ("2026-07-15", [L.LONGEST])])
def test_a_contract_longer_than_six_months_only_warns(last_day, expected):
    review = dt.date(2026, 4, 14)
    draft = served(K.ABC, ends_at=end_of_day(dt.date.fromisoformat(last_day)), review_on=review)

    assert limits(draft) == expected
    assert not any(problem.refuses for problem in found(draft))


def test_the_time_to_appeal_begins_with_the_day_of_service():
    assert last_of(notice(), RULES, L.APPEAL) == end_of_day(dt.date(2026, 2, 4))
    assert last_of(served(K.CPW), RULES, L.APPEAL) is None


def test_what_is_not_known_yet_is_not_judged():
    drafts = [Draft(kind=kind, person=1, born_on=ADULT) for kind in K if kind not in (K.CPN, K.CLOSURE_ORDER)]

    assert [limits(draft, dt.date(2026, 1, 15)) for draft in drafts] == [[] for _ in drafts]
