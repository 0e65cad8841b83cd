import datetime as dt

from django.utils import timezone

from cases.models import AccessRequest, Case, CaseNamed
from csp.agencies.enums import ShareLevel
from csp.agencies.models import AgreementSignatory, Partner, SharingAgreement, User
from csp.agencies.services import sharing

WHO = {
    "cases:sharing": "officer",
    "cases:share": "officer",
    "cases:share_change": "officer",
    "cases:share_end": "officer",
    "cases:access_ask": "police",
    "cases:access_decline": "officer",
    "cases:restrict": "officer",
    "cases:restrict_lift": "officer",
    "cases:name_person": "officer",
    "cases:break_glass": "manager",
    "cases:glass": "manager",
    "cases:disclosures": "manager",
    "agreements:list": "manager",
    "agreements:detail": "manager",
    "agreements:add": "manager",
    "agreements:change": "manager",
    "agreements:end": "manager",
    "agreements:sign": "manager",
}
NO_PAGE = {
    "cases:access_withdraw",
    "cases:access_name",
    "cases:unname_person",
    "cases:disclosures_export",
    "agreements:unsign",
}
TERMS = {
    "gateway": "cda_115",
    "purpose": "Patrols",
    "necessity": "They cover the area",
    "consent": "not_needed",
}


def _user(name: str) -> User:
    found: User = User.objects.get(email=f"{name}@demo.example")
    return found


def _cases():
    """Of the officer's own team, newest last."""
    led = Case.objects.filter(lead__in=_user("officer").partner_ids, merged_into=None)
    return led.order_by("pk")


def _case() -> Case:
    """Shared with the police."""
    case = _cases().filter(restricted=False)[0]
    police = Partner.objects.get(pk=min(_user("police").partner_ids & _here()))
    if not case.shares.filter(to_partner=police, ended_at=None).exists():
        sharing.share(
            record=case, to_partner=police, level=ShareLevel.SUMMARY, by=None, at=timezone.now(), **TERMS
        )
    return case


def _here() -> set[int]:
    return set(Partner.objects.filter(partnership=_cases()[0].partnership).values_list("pk", flat=True))


def _share() -> int:
    return _case().shares.filter(ended_at=None).earliest("pk").pk


def _request() -> int:
    case, police = _case(), _user("police")
    partner = Partner.objects.get(pk=min(police.partner_ids & _here()))
    asked, _ = AccessRequest.objects.get_or_create(
        case=case,
        partner=partner,
        status="waiting",
        defaults={"level": 3, "why": "We are called there", "asked_by": police, "asked_at": timezone.now()},
    )
    return asked.pk


def _restricted() -> Case:
    """One on which the officer is named, and the manager is not."""
    case = _cases().filter(restricted=True).first() or _cases().filter(restricted=False).last()
    Case.objects.filter(pk=case.pk).update(restricted=True, restricted_because="A colleague is in it")
    named = {"reason": "Works on it", "added_at": timezone.now()}
    CaseNamed.objects.get_or_create(case=case, user=_user("officer"), ended_at=None, defaults=named)
    return case


def _glass() -> int:
    now = timezone.now()
    opened, _ = CaseNamed.objects.get_or_create(
        case=_restricted(),
        user=_user("officer"),
        broke_glass=True,
        defaults={
            "reason": "A threat was phoned in",
            "added_at": now,
            "ends_at": now + dt.timedelta(days=1),
            "ended_at": now,
        },
    )
    return opened.pk


def _agreement() -> int:
    partnership = _cases()[0].partnership
    made, _ = SharingAgreement.objects.get_or_create(
        partnership=partnership,
        title="Information-sharing protocol",
        defaults={"signed_on": dt.date(2025, 4, 1), "review_on": dt.date(2027, 4, 1)},
    )
    AgreementSignatory.objects.get_or_create(
        agreement=made,
        partner=_case().lead,
        defaults={"signed_by": "The head of service", "signed_on": dt.date(2025, 4, 1)},
    )
    return made.pk


def _reference() -> str:
    return _case().reference


def _closed() -> str:
    return _restricted().reference


ARGUMENTS = {
    **{
        f"cases:{name}": (_reference,)
        for name in ("sharing", "share", "access_ask", "restrict", "name_person")
    },
    "cases:share_change": (_reference, _share),
    "cases:share_end": (_reference, _share),
    "cases:access_decline": (_reference, _request),
    "cases:restrict_lift": (_closed,),
    "cases:break_glass": (_closed,),
    "cases:glass": (_closed, _glass),
    **{f"agreements:{name}": (_agreement,) for name in ("detail", "change", "end", "sign")},
}
