"""The way through the list from which a record was opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from cases.filters import CaseList
from cases.models import Case
from cases.models.cases import NEXT_DUE
from csp.agencies.access import StaffRequest
from csp.core.keyset import neighbours


@dataclass(frozen=True)
class Neighbours:
    """The records before and after this one in the list, and the way back."""

    back_url: str
    previous_url: str = ""
    next_url: str = ""

    @classmethod
    def of(cls, room: str, found: Iterable[Any], query: str) -> Self:
        """Of the records beside it, the list's query as its address says it."""
        kept = urlencode({"list": query})
        addresses = [
            f"{reverse(f'{room}:detail', args=[each.reference])}?{kept}" if each else "" for each in found
        ]
        return cls(f"{reverse(f'{room}:list')}?{query}", *addresses)


def cases_beside(request: StaffRequest, case: Case) -> Neighbours | None:
    """None where the case was not opened from the list."""
    if "list" not in request.GET or request.partner is None:
        return None
    query = request.GET["list"]
    seen = CaseList.read(request.user, request.partnership, request.partner, QueryDict(query))
    places = Case.objects.annotate(next_due=NEXT_DUE)
    found = neighbours(seen.cases, case, *seen.wanted.order, places=places)
    return Neighbours.of("cases", found, query)
