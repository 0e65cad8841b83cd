"""Who leads an action, as a plan prints it, and which agency here that is."""

import re
from collections.abc import Iterable, Mapping

from csp.agencies.models import Partner

FOR_WHOM = re.compile(r"\bon behalf of\b.*", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\([^)]*\)")
NO_WORD = re.compile(r"[^\w]+")


class Leads:
    """Finds agencies by their name here, by the agency's own name, and by the short names of a plan."""

    def __init__(self, partners: Iterable[Partner], aliases: Mapping[str, str]) -> None:
        self.aliases = {plain(short): plain(long) for short, long in aliases.items()}
        self.names: dict[str, set[int]] = {}
        for partner in partners:
            for name in (partner.name, partner.agency.name):
                self.names.setdefault(plain(name), set()).add(partner.pk)

    def find(self, words: str) -> int | None:
        """The agency that the words name, whole or as a part of them; None where that is not clear.

        The longest name wins: Police and Crime Commissioner is not the Police. Whoever acts on behalf of
        somebody leads; somebody named in brackets is a post.
        """
        said = plain(IN_BRACKETS.sub(" ", FOR_WHOM.sub(" ", words)))
        said = self.aliases.get(said, said)
        matches = [name for name in self.names if f" {name} " in f" {said} "]
        if not matches:
            matches = [name for name in self.names if said and f" {name} ".startswith(f" {said} ")]
        longest = max(map(len, matches), default=0)
        found = {pk for name in matches if len(name) == longest for pk in self.names[name]}
        return found.pop() if len(found) == 1 else None


def plain(text: str) -> str:
    """Small letters and single blanks: Fire & Rescue and fire and rescue are the same."""
    return NO_WORD.sub(" ", text.casefold().replace("&", " and ")).strip()
