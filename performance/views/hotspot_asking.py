"""What a reader asked of the hotspots, and what there is to ask."""

from django.utils import timezone

from csp.agencies.access import StaffRequest
from csp.agencies.models import Partnership
from performance.forms.hotspots import HotspotsFilter, Offered
from performance.services.hotspot_choices import areas_known, categories_known, months_known
from performance.services.hotspots import What
from performance.services.small_numbers import sees_small_numbers


def asked(request: StaffRequest, partnership: Partnership) -> HotspotsFilter:
    given = request.GET.get("what", "")
    what = given if given in What.values else What.REPORTS.value
    months = months_known(partnership, what, timezone.localdate())
    offered = Offered(
        what=what,
        months=months,
        newest=months[0],
        categories=categories_known(partnership, what),
        areas=areas_known(partnership),
        small=sees_small_numbers(request.user, partnership),
    )
    return HotspotsFilter(request.GET, offered=offered)
