import pytest
from django.http import QueryDict

from csp.audit.models import Event
from csp.core.keyset import neighbours, page_of
from tests.factories.audit import EventFactory

pytestmark = pytest.mark.django_db


def walk(rf, records, *order, step="next_url", start="", size=2):
    """The references on each page, following one link."""
    pages, url = [], start
    while True:
        page = page_of(records, rf.get(f"/{url}"), *order, size=size)
        pages.append([event.reference for event in page.rows])
        if not (url := getattr(page, step)):
            return pages


@pytest.fixture
def events():
    return [
        EventFactory(reference=reference, verb=verb) for reference, verb in zip("abcde", "xxyyy", strict=True)
    ]


def test_pages_follow_each_other_without_gap_or_repeat(rf, events):
    assert walk(rf, Event.objects, "pk") == [["a", "b"], ["c", "d"], ["e"]]
    assert walk(rf, Event.objects, "-at", "-pk") == [["e", "d"], ["c", "b"], ["a"]]


def test_fields_may_run_in_different_directions(rf, events):
    assert walk(rf, Event.objects, "-verb", "pk") == [["c", "d"], ["e", "a"], ["b"]]


def test_pages_lead_back_the_same_way(rf, events):
    last = f"?after={events[3].pk}"

    assert walk(rf, Event.objects, "pk", step="previous_url", start=last) == [["e"], ["c", "d"], ["a", "b"]]


def test_a_full_last_page_has_no_next(rf, events):
    page = page_of(Event.objects.all(), rf.get("/"), "pk", size=5)

    assert (len(page.rows), page.previous_url, page.next_url) == (5, "", "")


def test_links_keep_the_filters(rf, events):
    page = page_of(Event.objects.all(), rf.get("/?kind=x&kind=y&before=9"), "pk", size=2)

    assert QueryDict(page.next_url[1:]) == QueryDict(f"kind=x&kind=y&after={events[1].pk}")


def test_a_row_that_left_the_list_still_marks_its_place(rf, events):
    records = Event.objects.exclude(pk=events[1].pk)

    assert walk(rf, records, "pk", start=f"?after={events[1].pk}") == [["c", "d"], ["e"]]


@pytest.mark.parametrize("key", ["", "x", "-1", "0", "9" * 40, "1.5"])
@pytest.mark.parametrize("way", ["after", "before"])
def test_a_key_that_is_none_gives_the_first_page(rf, events, way, key):
    assert walk(rf, Event.objects, "pk", start=f"?{way}={key}")[0] == ["a", "b"]


def test_an_empty_list_has_one_empty_page(rf):
    assert walk(rf, Event.objects, "pk") == [[]]


def test_neighbours_are_the_rows_before_and_after_even_of_one_that_left(events):
    _, b, c, d, e = events
    records = Event.objects.exclude(pk=c.pk)

    assert neighbours(records, c, "pk") == (b, d)
    assert neighbours(records, e, "-at", "-pk") == (None, d)
    assert neighbours(records, Event(pk=0), "pk") == (None, None)
