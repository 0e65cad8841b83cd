"""One plain form of names, addresses and numbers, so that what was typed two ways is found once."""

import datetime as dt
import re
import unicodedata

import jellyfish

from csp.core.typed import read_day, read_postcode

STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "ŋ": "n"}
)
"""Letters that Unicode does not take apart into a plain letter and a mark."""

APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u02bb`\u00b4\uff07]")
POSTCODE_INSIDE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
BIRTHDAY_INSIDE = re.compile(
    r"(?<![\w/.-])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}([-/. ])\d{1,2}\1(?:18|19|20)\d\d"
    r"|\d{1,2}(?:st|nd|rd|th)? [a-z]{3,9} (?:18|19|20)\d\d)(?![\w/-])",
    re.IGNORECASE,
)
EXTENSION = re.compile(r"(?:ext|extension|x)\.?\s*\d+\s*$", re.IGNORECASE)
LONGEST_NAME_KEY = 1000
SCATTER = 2_654_435_761  # Knuth's: about the golden part of 2**32
LONGEST_ADDRESS_KEY = 300
LONGEST_PHONE_KEY = 20
SHORTEST_SOUND, LONGEST_SOUND = 2, 20
"""Of one letter, too many names sound alike."""


def fold(text: str) -> str:
    """Casefolded, without accents and punctuation, single spaces: O'Brien, Siân becomes obrien sian.

    Letters of other scripts stay, and so do the vowel signs of Hindi or Thai, which carry the word.
    """
    folded = _fold_once(text)
    # Casefolding can make letters that come apart again, so go on until nothing moves.
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(text: str) -> str:
    plain = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text).casefold()).casefold()
    letters = "".join(c for c in plain.translate(STROKES) if not unicodedata.combining(c))
    return " ".join("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in letters).split())


def name_key(*names: str) -> str:
    """What names are found by. Other alphabets are spelt in plain letters, whatever they sound like.

    PostgreSQL takes words apart by its locale, and in the plain one it sees no letters but ours.
    """
    return "".join(c if c.isascii() else _spelt(c) for c in fold(" ".join(names)))[:LONGEST_NAME_KEY]


def _spelt(letter: str) -> str:
    """Four letters, far apart for letters that are next to each other, so that few names look alike."""
    number = ord(letter) * SCATTER % 26**4
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(4))


def sounds_of(word: str) -> set[str]:
    """How a folded word sounds in English, by two sets of rules: Metaphone's and NYSIIS's."""
    if not (word.isascii() and word.isalpha()):
        return set()
    codes = (jellyfish.metaphone(word).replace(" ", ""), jellyfish.nysiis(word))
    return {code[:LONGEST_SOUND] for code in codes if len(code) >= SHORTEST_SOUND}


def sound_keys(*names: str) -> list[str]:
    """How each word of the names sounds."""
    return sorted(set().union(*(sounds_of(word) for word in fold(" ".join(names)).split())))


def address_key(address: str, postcode: str = "") -> str:
    """An address and its postcode, wherever in the address the postcode was typed."""
    folded, code = fold(address), fold(postcode).replace(" ", "")
    if code:
        folded = re.sub(rf"\b{re.escape(code[:-3])} ?{re.escape(code[-3:])}\b", " ", folded)
    key = " ".join([*folded.split(), *([code] if code else [])])
    # An address of signs alone folds to nothing; two such addresses are still not one place.
    return (key or address.strip())[:LONGEST_ADDRESS_KEY]


def phone_key(text: str) -> str:
    """The digits of a telephone number as dialled in the UK: +44 (0)7700 900123 becomes 07700900123."""
    digits = "".join(str(unicodedata.decimal(c)) for c in EXTENSION.sub("", text) if c.isdecimal())
    if digits.startswith("0044"):
        digits = "0" + digits[4:].lstrip("0")
    elif digits.startswith("44") and text.lstrip().startswith("+"):
        digits = "0" + digits[2:].lstrip("0")
    return digits[:LONGEST_PHONE_KEY]


def email_key(text: str) -> str:
    return text.strip().lower()


def split_postcode(text: str) -> tuple[str, str]:
    """An address typed in one box: what is left without its postcode, and the postcode as it is written."""
    for found in POSTCODE_INSIDE.finditer(text):
        if code := read_postcode(found[0]):
            rest = f"{text[: found.start()].rstrip(' ,')} {text[found.end() :].lstrip(' ,')}"
            return rest.strip(), code
    return text.strip(), ""


def split_birthday(text: str) -> tuple[str, dt.date | None]:
    """A name typed with a date of birth in one box: the rest, and the day. 3.4.1990 is in April."""
    for found in BIRTHDAY_INSIDE.finditer(text):
        if day := read_day(found[0], dt.date.max):
            return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split()).strip(" ,"), day
    return text.strip(), None
