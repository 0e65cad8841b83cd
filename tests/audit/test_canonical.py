"""Two different events never look the same to a seal."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from csp.audit import seals

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
numbers = st.none() | st.integers(1, 2**63 - 1)
values = st.recursive(st.none() | st.integers() | texts, lambda inner: st.lists(inner, max_size=3))
rows = st.fixed_dictionaries(
    {
        **dict.fromkeys(seals.SEALED_FIELDS, texts),
        "id": st.integers(1, 2**63 - 1),
        "at": st.datetimes(timezones=st.just(dt.UTC)),
        "actor_id": numbers,
        "target_id": numbers,
        "detail": st.dictionaries(texts, values, max_size=3),
    }
)
leaves = st.lists(
    st.tuples(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32)), unique_by=lambda e: e[0]
)


@given(rows, rows)
def test_canonical_is_the_same_for_the_same_event_and_for_no_other(one, other):
    assert (seals.canonical(one) == seals.canonical(other)) == (one == other)
    assert seals.canonical(dict(reversed(one.items()))) == seals.canonical(one)


@given(rows, st.sampled_from(seals.SEALED_FIELDS), rows)
def test_a_change_to_any_one_field_shows(row, field, other):
    changed = row | {field: other[field]}

    assert (seals.canonical(changed) == seals.canonical(row)) == (other[field] == row[field])


@given(leaves)
def test_marks_give_back_numbers_and_the_start_of_each_hash(leaves):
    assert seals.read_marks(seals.marks_of(leaves)) == {number: leaf[:8] for number, leaf in leaves}


@given(leaves, leaves)
def test_digests_differ_by_day_events_and_the_seal_before(one, other):
    day, next_day = dt.date(2026, 1, 31), dt.date(2026, 2, 1)
    digest = seals.digest_of(day, "", one)
    same = [leaf for _, leaf in one] == [leaf for _, leaf in other]

    assert (digest == seals.digest_of(day, "", other)) == same
    assert digest != seals.digest_of(next_day, "", one)
    assert digest != seals.digest_of(day, digest, one)
