from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from csp.core.text import one_line
from csp.core.typed import read_phone, read_postcode


class NameField(forms.CharField):
    """A name in any script, on one line."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class ReadField(forms.CharField):
    """A text with a spelling of its own, which people need not know."""

    read: Callable[[str], str | None]
    input_attrs: ClassVar[dict[str, str]] = {}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs = {**self.input_attrs, **self.widget.attrs}

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        found = type(self).read(typed) if typed else ""
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class PostcodeField(ReadField):
    """A full UK postcode, however it was spaced."""

    read = staticmethod(read_postcode)
    input_attrs: ClassVar[dict[str, str]] = {"class": "govuk-input--width-10", "autocomplete": "off"}
    plain_messages: ClassVar[dict[str, str]] = {"invalid": "Enter a full UK postcode, like OX14 3JE"}


class PhoneField(ReadField):
    """A phone number, British or with its country code."""

    read = staticmethod(read_phone)
    input_attrs: ClassVar[dict[str, str]] = {
        "class": "govuk-input--width-20",
        "inputmode": "tel",
        "autocomplete": "off",
    }
    plain_messages: ClassVar[dict[str, str]] = {
        "invalid": "Enter a phone number, like 01632 960 001, 07700 900 982 or +353 1 496 0123"
    }
