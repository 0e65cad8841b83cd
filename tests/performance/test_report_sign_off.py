"""What a manager signs is what they read; and what comes in when a report is begun or signed meanwhile."""

import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from csp.agencies.enums import Role
from csp.core.calendar import Period
from performance.enums import ReportStatus
from performance.models import PerformanceReport
from performance.services import report_states as service
from performance.services.report_content import content_of, print_of
from tasking.enums import ItemKind, MeetingStatus, SeriesKind
from tests.cases.together import together
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory

NOW = dt.datetime(2022, 5, 3, 9, tzinfo=dt.UTC)
FEBRUARY = dt.datetime(2022, 2, 8, 9, tzinfo=dt.UTC)
QUARTER = Period.named("2021-22-Q4")


@pytest.fixture
def manager(team):
    return user_at(team, Role.MANAGER)


@pytest.fixture
def waits(team, officer):
    report = service.begin(partnership=team.partnership, period=QUARTER, by=officer, at=NOW)
    return service.submit(report=report, by=officer, at=NOW)


def read(client, user, report):
    """The page as the user has it before them."""
    client.force_login(user)
    return client.get(report.get_absolute_url())


def sign(client, page, report):
    seen = {"seen": page.context["seen"]} if page else {}
    return client.post(reverse("performance:report_sign_off", args=[report.pk]), seen, follow=True)


def status(report):
    return PerformanceReport.objects.get(pk=report.pk).status


def write(report):
    report.sections.filter(name="meetings").update(narrative="A quiet winter.")


def count(report):
    series = SeriesFactory(lead=PartnerFactory(partnership=report.partnership), kind=SeriesKind.NEIGHBOURHOOD)
    meeting = MeetingFactory(series=series, starts_at=FEBRUARY, status=MeetingStatus.APPROVED)
    for _ in range(6):
        place = PlaceFactory(lead=meeting.lead)
        AgendaItemFactory(meeting=meeting, kind=ItemKind.PLACE, place=place, discussed_at=FEBRUARY)


def arrange(report):
    report.sections.filter(name="meetings").update(included=False)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [write, count, arrange])
def test_what_changed_since_it_was_read_is_not_signed(client, waits, manager, change):
    page = read(client, manager, waits)
    change(waits)

    told = sign(client, page, waits)
    assert "has changed since you opened it" in told.content.decode()
    assert status(waits) == ReportStatus.IN_REVIEW
    assert "signed off" in sign(client, told, waits).content.decode()
    assert status(waits) == ReportStatus.SIGNED_OFF


@pytest.mark.django_db
def test_the_new_words_are_before_the_manager_who_was_refused(client, waits, manager):
    page = read(client, manager, waits)
    assert f'value="{page.context["seen"]}"' in page.content.decode()
    write(waits)

    assert "A quiet winter." in sign(client, page, waits).content.decode()


@pytest.mark.django_db
def test_nothing_is_signed_unread(client, waits, manager):
    client.force_login(manager)

    assert "has changed since" in sign(client, None, waits).content.decode()
    assert status(waits) == ReportStatus.IN_REVIEW


@pytest.mark.django_db
def test_the_day_of_counting_alone_is_no_change(waits):
    later = NOW + dt.timedelta(days=3)

    assert content_of(waits, NOW) != content_of(waits, later)
    assert print_of(content_of(waits, NOW)) == print_of(content_of(waits, later))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
CONTENTS = st.dictionaries(st.sampled_from(["title", "sections", "counted_on", "figures"]), VALUES)


@given(CONTENTS, CONTENTS)
def test_two_contents_have_one_print_only_where_they_say_the_same(one, other):
    def said(content):
        return {name: repr(value) for name, value in content.items() if name != "counted_on"}

    if print_of(one) == print_of(other):
        assert {**one, "counted_on": 0} == {**other, "counted_on": 0}
    if said(one) == said(other):
        assert print_of(one) == print_of(other)


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_one_report_at_once_make_one():
    team = PartnerFactory(receiving=True)
    officer = user_at(team, Role.OFFICER)

    def begin():
        return service.begin(partnership=team.partnership, period=QUARTER, by=officer, at=NOW)

    made, refused = together(begin, begin, begin)
    assert len(made) == 1
    assert [str(each) for each in refused] == ["There is a report of 2021-22 Q4 already, draft"] * 2


@pytest.mark.django_db
def test_a_comment_that_comes_after_the_signature_is_not_lost(client, waits, manager, officer):
    seen = print_of(content_of(waits, NOW))
    service.sign_off(report=waits, seen=seen, by=manager, at=NOW)
    client.force_login(officer)

    address = reverse("performance:report_comment", args=[waits.pk])
    page = client.post(address, {"text": "Say why it fell"}).content.decode()
    assert "do not change any more" in page
    assert "Say why it fell" in page
    assert "Add the comment" not in read(client, officer, waits).content.decode()
