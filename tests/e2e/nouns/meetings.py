from csp.agencies.models import User
from tasking.models import Meeting

WHO = {"meetings:list": "officer", "meetings:detail": "officer"}
NO_PAGE: set[str] = set()


def meeting() -> Meeting:
    """The one that is being prepared."""
    officer = User.objects.get(email="officer@demo.example")
    found: Meeting = Meeting.objects.visible_to(officer).prepared().earliest("starts_at", "pk")
    return found


def of_meeting() -> list[str]:
    return [meeting().reference]


ARGUMENTS = {"meetings:detail": (lambda: meeting().reference,)}
