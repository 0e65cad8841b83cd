from functools import cache

from tasking.models import Meeting
from tests.e2e.session_room import a_meeting_in_session

WHO = {
    "meetings:session": "officer",
    "meetings:session_end": "officer",
    "meetings:attendance": "officer",
}
NO_PAGE = {
    "meetings:session_begin",
    "meetings:session_accept",
    "meetings:session_state",
    "meetings:session_show",
    "meetings:session_save",
    "meetings:session_action",
    "meetings:attendance_accepted",
    "meetings:attendance_remove",
}


@cache
def held() -> Meeting:
    return a_meeting_in_session(980_001)


def of_held() -> str:
    return held().reference


ARGUMENTS = dict.fromkeys(WHO, (of_held,))
