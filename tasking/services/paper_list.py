"""Which agency has papers of a meeting, in few questions however many agencies there are."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from cases.models import Case, CaseGroupPermission
from csp.agencies.access import codename
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner
from tasking.enums import ItemStatus, PackKind
from tasking.models import AgendaItem, AgendaItemGroupPermission, Meeting, Pack
from tasking.services.papers import PRINTED_WITH, being_made

Packs = dict[int, Pack]


def packs_of(meeting: Meeting, at: dt.datetime, partner: Partner | None = None) -> tuple[Packs, Packs]:
    """By agency, the newest file there is, and the papers that a worker has now."""
    packs = Pack.objects.filter(meeting=meeting, kind=PackKind.PACK)
    if partner is not None:
        packs = packs.filter(partner=partner)
    made: Packs = {}
    working: Packs = {}
    for pack in packs.select_related("progress", *PRINTED_WITH).order_by("number"):
        if pack.file:
            made[pack.partner_id] = pack
        elif being_made(pack, at):
            working[pack.partner_id] = pack
    return made, working


def counts_of_items(meeting: Meeting) -> dict[Any, int]:
    """By the group of each agency, how many items its papers hold: those of `open_to_partner`."""
    rows = AgendaItemGroupPermission.objects.filter(
        content_object__meeting=meeting, permission__codename=codename(AgendaItem, ShareLevel.SUMMARY)
    ).exclude(content_object__status=ItemStatus.WITHDRAWN)
    case = CaseGroupPermission.objects.filter(
        content_object=OuterRef("content_object__case"),
        group=OuterRef("group"),
        permission__codename=codename(Case, ShareLevel.SUMMARY),
    )
    no_case = Q(content_object__case=None)
    open_rows = rows.filter(no_case | Q(content_object__case__restricted=False) & Exists(case))
    return dict(open_rows.values_list("group").annotate(Count("pk")))
