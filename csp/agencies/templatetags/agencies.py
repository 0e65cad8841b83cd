"""`{% load agencies %}`"""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from csp.agencies.models import Term

register = template.Library()


@register.simple_tag(takes_context=True)
def term(context: Context, key: str, partnership: Any = None) -> str:
    """`{% term "case_review" %}`: what the partnership at hand calls it today. One query for a whole page."""
    here = partnership or context.get("partnership")
    request = context.get("request")
    kept: dict[int | None, dict[str, str]] = getattr(request, "terms", {})
    place = here.pk if here else None
    if place not in kept:
        kept[place] = Term.objects.words(here, timezone.localdate())
        if request is not None:
            request.terms = kept
    return kept[place][key]
