from django.core.exceptions import PermissionDenied

from csp.agencies.access import StaffRequest
from csp.agencies.models import Partnership

READ, MAKE = "performance.read", "performance.make"


def partnership_for(request: StaffRequest, perm: str = READ) -> Partnership:
    """The one the reader works in now, where they may do this."""
    here = request.partnership
    if here is None or not request.user.has_perm(perm, here):
        raise PermissionDenied
    return here
