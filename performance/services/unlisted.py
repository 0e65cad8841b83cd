"""What a figure counts that its list does not show, and why: in words."""

from dataclasses import dataclass

from performance.services.small_numbers import HELD_BACK, Shown, is_small

DESTROYED = "destroyed under the retention schedule"
NOT_TOLD = (
    "How many there are is not shown here, because beside other figures it could tell a small number. "
    "Those that are open to you are listed."
)


@dataclass(frozen=True)
class Unlisted:
    above: str = ""
    """Said above the rows."""
    below: str = ""


def unlisted(whole: Shown, listed: int, destroyed: int, *, small: bool) -> Unlisted:
    """Who does not see small numbers does not learn one from what is left of the whole either."""
    if whole.number is None:
        return Unlisted(NOT_TOLD if whole.words == HELD_BACK else "")
    hidden = whole.number - listed - destroyed
    if destroyed and not small and (is_small(hidden) or is_small(destroyed)):
        return Unlisted(f"{_of_them(hidden + destroyed)} are not listed: not open to you, or {DESTROYED}.")
    below = f"And {destroyed:,} {DESTROYED}, of which only numbers are kept." if destroyed else ""
    return Unlisted(_not_open(hidden, small=small), below)


def _not_open(hidden: int, *, small: bool) -> str:
    if hidden <= 0:
        return ""
    if small and hidden == 1:
        return "1 of them is not open to you, so it is not listed."
    words = f"{hidden:,} of them" if small else _of_them(hidden)
    return f"{words} are not open to you, so they are not listed."


def _of_them(number: int) -> str:
    return "Some of them" if is_small(number) else f"{number:,} of them"
