"""Text as people type or paste it, made safe to store without changing what it says."""

import re
import unicodedata

LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
BLANKS = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Line ends as one kind, control characters gone, letters with accents stored one way so that search
    finds them.

    Joiners and direction marks stay: Persian, Hindi or Arabic names need them.
    """
    return unicodedata.normalize("NFC", CONTROLS.sub("", LINE_ENDS.sub("\n", text)))


def one_line(text: str) -> str:
    """Tidied and on one line, each run of blanks one space."""
    return BLANKS.sub(" ", tidy(text)).strip()


def mid_sentence(label: str) -> str:
    """A label inside a sentence: lower case at the start, but abbreviations such as ASB keep their
    capitals.
    """
    keeps = label[1:2].isupper() or label.startswith("I ")
    return label if keeps else label[:1].lower() + label[1:]


def count(n: int, noun: str, plural: str = "") -> str:
    """`1 report`, `2 reports`, `1,200 people`."""
    return f"{n} {noun}" if n == 1 else f"{n:,} {plural or noun + 's'}"
