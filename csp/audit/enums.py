from django.db.models import TextChoices


class Kind(TextChoices):
    """What the law wants logged of an event (Data Protection Act 2018, section 62), and who may sign in."""

    COLLECTION = "collection", "Recorded"
    ALTERATION = "alteration", "Changed"
    CONSULTATION = "consultation", "Looked at or searched"
    DISCLOSURE = "disclosure", "Disclosed or sent out"
    COMBINATION = "combination", "Merged"
    ERASURE = "erasure", "Erased"
    ACCOUNT = "account", "Accounts and sign-in"


ACCOUNT_NOUNS = frozenset({"account", "invitation", "membership", "session", "user"})
KIND_OF_ENDING = {
    "viewed": Kind.CONSULTATION,
    "searched": Kind.CONSULTATION,
    "downloaded": Kind.CONSULTATION,
    "disclosed": Kind.DISCLOSURE,
    "emailed": Kind.DISCLOSURE,
    "exported": Kind.DISCLOSURE,
    "given": Kind.DISCLOSURE,
    "printed": Kind.DISCLOSURE,
    "referred": Kind.DISCLOSURE,
    "sent": Kind.DISCLOSURE,
    "shared": Kind.DISCLOSURE,
    "told": Kind.DISCLOSURE,
    "transferred": Kind.DISCLOSURE,
    "added": Kind.COLLECTION,
    "attached": Kind.COLLECTION,
    "imported": Kind.COLLECTION,
    "logged": Kind.COLLECTION,
    "opened": Kind.COLLECTION,
    "received": Kind.COLLECTION,
    "joined": Kind.COMBINATION,
    "merged": Kind.COMBINATION,
    "erased": Kind.ERASURE,
    "deleted": Kind.ERASURE,
}


def kind_of(verb: str) -> Kind:
    """By the last word of a verb: `report.viewed` is a consultation. What is not listed is a change."""
    noun, _, done = verb.partition(".")
    kind = KIND_OF_ENDING.get(done.rpartition("_")[2], Kind.ALTERATION)
    return Kind.ACCOUNT if noun in ACCOUNT_NOUNS and kind in CHANGES else kind


CHANGES = frozenset({Kind.COLLECTION, Kind.ALTERATION, Kind.ERASURE})
