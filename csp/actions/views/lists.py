import datetime as dt
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from csp.actions.filters import ASKED, TABS, ActionFilter, Tab
from csp.actions.models import Action
from csp.actions.services import show_targets
from csp.core.keyset import page_of

MOST_COUNTED = 100
COUNTED = ("late", "week")


@require_safe
@permission_required("actions.list", raise_exception=True)
def action_list(request):
    """Actions for my agency, the ones that are due first on top."""
    chosen = ActionFilter(request)
    today = timezone.localdate()
    actions = chosen.apply(Action.objects.visible_to(request.user))
    tab = Tab.chosen(request.GET.get("tab"))
    shown = tab.apply(actions, today).select_related("lead", "owner", "person")
    page = page_of(shown, request, *tab.order)
    context = {
        "filter": chosen,
        "tabs": tabs(chosen, actions, tab, today),
        "tab": tab,
        "page": page,
        "targets": show_targets(page.rows, request.user),
        "asked": chosen.whose_chosen == ASKED,
    }
    return render(request, "actions/action_list.html", context)


def tabs(chosen: ActionFilter, actions: Any, current: Tab, today: dt.date) -> list[dict[str, Any]]:
    """Counts stop at a hundred: the badge says 99+ and nobody waits for more."""
    return [
        {
            "label": tab.label,
            "url": chosen.url(tab=tab.name),
            "active": tab is current,
            "count": tab.apply(actions, today)[:MOST_COUNTED].count() if tab.name in COUNTED else None,
        }
        for tab in TABS
    ]
