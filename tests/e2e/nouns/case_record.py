"""The pages of the case itself."""

from typing import Any

from django.utils import timezone

from cases.enums import RequestStatus
from cases.models import Case, HandOver
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services.sharing import grant


def case() -> Case:
    """The one in which most happens, shared with the police and Soha."""
    return Case.objects.get(reports__what_happened__startswith="Shouting in the street, a window")


def other() -> Case:
    """Open, led by the same team."""
    found = Case.objects.open().filter(lead=case().lead).exclude(pk=case().pk).order_by("-pk").first()
    if found is not None:
        return found
    made: Any = Case.objects.get(pk=case().pk)
    made.pk, made.reference = None, "SV-C-01-000001"
    made.save(force_insert=True)
    return made


def hand_over() -> HandOver:
    officer = User.objects.get(email="officer@demo.example")
    asked, _ = HandOver.objects.get_or_create(
        case=case(),
        status=RequestStatus.WAITING,
        defaults={
            "from_partner": case().lead,
            "to_partner": Partner.objects.get(name="Soha", partnership=case().partnership),
            "reason": "They hold the tenancy",
            "asked_by": officer,
            "asked_at": timezone.now(),
        },
    )
    return asked


def merge() -> int:
    officer = User.objects.get(email="officer@demo.example")
    made: Any = Case.objects.get(pk=case().pk)
    made.pk, made.reference, made.merged_into = None, "SV-C-01-000002", case()
    made.status, made.ended_at = "cancelled", timezone.now()
    made.save(force_insert=True)
    grant(record=made, partner=made.lead, level=ShareLevel.CONTRIBUTE)
    kept = case().merges.create(
        gone=made, status_before="open", reason="One house", by=officer, at=timezone.now()
    )
    return kept.pk


CASE = (lambda: case().reference,)
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    f"cases:{name}": CASE
    for name in (
        "detail",
        "actions",
        "edit",
        "reference",
        "move",
        "hold",
        "release",
        "assign",
        "cancel",
        "hand_over_ask",
        "link",
        "merge",
    )
}
WHO = {**dict.fromkeys(ARGUMENTS, "officer"), "cases:reference": "housing"}
ARGUMENTS |= {
    "cases:hand_over": (lambda: hand_over().pk,),
    "cases:hand_over_withdraw": (*CASE, lambda: hand_over().pk),
    "cases:merge_confirm": (*CASE, lambda: other().reference),
    "cases:merge_undo": (*CASE, merge),
}
WHO |= {
    "cases:hand_over": "housing",
    "cases:hand_over_withdraw": "officer",
    "cases:merge_confirm": "officer",
    "cases:merge_undo": "officer",
}
NO_PAGE = {"cases:take", "cases:unlink"}
