"""How the records that a measure counts are shown in its list."""

from csp.core.calendar import local_day
from csp.core.record_rows import Row, register_rows
from csp.core.words import date_words
from tasking.models import AgendaItem, ItemAction, Meeting, MeetingPartner


def _meeting(meeting: Meeting) -> Row:
    detail = " · ".join(filter(None, [str(meeting.area or ""), meeting.get_status_display()]))
    return Row(meeting.reference, meeting.title, meeting.get_absolute_url(), detail)


def _item(item: AgendaItem) -> Row:
    named = [str(each) for each in (item.issue, item.area) if each]
    return Row(item.reference, item.title, item.get_absolute_url(), " · ".join([*named, item.meeting.title]))


def _action(given: ItemAction) -> Row:
    """Of the item it came from nothing is said: the reader may see the action and not the item."""
    action = given.action
    detail = f"{action.owner} · due {date_words(action.due_on)} · {action.get_status_display()}"
    return Row(action.reference, action.text, action.get_absolute_url(), detail)


def _seat(seat: MeetingPartner) -> Row:
    sent = f"return sent {date_words(local_day(seat.sent_at))}" if seat.sent_at else "no return"
    title = f"{seat.partner} at {seat.meeting.title}"
    return Row(seat.meeting.reference, title, seat.meeting.get_absolute_url(), sent)


def join_in() -> None:
    register_rows(Meeting, ("series", "area"), _meeting)
    register_rows(AgendaItem, ("issue", "area", "meeting__series"), _item)
    register_rows(ItemAction, ("action__owner",), _action)
    register_rows(MeetingPartner, ("partner", "meeting__series"), _seat)
