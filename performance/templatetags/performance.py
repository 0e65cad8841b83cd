"""`{% load performance %}`"""

from typing import Any

from django import template
from django.template import Context

from performance.navigation.pages import pages_for

register = template.Library()


@register.inclusion_tag("partials/sub_navigation.html", takes_context=True)
def performance_pages(context: Context, active: str = "") -> dict[str, Any]:
    """`{% performance_pages "performance:plans" %}`: the pages of the room, with this one marked."""
    request = context["request"]
    items = pages_for(request.user, request.partnership, active) if request.partnership else []
    return {"label": "Performance", "items": items}
