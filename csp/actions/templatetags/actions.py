from typing import Any

from django import template
from django.contrib.contenttypes.models import ContentType

from csp.actions.enums import OUTSTANDING
from csp.actions.models import Action
from csp.actions.services import Target

register = template.Library()

MOST_SHOWN = 50


@register.inclusion_tag("actions/_panel.html", takes_context=True)
def actions_for(context: template.Context, record: Any) -> dict[str, Any]:
    """Actions hung on a record that the reader may see, the open ones first, and a link to give another."""
    user = context["request"].user
    kind = ContentType.objects.get_for_model(record)
    hung = Action.objects.visible_to(user).filter(target_type=kind, target_id=record.pk)
    shown = hung.select_related("owner", "person").order_by("ended_at", "due_on", "pk")[:MOST_SHOWN]
    actions = sorted(shown, key=lambda action: action.status not in OUTSTANDING)
    return {
        "actions": actions,
        "reference": getattr(record, "reference", ""),
        "may_give": user.has_perm("actions.give"),
    }


@register.filter
def target_in(action: Action, targets: dict[int, Target]) -> Target | None:
    """What the action hangs on, if it is among the records that the reader may see."""
    return targets.get(action.pk)
