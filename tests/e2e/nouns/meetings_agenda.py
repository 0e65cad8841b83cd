from csp.agencies.models import Partner
from tasking.models import AgendaItem
from tests.e2e.nouns.meetings import meeting

WHO = {
    "meetings:agenda": "officer",
    "meetings:item_new": "officer",
    "meetings:item": "officer",
    "meetings:item_edit": "officer",
    "meetings:item_table": "officer",
    "meetings:item_untable": "officer",
    "meetings:item_withdraw": "officer",
}
NO_PAGE = {"meetings:agenda_order", "meetings:agenda_move", "meetings:agenda_bring"}
QUERIES = {"meetings:item_new": lambda: "?q=road"}


def item() -> AgendaItem:
    """About a case, tabled for somebody."""
    tabled = AgendaItem.objects.filter(meeting=meeting(), case__restricted=False, shares__ended_at=None)
    return tabled.order_by("position", "pk")[0]


def seen_by() -> Partner:
    found: Partner = item().shares.filter(ended_at=None).order_by("pk")[0].to_partner
    return found


ARGUMENTS = {
    "meetings:agenda": (lambda: meeting().reference,),
    "meetings:item_new": (lambda: meeting().reference,),
    **{
        f"meetings:{name}": (lambda: item().reference,)
        for name in ("item", "item_edit", "item_table", "item_withdraw")
    },
    "meetings:item_untable": (lambda: item().reference, lambda: seen_by().pk),
}
