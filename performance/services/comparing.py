"""Which way a figure goes. Nought is a number; a number that is missing or held back is not."""

from dataclasses import dataclass

from performance.services.small_numbers import Shown

LEAST_BASE = 10
"""From fewer than that a percentage says nothing: from 1 to 3 is 200% more."""
UP, DOWN, SAME, UNKNOWN = "up", "down", "same", ""


@dataclass(frozen=True)
class Change:
    direction: str
    words: str
    percent: int | None = None
    """How much more than before, in hundredths of it. None where it cannot be computed, or says nothing."""

    @property
    def percent_words(self) -> str:
        if not self.percent:
            return ""
        return f"{abs(self.percent):,}% {'more' if self.percent > 0 else 'less'}"


def percent_change(now: int | None, before: int | None) -> int | None:
    """To the next whole number, halves away from nought. None of nothing."""
    if now is None or not before:
        return None
    more, sign = abs(now - before), 1 if now >= before else -1
    return sign * ((200 * more + before) // (2 * before))


def change(now: Shown | None, before: Shown | None, *, share: bool = False) -> Change:
    """How a figure compares with an earlier one. `share` compares the shares of their parts, in points."""
    if now is None:
        return Change(UNKNOWN, "nothing recorded yet")
    if before is None:
        return Change(UNKNOWN, "nothing recorded then")
    if share:
        return _of_shares(now, before)
    if before.number is None:
        return _from_held_back(now, before)
    if now.number is None:
        return Change(UNKNOWN, f"was {before.words}")
    percent = percent_change(now.number, before.number) if before.number >= LEAST_BASE else None
    return Change(*_direction(now.number, before.number, before.words), percent)


def _of_shares(now: Shown, before: Shown) -> Change:
    if before.percent is None:
        return Change(UNKNOWN, before.part_words if before.number is None else "none to compare with")
    if now.percent is None:
        return Change(UNKNOWN, f"was {before.percent}%")
    return Change(*_direction(now.percent, before.percent, f"{before.percent}%"))


def _from_held_back(now: Shown, before: Shown) -> Change:
    """Of a number held back only that is said which anybody can see: five are more than fewer than five."""
    if now.number and before.words.startswith("fewer"):
        return Change(UP, f"up from {before.words}")
    return Change(UNKNOWN, f"was {before.words}")


def _direction(now: int, before: int, words: str) -> tuple[str, str]:
    if now == before:
        return SAME, f"the same as {words}" if words.endswith("%") else "no change"
    return (UP, f"up from {words}") if now > before else (DOWN, f"down from {words}")
