"""Which agencies see an item of an agenda, which would, and what that means in words."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from cases.models import CaseNamed, CaseShare
from csp.agencies.enums import Consent, Gateway, ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services.agreements import shortcomings
from csp.core.calendar import local_day
from csp.core.words import date_words
from tasking.models import AgendaItem, ItemShare
from tasking.services.tabling import TablingTerms, sees, sees_at_meeting, shares_end_at, table_for

NECESSITY = "Each agency invited holds a part of what is known, and of what can be done"
SUMMARY_WORDS = "title, what is going on, kinds, area and status; no names, notes or letters"
LEVEL_WORDS = {
    ShareLevel.SUMMARY: SUMMARY_WORDS,
    ShareLevel.FULL: "the people in it, its reports, risk, and notes for every agency",
    ShareLevel.CONTRIBUTE: "the people in it, its reports, risk and notes, and they may add what they know",
}


@dataclasses.dataclass(frozen=True)
class Agency:
    """An agency of the partnership and this item."""

    partner: Partner
    is_invited: bool
    has_left: bool
    share: ItemShare | None
    case_words: str
    """What it holds of the item's case, apart from this item."""

    @property
    def can_be_added(self) -> bool:
        return self.is_invited and not self.has_left and self.share is None


def agencies(item: AgendaItem, at: dt.datetime) -> list[Agency]:
    """Those invited, by name, and after them those of the partnership that are not."""
    current = ItemShare.objects.current(at).filter(record=item)
    shares = {shared.to_partner_id: shared for shared in current.select_related("agreement", "made_by")}
    invited = set(item.meeting.invited.sitting().values_list("partner", flat=True))
    today = local_day(at)
    found = [
        Agency(
            partner,
            partner.pk in invited,
            partner.left_on is not None and partner.left_on <= today,
            shares.get(partner.pk),
            words,
        )
        for partner, words in _with_case_words(item, at)
    ]
    return sorted(found, key=lambda each: (not each.is_invited, each.partner.name, each.partner.pk))


def _with_case_words(item: AgendaItem, at: dt.datetime) -> list[tuple[Partner, str]]:
    partners = Partner.objects.filter(partnership=item.partnership_id).exclude(pk=item.lead_id)
    held = (
        CaseShare.objects.current(at).filter(record=item.case_id)
        if item.case_id
        else CaseShare.objects.none()
    )
    if item.case is not None and item.case.lead_id != item.lead_id:  # to whom else they gave it is theirs
        held = held.filter(tabled_with__record=item)
    levels = {shared.to_partner_id: held_words(shared) for shared in held}
    if item.case is not None:
        levels[item.case.lead_id] = "leads the case"
    return [(partner, levels.get(partner.pk, "")) for partner in partners.order_by("name", "pk")]


def held_words(shared: CaseShare) -> str:
    until = f"until {date_words(local_day(shared.ends_at))}" if shared.ends_at else "until somebody ends it"
    return f"{ShareLevel(shared.level).label.lower()}, {until}"


def first_terms(item: AgendaItem) -> TablingTerms:
    """What the terms were when it was last tabled, what its referral says, or the purpose of the series."""
    last = item.shares.order_by("-starts_at", "-pk").first()
    usual = f"Problem solving at the {item.meeting.series.name}"
    names = ("gateway", "necessity", "consent", "consent_note")
    if last is not None:
        level = ShareLevel(last.case_share.level) if last.case_share else ShareLevel.SUMMARY
        kept = {name: getattr(last, name) for name in (*names, "purpose", "handling")}
        return TablingTerms(level=max(level, ShareLevel.SUMMARY), **kept)
    if item.referral is not None:
        return TablingTerms(purpose=usual, **{name: getattr(item.referral, name) for name in names})
    return TablingTerms(
        gateway=Gateway.CDA_115, purpose=usual, necessity=NECESSITY, consent=Consent.NOT_NEEDED
    )


@dataclasses.dataclass(frozen=True)
class Consequence:
    """What one agency will see, in words, and what to think of first."""

    partner: Partner
    item: str
    case: str
    named: str
    warnings: list[str]


def consequences(
    *, item: AgendaItem, partners: Sequence[Partner], terms: TablingTerms, by: User, at: dt.datetime
) -> list[Consequence]:
    """Tabling tried and taken back, so that what would be refused is refused now. Raises `CannotTable`."""
    words = [_consequence(item, partner, terms, at) for partner in partners]
    with transaction.atomic():
        table_for(item=item, partners=partners, terms=terms, by=by, at=at)
        transaction.set_rollback(True)
    return words


def _consequence(item: AgendaItem, partner: Partner, terms: TablingTerms, at: dt.datetime) -> Consequence:
    agreement = item.meeting.series.agreement
    until = date_words(local_day(shares_end_at(item.meeting)))
    return Consequence(
        partner,
        f"The item whole, with what agencies answer to it, until {until}",
        _case_consequence(item, partner, terms, until, at),
        _named_words(item, partner),
        shortcomings(agreement, partner, local_day(at)) if agreement else [],
    )


def _case_consequence(
    item: AgendaItem, partner: Partner, terms: TablingTerms, until: str, at: dt.datetime
) -> str:
    case = item.case
    if case is None:
        return ""
    if case.lead_id == partner.pk:
        return f"They lead {case}"
    held = CaseShare.objects.current(at).filter(record=case, to_partner=partner).first()
    if sees_at_meeting(case, partner, item.meeting, at):
        told = held if case.lead_id == item.lead_id else None
        return f"They see {case} already: {held_words(told) if told else 'as it is'}. That stays as it is"
    level = max(terms.level, ShareLevel(held.level) if held else terms.level)
    gets = f"{case} at the level {level.label.lower()}, until {until}: {LEVEL_WORDS[level]}"
    if held is None:
        return gets
    if sees(case, partner):
        return f"{gets}. What they have now ends before the meeting is over: {held_words(held)}"
    return f"{gets}. Now they know only that it exists"


def _named_words(item: AgendaItem, partner: Partner) -> str:
    if item.case is None or not item.case.restricted:
        return ""
    named = CaseNamed.objects.current().filter(case=item.case, user__groups=partner.group_id)
    names = ", ".join(dict.fromkeys(named.order_by("user__name", "pk").values_list("user__name", flat=True)))
    return f"Only people named on the case see any of it. At {partner}: {names or 'nobody yet'}"
