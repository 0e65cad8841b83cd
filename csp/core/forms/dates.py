"""Dates and times in the GOV.UK way, read as people type them."""

import datetime as dt
from abc import abstractmethod
from typing import Any, ClassVar

from crispy_forms_gds.widgets import DateInputWidget
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from csp.core.calendar import LONDON
from csp.core.typed import at_local_time, read_day, read_month, read_time, read_year, real_date
from csp.core.words import date_words, time_words

DAY, MONTH, YEAR = 0, 1, 2
PARTS = ("day", "month", "year")


class Spoken(forms.Field):
    """A field with messages of its own, which the form fills in with its label."""

    plain_messages: ClassVar[dict[str, str]] = {}

    def problem(self, code: str, **params: Any) -> ValidationError:
        message = self.error_messages.get(code) or self.plain_messages[code].replace("{Label}", "This")
        return ValidationError(message, code=code, params=params)


class WithinDays(Spoken):
    """A day that may have to lie before, or after, today. `future` says which day `3 sep` means."""

    plain_messages: ClassVar[dict[str, str]] = {
        "invalid": "{Label} must be a real date, like 3 9 2026",
        "ahead": "{Label} must be today or in the past",
        "past": "{Label} must be today or in the future",
        "too_early": "{Label} must be %(earliest)s or later",
    }

    def __init__(
        self,
        *,
        allow_future: bool = True,
        allow_past: bool = True,
        future: bool | None = None,
        earliest: dt.date = dt.date(1900, 1, 1),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.allow_future, self.allow_past, self.earliest = allow_future, allow_past, earliest
        self.future = not allow_past if future is None else future

    def check(self, day: dt.date) -> dt.date:
        today = timezone.localdate()
        if day > today and not self.allow_future:
            raise self.problem("ahead")
        if day < today and not self.allow_past:
            raise self.problem("past")
        if day < self.earliest:
            raise self.problem("too_early", earliest=date_words(self.earliest))
        return day

    def read(self, typed: str) -> dt.date:
        day = read_day(typed, timezone.localdate(), future=self.future)
        if day is None:
            raise self.problem("invalid")
        return self.check(day)


class DayField(WithinDays):
    """A date in one box: 3/9/26, 3 sep, today. Quick for staff, who type many."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"})

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, dt.date) else self.read(str(value))

    def prepare_value(self, value: Any) -> Any:
        return date_words(value) if isinstance(value, dt.date) else value


class TimeField(Spoken):
    """A time of day in one box: 9.30pm, 2130, noon."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"})
    plain_messages: ClassVar[dict[str, str]] = {"invalid": "{Label} must be a time, like 9:30pm or 21:30"}

    def to_python(self, value: Any) -> dt.time | None:
        if value in self.empty_values:
            return None
        time = value if isinstance(value, dt.time) else read_time(str(value))
        if time is None:
            raise self.problem("invalid")
        return time

    def prepare_value(self, value: Any) -> Any:
        return time_words(value) if isinstance(value, dt.time) else value


class InParts(forms.MultiValueField):
    """Several boxes for one value, each problem shown at the box that has it."""

    names: ClassVar[tuple[str, ...]]

    def clean(self, value: Any) -> Any:
        for field in self.fields:
            field.widget.errors = []
        typed = [str(part or "").strip() for part in value or [""] * len(self.fields)]
        try:
            return self.read_parts(typed) if any(typed) else self.nothing_typed()
        except ValidationError as problem:
            at = (problem.params or {}).get("at", 0)
            self.fields[at].widget.errors = list(problem.messages)
            raise

    def nothing_typed(self) -> None:
        if self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    @abstractmethod
    def read_parts(self, typed: list[str]) -> Any: ...

    def missing(self, typed: list[str]) -> list[str]:
        return [name for name, part in zip(self.names, typed, strict=True) if not part]


class DayPartsWidget(DateInputWidget):
    """Day, month and year. Month names are fine, so only the others ask for the number keys."""

    def __init__(self) -> None:
        super().__init__()
        for at in (DAY, YEAR):
            self.widgets[at].attrs["inputmode"] = "numeric"


class DayPartsField(WithinDays, InParts):
    """The GOV.UK date input, for the public and for dates that people know by heart."""

    widget = DayPartsWidget
    names = PARTS
    plain_messages: ClassVar[dict[str, str]] = {
        **WithinDays.plain_messages,
        "incomplete": "{Label} must include a %(missing)s",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields=[forms.CharField(required=False) for _ in PARTS], **kwargs)

    def read_parts(self, typed: list[str]) -> dt.date:
        missing = self.missing(typed)
        if missing == ["month", "year"] and read_day(typed[DAY], timezone.localdate(), future=self.future):
            return self.read(typed[DAY])  # the whole date pasted into the first box
        if missing:
            at = PARTS.index(missing[0])
            raise self.problem("incomplete", missing=" and ".join(missing), at=at)
        month = read_month(typed[MONTH])
        if not (month and typed[DAY].isdecimal() and typed[YEAR].isdecimal()):
            raise self.problem("invalid")
        year = read_year(typed[YEAR], timezone.localdate(), future=self.future)
        day = real_date(year, month, int(typed[DAY]))
        if day is None:
            raise self.problem("invalid")
        return self.check(day)


class MomentWidget(forms.MultiWidget):
    template_name = "core/widgets/moment.html"

    def __init__(self) -> None:
        day = forms.TextInput(attrs={"class": "govuk-input govuk-input--width-10", "autocomplete": "off"})
        time = forms.TextInput(attrs={"class": "govuk-input govuk-input--width-5", "autocomplete": "off"})
        super().__init__([day, time])

    def decompress(self, value: dt.datetime | None) -> list[str]:
        if not value:
            return ["", ""]
        local = value.astimezone(LONDON)
        return [date_words(local.date()), time_words(local.time())]


class MomentField(WithinDays, InParts):
    """When something happened: a date and a time in London."""

    widget = MomentWidget
    names = ("date", "time")
    plain_messages: ClassVar[dict[str, str]] = {
        **WithinDays.plain_messages,
        "incomplete": "{Label} must include a %(missing)s",
        "invalid_time": "{Label} must have a time like 9:30pm or 21:30",
        "later_today": "{Label} must be in the past",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields=[forms.CharField(required=False) for _ in self.names], **kwargs)

    def read_parts(self, typed: list[str]) -> dt.datetime:
        if missing := self.missing(typed):
            raise self.problem("incomplete", missing=missing[0], at=self.names.index(missing[0]))
        day, time = self.read(typed[0]), read_time(typed[1])
        if time is None:
            raise self.problem("invalid_time", at=1)
        moment = at_local_time(day, time)
        if moment > timezone.now() and not self.allow_future:
            raise self.problem("later_today", at=1)
        return moment
