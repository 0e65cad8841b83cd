import rules

from cases.models import Note
from csp.agencies.models import User


@rules.predicate
def wrote_it(user: User, note: Note) -> bool:
    return note.by_id == user.pk


@rules.predicate
def of_its_partner(user: User, note: Note) -> bool:
    """The user works where the note was written."""
    return note.partner_id in user.partner_ids


rules.add_perm("notes.edit", wrote_it)
rules.add_perm("notes.correct", wrote_it | of_its_partner)
