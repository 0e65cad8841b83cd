"""What a signed-in person's request carries: the partnership they work in, the seat they act from."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from csp.agencies.enums import CASEWORK_ROLES
from csp.agencies.models import Membership, User

CHOSEN_PARTNERSHIP = "partnership"

GetResponse = Callable[[HttpRequest], HttpResponse]


def seat_of(user: User, partnership_id: int | None) -> Membership | None:
    """The membership the user acts from: in the partnership they chose, else their first; casework first."""
    seats = [seat for seat in user.seats if seat.partner.partnership_id == partnership_id] or user.seats
    here = [seat for seat in seats if seat.partner.partnership_id == seats[0].partner.partnership_id]
    return next((seat for seat in here if seat.role in CASEWORK_ROLES), here[0] if here else None)


class SeatMiddleware:
    """Sets `request.seat`, `request.partner` and `request.partnership`: None for who has no seat."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        seat = seat_of(user, request.session.get(CHOSEN_PARTNERSHIP)) if isinstance(user, User) else None
        request.seat = seat  # type: ignore[attr-defined]
        request.partner = seat.partner if seat else None  # type: ignore[attr-defined]
        request.partnership = seat.partner.partnership if seat else None  # type: ignore[attr-defined]
        return self.get_response(request)
