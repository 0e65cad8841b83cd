import datetime as dt
import re

import pytest
from django import forms

from csp.core.calendar import LONDON
from csp.core.forms import (
    DayField,
    DayPartsField,
    GDSForm,
    MomentField,
    NameField,
    PhoneField,
    PostcodeField,
    TimeField,
)
from tests.core.drawing import bound, draw

NOW = dt.datetime(2026, 7, 15, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _midday_on_a_wednesday_in_july(time_machine):
    time_machine.move_to(NOW, tick=False)


def one(field, **data):
    return bound(type("OneForm", (GDSForm,), {"when": field}), **data)


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Ánh",
        "محمد علی",
        "می‌خواهم",
        "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
        "আমিনা বেগম",
        "Zoë O\u2019Brien",
        "李小龍",
        "Łukasz",
        "பிரியா",
    ],
)
def test_name_takes_every_script(name):
    assert one(NameField(label="Name"), when=name).is_valid()


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        (PostcodeField(label="Postcode"), "ox143je", "OX14 3JE"),
        (PostcodeField(label="Postcode", required=False), "", ""),
        (PhoneField(label="Phone number"), "+44 7700 900123", "07700 900123"),
        (TimeField(label="Time"), "9.30pm", dt.time(21, 30)),
        (TimeField(label="Time", required=False), "", None),
        (DayField(label="Date"), "3 sep", dt.date(2025, 9, 3)),
        (DayField(label="Due date", allow_past=False), "3 sep", dt.date(2026, 9, 3)),
        (DayField(label="Due date", future=True), "3 sep", dt.date(2026, 9, 3)),
        (DayField(label="Date", allow_future=False), "today", dt.date(2026, 7, 15)),
        (DayField(label="Date", allow_past=False), "today", dt.date(2026, 7, 15)),
        (DayField(label="Date", required=False), "", None),
    ],
)
def test_field_reads_what_people_type(field, typed, expected):
    form = one(field, when=typed)

    assert form.is_valid()
    assert form.cleaned_data["when"] == expected


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        (PostcodeField(label="Postcode"), "", "Enter postcode"),
        (PostcodeField(label="Postcode"), "OX14", "Enter a full UK postcode, like OX14 3JE"),
        (
            PhoneField(label="Phone"),
            "Jo",
            "Enter a phone number, like 01632 960 001, 07700 900 982 or +353 1 496 0123",
        ),
        (TimeField(label="Time"), "9", "Time must be a time, like 9:30pm or 21:30"),
        (DayField(label="Date"), "", "Enter date"),
        (DayField(label="Date"), "31/2/26", "Date must be a real date, like 3 9 2026"),
        (DayField(label="Date", allow_future=False), "16/7/26", "Date must be today or in the past"),
        (DayField(label="Date", allow_past=False), "14/7/26", "Date must be today or in the future"),
        (DayField(label="Date"), "31/12/1899", "Date must be 1 January 1900 or later"),
        (
            DayField(label="When was it?"),
            "x",
            "Your answer to “When was it?” must be a real date, like 3 9 2026",
        ),
        (DayField(label="Date", error_messages={"invalid": "Write it out"}), "x", "Write it out"),
    ],
)
def test_field_says_what_it_could_not_read(field, typed, message):
    assert one(field, when=typed).errors == {"when": [message]}


@pytest.mark.parametrize(
    ("field", "initial", "shown"),
    [
        (DayField(), dt.date(2026, 9, 3), "3 September 2026"),
        (TimeField(), dt.time(21, 30), "9:30pm"),
        (DayPartsField(), dt.date(2026, 9, 3), "2026"),
        (MomentField(), dt.datetime(2026, 9, 3, 20, 30, tzinfo=dt.UTC), "9:30pm"),
        (MomentField(), dt.datetime(2026, 9, 3, 20, 30, tzinfo=dt.UTC), "3 September 2026"),
    ],
)
def test_field_shows_a_value_as_people_write_it(field, initial, shown):
    form = type("OneForm", (GDSForm,), {"when": field})(initial={"when": initial})

    assert f'value="{shown}"' in draw(form)


