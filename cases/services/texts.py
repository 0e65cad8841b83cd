import dataclasses
import re

from csp.core.errors import RuleBroken

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL cannot hold: NUL, and halves of letters that a broken decoder leaves behind."""


class NotText(RuleBroken): ...


def refuse_unstorable(what: str, text: str) -> None:
    if UNSTORABLE.search(text):
        raise NotText(f"{what} holds a character that cannot be stored. Type it again")


def refuse_unstorable_in(record: object) -> None:
    """Raise `NotText` if a text of this dataclass cannot be stored. All else stays as it was typed."""
    for field in dataclasses.fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        if isinstance(value, str):
            refuse_unstorable(field.name.replace("_", " ").capitalize(), value)
