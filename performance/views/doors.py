from django.core.exceptions import PermissionDenied

from csp.agencies.access import StaffRequest
from csp.agencies.models import Partnership

READ, MAKE = "performance.read", "performance.make"
EXPLORE = "performance.explore"


def partnership_for(request: StaffRequest, perm: str = READ) -> Partnership:
    """The one the reader works in now, where they may do this."""
    here = request.partnership
    if here is None or not request.user.has_perm(perm, here):
        raise PermissionDenied
    return here


def must_explore_some(request: StaffRequest) -> None:
    """403 for a board, which reads dashboard and published reports alone."""
    if not request.user.has_perm(EXPLORE):
        raise PermissionDenied
