"""Who was let in: everything for the team that leads, its own part for an agency."""

from collections.abc import Iterator

from django.db.models import Q

from cases.enums.timeline import TimelineKind
from cases.models import AccessRequest, CaseNamed, CaseShare
from cases.services.timeline.items import Reading, TimelineItem
from csp.core.text import mid_sentence

SHARING = TimelineKind.SHARING


def shares(reading: Reading) -> Iterator[TimelineItem]:
    own = Q(record__in=reading.led) | Q(to_partner__in=reading.user.partner_ids)
    found = CaseShare.objects.filter(own, record__in=reading.cases)
    for share in reading.newest(found.select_related("from_partner", "to_partner", "made_by", "ended_by")):
        yield TimelineItem(
            at=share.starts_at,
            kind=SHARING,
            title=f"Shared with {share.to_partner}: {mid_sentence(share.get_level_display())}",
            text=share.purpose,
            who=str(share.made_by or ""),
            partner=share.from_partner,
        )
        if share.ended_at:
            yield TimelineItem(
                at=share.ended_at,
                kind=SHARING,
                title=f"The share with {share.to_partner} ended",
                text=share.end_reason,
                who=str(share.ended_by or ""),
                partner=share.from_partner,
            )


def requests(reading: Reading) -> Iterator[TimelineItem]:
    own = Q(case__in=reading.led) | Q(partner__in=reading.user.partner_ids)
    found = AccessRequest.objects.filter(own, case__in=reading.cases)
    for request in reading.newest(found.select_related("partner", "case__lead", "asked_by", "answered_by")):
        level = mid_sentence(request.get_level_display())
        yield TimelineItem(
            at=request.asked_at,
            kind=SHARING,
            title=f"{request.partner} asked for access: {level}",
            text=request.why,
            who=str(request.asked_by),
            partner=request.partner,
        )
        if request.answered_at:
            yield TimelineItem(
                at=request.answered_at,
                kind=SHARING,
                title=f"Access for {request.partner}: {mid_sentence(request.get_status_display())}",
                text=request.answer,
                who=str(request.answered_by or ""),
                partner=request.case.lead,
            )


def named(reading: Reading) -> Iterator[TimelineItem]:
    """While it was restricted: who was named on it, for the team that leads; why, while it is restricted."""
    found = CaseNamed.objects.filter(case__in=reading.led)
    for person in reading.newest(found.select_related("user", "added_by", "case__lead")):
        let_in = "opened it because somebody may come to harm" if person.broke_glass else "was named on it"
        yield TimelineItem(
            at=person.added_at,
            kind=SHARING,
            title=f"{person.user} {let_in}",
            text=person.reason if person.case.restricted else "",
            who=str(person.added_by or ""),
            partner=person.case.lead,
        )
