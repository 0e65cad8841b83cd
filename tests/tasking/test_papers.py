"""What stands on an agency's papers, and what does not."""

import io

import pytest
from pypdf import PdfReader

from csp.audit.models import Event
from tasking.enums import ItemStatus, MeetingStatus
from tasking.models import Attendance, ItemAction
from tasking.services import papers
from tests.factories.actions import ActionFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, MeetingOutcomeFactory
from tests.tasking.papers_scene import AT, MINUTES, PACK, scene, words, words_of

pytestmark = pytest.mark.django_db
NOT_FOR_SOHA = [
    "Bikes on the towpath",
    "Racing at dusk",
    "Ferdinand Towpath",
    "Patrol the towpath",
    "Restricted matter",
    "Followed home",
    "Change the locks",
    "Informant matter",
    "Kept close",
    "17 Hidden Lane",
    "07700 900417",
    "Wilma Quarr",
]


@pytest.fixture
def meeting():
    return scene()


def test_papers_open_with_the_actions_and_hold_the_items_of_the_agency(meeting):
    text = words_of(meeting.build())

    assert text.index("Visit number nine") < text.index("Drums by night")
    for shown in (
        "Papers for Soha. Copy 1",
        "Every weekend since May",
        "A joint visit",
        "Two letters",
        f"Case {meeting.case.reference}, open to you: summary",
        "Read in the office",
        "the address is kept off paper",
        f"{meeting.case.reference}. Asked by Community Safety",
    ):
        assert shown in text


def test_papers_hold_nothing_that_is_for_others(meeting):
    """Neither the words of their items, nor the references, nor the names of agencies that only they meet."""
    text = words_of(meeting.build())
    joined = text.replace(" ", "")  # a line may end within a reference
    hidden_ones = (meeting.theirs, meeting.restricted, meeting.closed, meeting.secret)
    for each in (*hidden_ones, meeting.police_action, meeting.hidden_action):
        assert each.reference not in joined
    for each in (meeting.shown, meeting.case, meeting.own_closed, meeting.action):
        assert each.reference in joined
    assert [hidden for hidden in NOT_FOR_SOHA if hidden in text] == []
    assert "Thames Police" not in text
    for shown in ("Bikes on the towpath", "Thames Police", "Informant matter"):
        assert shown in words_of(meeting.build(meeting.police))


def test_an_answer_is_printed_once_it_was_sent(meeting):
    assert "Night patrols" not in words_of(meeting.build())
    seat = meeting.answer.seat
    seat.sent_at = AT
    seat.save()

    text = words_of(meeting.build())

    assert "Thames Police: Known to us" in text
    assert "Can offer: Night patrols" in text


def test_other_items_stand_as_number_issue_and_area_alone(meeting):
    """The closed part is not numbered, so nobody can count what is in it for others."""
    pack = meeting.papers()

    assert [(each.number, each.issue) for each in pack.others] == [(2, "Drums and noise")]
    assert [item.number for item in pack.open_part] == [1, 3]
    assert [(item.number, item.title) for item in pack.closed_part] == [(None, "Staff threatened")]


def test_a_withdrawn_item_is_on_no_paper(meeting):
    meeting.theirs.status, meeting.theirs.status_because = ItemStatus.WITHDRAWN, "Solved"
    meeting.theirs.save()

    assert meeting.papers().others == ()


def test_earlier_decisions_are_printed_where_they_are_open_to_the_agency(meeting):
    before = [
        AgendaItemFactory(
            meeting=MeetingFactory(series=meeting.series, status=MeetingStatus.APPROVED),
            title="Earlier",
            decision=f"Decided {number}",
            open_to=to,
        )
        for number, to in enumerate([[meeting.soha], [meeting.police], [meeting.soha]])
    ]
    before[0].outcomes.add(MeetingOutcomeFactory(lead=meeting.team, label="Calmer nights"))
    for later, earlier in zip([meeting.shown, *before], before, strict=False):
        later.previous = earlier
        later.save()

    (item, *_) = meeting.papers().items

    assert [line.decision for line in item.earlier] == ["Decided 0", "Decided 2"]
    assert "Outcomes: Calmer nights" in words_of(meeting.build())


