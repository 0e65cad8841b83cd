"""`{% load csp %}`. For links that keep the filters use Django's own `{% querystring %}`."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.db.models import Model
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from csp.core.calendar import local_day
from csp.core.models import ClockReading, Workflow
from csp.core.words import date_words, moment_words, money_words, time_words

register = template.Library()


@register.inclusion_tag("partials/clock.html")
def clock(reading: ClockReading | None) -> dict[str, Any]:
    """`{% clock report.clock %}`: when it is due or how late it is, with the exact moment; nothing
    without a clock.
    """
    return {"clock": reading}


@register.inclusion_tag("partials/status_tag.html")
def status_tag(record: Workflow) -> dict[str, Any]:
    """`{% status_tag case %}`: the status of a record in words and colour."""
    return {"status": record.status, "label": record.get_status_display()}


@register.simple_tag(takes_context=True)
def has_perm(context: Context, perm: str, record: Model | None = None) -> bool:
    """`{% has_perm "cases.close" case as may_close %}`: whether to show a button. The view decides."""
    return bool(context["request"].user.has_perm(perm, record))


@register.filter
def govuk_date(value: dt.date | None) -> str:
    """3 September 2026"""
    if isinstance(value, dt.datetime):
        return date_words(local_day(value))
    return date_words(value) if value else ""


@register.filter
def govuk_time(value: dt.datetime | dt.time | None) -> str:
    """9:30pm"""
    if isinstance(value, dt.datetime):
        return moment_words(value).rpartition(" ")[2]
    return time_words(value) if value else ""


@register.filter
def govuk_datetime(value: dt.datetime | None) -> str | SafeString:
    """3 September 2026 at 9:30pm, as a machine reads it too"""
    if not value:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(timespec="seconds"), moment_words(value)
    )


@register.filter
def money(value: Decimal | int | None) -> str:
    """£1,250 or £12.50"""
    return "" if value is None else money_words(value)
