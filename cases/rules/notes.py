import rules

from cases.models import Evidence, Note
from csp.agencies.models import User


@rules.predicate
def wrote_it(user: User, note: Note) -> bool:
    return note.by_id == user.pk


@rules.predicate
def of_its_partner(user: User, entry: Note | Evidence) -> bool:
    """The user works where it was written."""
    return entry.partner_id in user.partner_ids


rules.add_perm("notes.edit", wrote_it)
rules.add_perm("notes.correct", wrote_it | of_its_partner)
rules.add_perm("evidence.correct", of_its_partner)
