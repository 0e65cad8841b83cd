"""Tables that leave the product as CSV."""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def safe_cell(text: str) -> str:
    """The text as a spreadsheet shows it without running it: what people typed may be a formula.

    Plain numbers such as -0.97 stay, so that coordinates come back as they went out.
    """
    if text.startswith(FORMULA) and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
