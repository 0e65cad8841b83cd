import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp.agencies.services import points


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("51.75", "-1.26"), (51.75, -1.26), (" 51.750231 ", "-1.267367"), ("5.175e1", "-0.126E1"), (60.8, -0.9)],
)
def test_sound_point_takes_places_in_great_britain(latitude, longitude):
    point, notes = points.sound_point(latitude, longitude)

    assert point == (float(latitude), float(longitude))
    assert notes == ()


@pytest.mark.parametrize(
    ("latitude", "longitude", "note"),
    [
        ("0", "0", points.OUTSIDE),
        ("48.85", "2.35", points.OUTSIDE),
        ("451.7", "-1.2", points.OUTSIDE),
        ("-1.26", "51.75", points.SWAPPED),
        ("51.75", "", points.HALF),
        ("51.75", None, points.HALF),
        ("north", "-1.26", points.NO_NUMBERS),
        ("nan", "nan", points.NO_NUMBERS),
        ("inf", "-1.2", points.NO_NUMBERS),
        ("51,75", "-1,26", points.NO_NUMBERS),
        ("5_1", "-1", points.NO_NUMBERS),
    ],
)
def test_sound_point_says_why_it_takes_no_other(latitude, longitude, note):
    assert points.sound_point(latitude, longitude) == (None, (note,))


def test_sound_point_needs_no_note_where_nothing_was_given():
    assert points.sound_point("", "") == points.sound_point(None, None) == (None, ())


@given(st.text(max_size=12), st.text(max_size=12))
def test_sound_point_never_fails_on_what_a_file_may_hold(latitude, longitude):
    point, notes = points.sound_point(latitude, longitude)

    assert point is None or points.in_great_britain(*point)
    assert not (point and notes)


@given(st.floats(50, 60), st.floats(-8, 1.7), st.floats(1, 5000))
def test_box_around_reaches_as_far_as_asked(latitude, longitude, metres):
    south, north, west, east = points.box_around(latitude, longitude, metres)

    assert points.metres_between((latitude, longitude), (north, longitude)) == pytest.approx(metres, rel=0.01)
    assert points.metres_between((latitude, west), (latitude, east)) == pytest.approx(2 * metres, rel=0.01)
    assert south < latitude < north
