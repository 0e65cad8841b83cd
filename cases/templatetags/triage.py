"""`{% load triage %}`: what triage adds to the report page."""

from django import template
from django.template import Context
from django.utils import timezone

from cases.models import Report
from cases.views.neighbours import Neighbours
from cases.views.triage_page import ContactsPanel, TriagePanel, neighbours_in_list

register = template.Library()


@register.simple_tag(takes_context=True)
def triage_panel(context: Context, report: Report) -> TriagePanel:
    """`{% triage_panel report as triage %}`"""
    return TriagePanel(report, context["request"], timezone.now())


@register.simple_tag(takes_context=True)
def contacts_panel(context: Context, report: Report) -> ContactsPanel:
    """`{% contacts_panel report as told %}`"""
    return ContactsPanel(report, context["request"].user)


@register.simple_tag(takes_context=True)
def list_neighbours(context: Context, report: Report) -> Neighbours | None:
    """`{% list_neighbours report as neighbours %}`: None where the report was not opened from a list."""
    return neighbours_in_list(context["request"], report)