def test_a_decision_of_a_meeting_still_going_on_is_not_printed(meeting):
    other = MeetingFactory(series=meeting.series, status=MeetingStatus.IN_SESSION)
    meeting.shown.previous = AgendaItemFactory(meeting=other, decision="Perhaps", open_to=[meeting.soha])
    meeting.shown.save()

    assert meeting.papers().items[0].earlier == ()


def test_an_agency_for_which_nothing_is_tabled_gets_papers_that_say_so(meeting):
    meeting.police_action.delete()
    for each in (meeting.theirs, meeting.closed, meeting.shown):
        each.permission_rows.filter(group=meeting.police.group_id).delete()

    text = words_of(meeting.build(meeting.police))

    assert "Thames Police has no actions outstanding" in text
    assert "No item in the open part of the meeting is for Thames Police" in text


def test_the_file_is_marked_numbered_tagged_and_bookmarked(meeting, settings):
    pack = meeting.build()
    with pack.file.open("rb") as file:
        reader = PdfReader(io.BytesIO(file.read()))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    root = reader.trailer["/Root"]

    for number, page in enumerate(pages, start=1):
        assert settings.MARKING in page
        assert f"Papers of {meeting.meeting} for Soha, copy 1" in page
        assert f"Page {number} of {len(pages)}" in page
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    titles = [each["/Title"] for each in flat(reader.outline)]
    assert "Actions of Soha" in titles
    assert "1. Drums by night" in titles


def flat(outline):
    for each in outline:
        yield from flat(each) if isinstance(each, list) else [each]


def test_sixty_items_cost_few_questions_and_few_seconds(meeting, django_assert_max_num_queries):
    def more(number):
        for _ in range(number):
            AgendaItemFactory(
                meeting=meeting.meeting, title="Another", gist="Words " * 60, open_to=[meeting.soha]
            )
            ActionFactory(lead=meeting.team, owner=meeting.soha, target=meeting.case)

    more(60)
    with django_assert_max_num_queries(16):
        said = meeting.papers()

    assert len(said.items) == 63
    assert words(papers.print_papers(meeting.build(), said, AT)).count("Another") == 60


def test_minutes_hold_what_was_said_of_items_open_to_the_agency():
    meeting = scene(MeetingStatus.APPROVED)
    given = ItemAction(item=meeting.shown, action=meeting.action)
    given.save()
    ItemAction(item=meeting.shown, action=meeting.police_action).save()
    meeting.meeting.opening = "The chair welcomed everybody"
    meeting.meeting.save()
    meeting.shown.minute, meeting.shown.decision = "Soha spoke of drums", "Visit together"
    meeting.shown.status, meeting.shown.status_because = ItemStatus.OFF, "Quiet now"
    meeting.shown.save()
    meeting.shown.outcomes.add(MeetingOutcomeFactory(lead=meeting.team, label="Calmer nights"))
    for each in (meeting.theirs, meeting.restricted, meeting.closed):
        each.minute = f"Said of {each.title}"
        each.save()
    Attendance.objects.create(
        meeting=meeting.meeting, partner=meeting.police, name="Pat Police", status="present", noted_at=AT
    )

    text = words_of(meeting.build(kind=MINUTES, by=meeting.sam))

    for shown in (
        "Minutes for Soha. Copy 1",
        "The chair approved these minutes",
        "Pat Police",
        "The chair welcomed everybody",
        "Soha spoke of drums",
        "Visit together",
        "Calmer nights",
        f"Action {meeting.action.reference} for Soha",
        "Comes off the agenda: Quiet now",
    ):
        assert shown in text
    assert [hidden for hidden in NOT_FOR_SOHA if hidden in text] == []
    assert Event.objects.filter(verb="meeting.minutes_printed", partner=meeting.soha).count() == 1


def test_papers_and_minutes_are_numbered_each_by_themselves():
    meeting = scene(MeetingStatus.APPROVED)

    assert [meeting.build(kind=kind).number for kind in (PACK, MINUTES)] == [1, 1]
