"""Sharing a case with an agency and ending it again, rolled back each time so that every run starts alike."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from bench.build import Cast
from bench.timing import Timing, time_call
from cases.models import Case
from csp.agencies.services import sharing

TERMS = {
    "gateway": "cda_115",
    "purpose": "Joint visit",
    "necessity": "They hold the tenancy",
    "consent": "given",
}


def measure_sharing(cast: Cast, case: Case) -> dict[str, Timing]:
    agency = case.partnership.partners.order_by("-pk")[0]

    def share() -> Any:
        terms: dict[str, Any] = {"level": 3, "by": cast.manager, "at": timezone.now(), **TERMS}
        return sharing.share(record=case, to_partner=agency, **terms)

    def shared_and_back() -> None:
        with transaction.atomic():
            share()
            transaction.set_rollback(True)

    def both_and_back() -> None:
        with transaction.atomic():
            sharing.end_share(share=share(), reason="Over", by=cast.manager, at=timezone.now())
            transaction.set_rollback(True)

    return {"share a case": time_call(shared_and_back), "share and unshare": time_call(both_and_back)}