@pytest.mark.parametrize("field", [DayField(), TimeField()])
def test_field_shows_again_what_it_could_not_read(field):
    assert 'value="whenever"' in draw(one(field, when="whenever"))


def test_field_outside_our_forms_has_messages_too():
    class Plain(forms.Form):
        when = DayField()

    assert Plain({"when": "x"}).errors == {"when": ["This must be a real date, like 3 9 2026"]}


def parts(field, *typed):
    return one(field, **{f"when_{n}": part for n, part in enumerate(typed)})


@pytest.mark.parametrize(
    "typed", [("3", "9", "2026"), ("03", "sep", "26"), (" 3 ", "September", "2026"), ("3/9/26", "", "")]
)
def test_day_in_parts_reads_what_people_type(typed):
    form = parts(DayPartsField(label="Date of birth"), *typed)

    assert form.is_valid()
    assert form.cleaned_data["when"] == dt.date(2026, 9, 3)


@pytest.mark.parametrize(
    ("typed", "message", "at"),
    [
        (("", "", ""), "Enter date of birth", "_0"),
        (("3", "", ""), "Date of birth must include a month and year", "_1"),
        (("", "9", "2026"), "Date of birth must include a day", "_0"),
        (("3", "9", ""), "Date of birth must include a year", "_2"),
        (("31", "2", "2026"), "Date of birth must be a real date, like 3 9 2026", "_0"),
        (("3", "13", "2026"), "Date of birth must be a real date, like 3 9 2026", "_0"),
        (("x", "9", "2026"), "Date of birth must be a real date, like 3 9 2026", "_0"),
        (("3", "9", "soon"), "Date of birth must be a real date, like 3 9 2026", "_0"),
        (("16", "7", "2026"), "Date of birth must be today or in the past", "_0"),
    ],
)
def test_day_in_parts_says_which_part_is_wrong(typed, message, at):
    form = parts(DayPartsField(label="Date of birth", allow_future=False), *typed)

    assert form.errors == {"when": [message]}
    assert f'<a href="#id_when{at}">{message}</a>' in draw(form)


def test_day_in_parts_may_be_left_empty():
    form = parts(DayPartsField(required=False), "", "", "")

    assert form.is_valid()
    assert form.cleaned_data["when"] is None


def test_moment_is_drawn_empty_with_a_label_for_each_part():
    page = draw(type("OneForm", (GDSForm,), {"when": MomentField(required=False)})())

    assert re.findall(r'<input type="text" name="(when_\d)"[^>]* id="(\w+)"', page) == [
        ("when_0", "id_when_0"),
        ("when_1", "id_when_1"),
    ]
    assert re.findall(r'for="(id_when_\d)"', page) == ["id_when_0", "id_when_1"]


def test_moment_is_read_in_london():
    form = parts(MomentField(label="When it happened", allow_future=False), "yesterday", "9.30pm")

    assert form.is_valid()
    assert form.cleaned_data["when"] == dt.datetime(2026, 7, 14, 21, 30, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("typed", "message", "at"),
    [
        (("", ""), "Enter when it happened", "_0"),
        (("today", ""), "When it happened must include a time", "_1"),
        (("", "9pm"), "When it happened must include a date", "_0"),
        (("today", "9"), "When it happened must have a time like 9:30pm or 21:30", "_1"),
        (("x", "9pm"), "When it happened must be a real date, like 3 9 2026", "_0"),
        (("today", "1.01pm"), "When it happened must be in the past", "_1"),
        (("tomorrow", "9am"), "When it happened must be today or in the past", "_0"),
    ],
)
def test_moment_says_which_part_is_wrong(typed, message, at):
    form = parts(MomentField(label="When it happened", allow_future=False), *typed)

    assert form.errors == {"when": [message]}
    assert f'<a href="#id_when{at}">{message}</a>' in draw(form)


@pytest.mark.parametrize(("time", "allowed"), [("12.59pm", True), ("1pm", True), ("1.01pm", False)])
def test_moment_in_the_past_may_be_this_minute(time, allowed):
    assert parts(MomentField(allow_future=False), "today", time).is_valid() is allowed
