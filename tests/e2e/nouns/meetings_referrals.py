from typing import Any

from django.utils import timezone

from cases.models import Place
from csp.agencies.models import Partner, User
from tasking.models import Referral, ReferralGroup
from tests.e2e.nouns.case_record import case
from tests.e2e.nouns.meetings import meeting, of_meeting


def referral() -> int:
    """Housing refers a place, as urgent."""
    prepared = meeting()
    made, _ = Referral.objects.get_or_create(
        meeting=prepared,
        title="Damage to the shelter",
        defaults={
            "partnership": prepared.partnership,
            "lead": prepared.lead,
            "from_partner": Partner.objects.get(name="Soha", partnership=prepared.partnership),
            "kind": "place",
            "place": Place.objects.filter(partnership=prepared.partnership).earliest("pk"),
            "group": ReferralGroup.objects.filter(partnership=prepared.partnership).first(),
            "why": "It was smashed on three Fridays",
            "wanted": "A joint patrol",
            "urgent": True,
            "urgent_because": "A child was cut by the glass",
            "gateway": "cda_115",
            "necessity": "The police and the council each know a part of it",
            "consent": "not_needed",
            "made_by": User.objects.get(email="housing@demo.example"),
            "made_at": timezone.now(),
        },
    )
    return made.pk


REFERRAL = (referral,)
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "meetings:refer": (lambda: of_meeting()[0],),
    "meetings:referrals": (lambda: of_meeting()[0],),
    "meetings:referral": REFERRAL,
    "meetings:referral_accept": REFERRAL,
    "meetings:referral_defer": REFERRAL,
    "meetings:referral_decline": REFERRAL,
    "meetings:referral_withdraw": REFERRAL,
    "meetings:of_case": (lambda: case().reference,),
}
WHO = {**dict.fromkeys(ARGUMENTS, "officer"), "meetings:refer_case": "housing", "meetings:refer": "housing"}
WHO["meetings:referral_withdraw"] = "housing"
NO_PAGE: set[str] = set()
QUERIES = {
    "meetings:refer": lambda: "?about=place",
    "meetings:refer_case": lambda: f"?case={case().reference}",
}
