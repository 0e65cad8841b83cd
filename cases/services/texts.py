import dataclasses
import re

from csp.core.errors import RuleBroken

NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL cannot hold: NUL, and halves of letters that a broken decoder leaves behind."""


class NotText(RuleBroken): ...


def refuse_not_text(record: object) -> None:
    """Raise `NotText` if a text of this dataclass cannot be stored. All else stays as it was typed."""
    for field in dataclasses.fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        if isinstance(value, str) and NOT_TEXT.search(value):
            words = field.name.replace("_", " ")
            raise NotText(f"{words.capitalize()} holds a character that cannot be stored. Type it again")
