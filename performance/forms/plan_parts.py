"""What the forms of a plan share."""

import csv
import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from csp.core.forms import GDSForm
from csp.core.words import date_words
from performance.services.plan_actions import LONGEST
from performance.services.plans import FigureLine, prints_of

PARTS_OF_A_FIGURE = 4


class DetailsForm(GDSForm):
    """Filled from a dataclass of details, and read back into one. It remembers what it was filled with."""

    headings: ClassVar[dict[str, str]] = {}
    """What fields are called whose label is another."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def said(self, name: str, details: Any) -> str:
        """One detail in words, to tell of somebody else's change."""
        value = getattr(details, name)
        if name == "figures":
            return write_figures(value) or "None"
        if hasattr(value, "strftime"):
            return date_words(value)
        choices = dict(getattr(self.fields.get(name), "choices", ()))
        if isinstance(value, tuple):
            return ", ".join(str(choices.get(each, each)) for each in value) or "None"
        return str(choices.get(value, value) or "Nothing")


def remembered(details: Any, now: Any = None) -> str:
    """The prints of what it says, where that is something else than what the form is filled with."""
    return json.dumps(prints_of(now or details))


def box(label: str, *, rows: int = 3, hint: str = "", **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "app-grows"})
    kwargs = {"required": False, "max_length": LONGEST, **kwargs}
    return forms.CharField(label=label, help_text=hint, widget=widget, **kwargs)


class NumberField(forms.CharField):
    """A number as people write it: 1,250 or 12.5. Empty is no figure, which is not nought."""

    widget = forms.TextInput(
        attrs={"class": "govuk-input--width-10", "inputmode": "decimal", "autocomplete": "off"}
    )

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return read_number(typed) if typed else None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}" if isinstance(value, Decimal) else value


def read_number(typed: str) -> Decimal:
    try:
        number = Decimal(typed.replace(",", "").replace(" ", ""))
    except InvalidOperation as problem:
        raise ValidationError(f"Enter a number, like 12 or 12.5, instead of “{typed}”") from problem
    if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
        raise ValidationError("Enter a smaller number")
    if number != (rounded := number.quantize(Decimal("0.01"))):
        raise ValidationError("Enter a number with two decimal places or fewer")
    return rounded.normalize() + 0


class FiguresField(forms.CharField):
    """Figures of the position that the plan starts from, one on each line."""

    def __init__(self) -> None:
        super().__init__(
            label="Current position",
            required=False,
            max_length=LONGEST,
            help_text=(
                "One figure on each line, its parts set apart by semicolons: what; period; number; unit. "
                "Such as: Recorded crimes; 2024/25; 9,814; crimes"
            ),
            widget=forms.Textarea(attrs={"rows": 3, "class": "app-grows"}),
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return value
        lines = [each.strip() for each in (super().to_python(value) or "").splitlines()]
        return tuple(read_figure(each) for each in lines if each)

    def prepare_value(self, value: Any) -> Any:
        return write_figures(value) if isinstance(value, tuple) else value


def read_figure(line: str) -> FigureLine:
    parts = _parts(line)
    if not 3 <= len(parts) <= PARTS_OF_A_FIGURE or not parts[0]:
        raise ValidationError(f"Write “{line}” as: what; period; number; unit")
    label, period, number, unit = [*parts, ""][:PARTS_OF_A_FIGURE]
    for part, most in ((label, 300), (period, 40), (unit, 60)):
        if len(part) > most:
            raise ValidationError(f"Use {most} characters or fewer for “{part[:40]}…”")
    return FigureLine(label, period, read_number(number), unit)


def _parts(line: str) -> list[str]:
    """A part that holds a semicolon itself stands in quotation marks."""
    try:
        parts = next(csv.reader([line], delimiter=";", skipinitialspace=True, strict=True))
    except csv.Error:
        parts = line.split(";")
    return [each.strip() for each in parts]


def write_figures(lines: Iterable[FigureLine]) -> str:
    return "\n".join(_written(each) for each in lines)


def _written(line: FigureLine) -> str:
    parts = [_quoted(line.label), _quoted(line.period) or " ", f"{line.value:f}", _quoted(line.unit)]
    return "; ".join(filter(None, parts))


def _quoted(part: str) -> str:
    if ";" not in part and not part.startswith('"'):
        return part
    doubled = part.replace('"', '""')
    return f'"{doubled}"'
