from django.db.models import TextChoices


class ReferralStatus(TextChoices):
    WAITING = "waiting", "Waiting for the chair"
    ACCEPTED = "accepted", "On the agenda"
    DEFERRED = "deferred", "Put off to a later meeting"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


REFERRAL_TRANSITIONS: dict[str, set[str]] = {
    ReferralStatus.WAITING: {
        ReferralStatus.ACCEPTED,
        ReferralStatus.DEFERRED,
        ReferralStatus.DECLINED,
        ReferralStatus.WITHDRAWN,
    },
    ReferralStatus.DEFERRED: {
        ReferralStatus.ACCEPTED,
        ReferralStatus.DEFERRED,
        ReferralStatus.DECLINED,
        ReferralStatus.WITHDRAWN,
    },
    ReferralStatus.ACCEPTED: set(),
    ReferralStatus.DECLINED: set(),
    ReferralStatus.WITHDRAWN: set(),
}
UNDECIDED = (ReferralStatus.WAITING, ReferralStatus.DEFERRED)


class ItemKind(TextChoices):
    CASE = "case", "Case"
    PERSON = "person", "Person"
    PLACE = "place", "Place"
    STANDING = "standing", "Standing item"


class ItemStatus(TextChoices):
    TABLED = "tabled", "To be discussed"
    STAYS = "stays", "Stays on the agenda"
    RETURNS = "returns", "Comes back on a date"
    OFF = "off", "Comes off the agenda"
    WITHDRAWN = "withdrawn", "Taken off before the meeting"


ITEM_TRANSITIONS: dict[str, set[str]] = {
    ItemStatus.TABLED: {ItemStatus.STAYS, ItemStatus.RETURNS, ItemStatus.OFF, ItemStatus.WITHDRAWN},
    ItemStatus.STAYS: {ItemStatus.TABLED, ItemStatus.RETURNS, ItemStatus.OFF},
    ItemStatus.RETURNS: {ItemStatus.TABLED, ItemStatus.STAYS, ItemStatus.OFF},
    ItemStatus.OFF: {ItemStatus.TABLED, ItemStatus.STAYS, ItemStatus.RETURNS},
    ItemStatus.WITHDRAWN: {ItemStatus.TABLED},
}
ENDINGS = (ItemStatus.STAYS, ItemStatus.RETURNS, ItemStatus.OFF)
"""What the meeting decides about the item itself. Until minutes are approved it may think again."""


class Known(TextChoices):
    """An agency's answer to "known to us?"."""

    KNOWN = "known", "Known to us"
    NOT_KNOWN = "not_known", "Not known to us"
    NOTHING_TO_ADD = "nothing", "Nothing to add"


class PackKind(TextChoices):
    PACK = "pack", "Papers"
    MINUTES = "minutes", "Minutes"


class EscalationLevel(TextChoices):
    AGENCY_LEAD = "agency_lead", "The agency's lead"
    BOARD = "board", "The partnership board"
