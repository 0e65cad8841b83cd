import datetime as dt
import re

import pytest
from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from csp.core.calendar import LONDON
from csp.core.forms import (
    DayField,
    DayPartsField,
    GDSForm,
    GDSModelForm,
    MomentField,
    NameField,
    PhoneField,
    PostcodeField,
    TimeField,
)
from csp.core.forms.base import PUT_BACK_WORDS
from csp.core.models import Counter
from csp.core.text import tidy

NOW = dt.datetime(2026, 7, 15, 12, tzinfo=dt.UTC)
PAGE = Template("{% load crispy_forms_tags crispy_forms_gds %}{% error_summary form %}{% crispy form %}")


@pytest.fixture(autouse=True)
def _midday_on_a_wednesday_in_july(time_machine):
    time_machine.move_to(NOW, tick=False)


class ClosingForm(GDSForm):
    submit_text = "Close case"

    name = NameField(label="Full name", max_length=20)
    why = forms.ChoiceField(
        label="Why is this case closing?",
        choices=[("RESOLVED", "Resolved"), ("OTHER", "Other")],
        widget=forms.RadioSelect,
    )
    told = forms.MultipleChoiceField(
        label="Agencies told",
        choices=[("P", "Police"), ("H", "Housing")],
        widget=forms.CheckboxSelectMultiple,
    )
    sure = forms.BooleanField(label="I have read the notes")
    email = forms.EmailField(required=False)
    visits = forms.IntegerField(label="Number of visits", required=False, min_value=0, max_value=9)
    cost = forms.DecimalField(label="Cost", required=False, max_digits=4, decimal_places=2)
    site = forms.URLField(label="Web address", required=False, assume_scheme="https")
    reason = forms.CharField(
        label="ASB reason", required=False, min_length=3, error_messages={"min_length": "Say more"}
    )


def bound(form_class, **data):
    query = QueryDict(mutable=True)
    for key, value in data.items():
        query.setlist(key, value if isinstance(value, list) else [value])
    return form_class(query)


def one(field, **data):
    return bound(type("OneForm", (GDSForm,), {"when": field}), **data)


def draw(form):
    return PAGE.render(Context({"form": form}))


def test_form_says_what_to_do_where_an_answer_is_missing():
    assert bound(ClosingForm).errors == {
        "name": ["Enter full name"],
        "why": ["Select an answer to “Why is this case closing?”"],
        "told": ["Select agencies told"],
        "sure": ["Tick the box to go on: I have read the notes"],
    }


def test_form_says_what_is_wrong_with_an_answer():
    form = bound(
        ClosingForm,
        name="x" * 21,
        why="BORED",
        told=["P", "X"],
        sure="on",
        email="jo@",
        visits="-1",
        cost="12345",
        site="no site",
        reason="a",
    )

    assert form.errors == {
        "name": ["Full name must be 20 characters or fewer"],
        "why": ["Select an answer to “Why is this case closing?” from the list"],
        "told": ["Select agencies told from the list"],
        "email": ["Enter an email address in the correct format, like name@example.com"],
        "visits": ["Number of visits must be 0 or more"],
        "cost": ["Cost has too many figures"],
        "site": ["Enter a web address in the correct format, like https://www.example.com"],
        "reason": ["Say more"],
    }


@pytest.mark.parametrize(("visits", "message"), [("two", "must be a number"), ("10", "must be 9 or fewer")])
def test_form_speaks_of_numbers(visits, message):
    assert bound(ClosingForm, visits=visits).errors["visits"] == [f"Number of visits {message}"]


def test_form_put_back_after_signing_in_again_asks_to_be_checked():
    assert bound(ClosingForm, put_back="1").non_field_errors() == [PUT_BACK_WORDS]


def test_form_names_a_field_without_label_by_its_name():
    class Form(GDSForm):
        first_line = forms.CharField()

    assert bound(Form).errors == {"first_line": ["Enter first line"]}


@pytest.mark.filterwarnings("error")
def test_form_is_drawn_as_gov_uk_does():
    page = draw(ClosingForm())

    assert '<form novalidate="" method="post"' in " ".join(page.split())
    assert 'value="Close case"' in page
    assert 'class="govuk-radios"' in page
    assert "required" not in re.sub(r"govuk-\S+", "", page)
    assert "govuk-error" not in page


def test_form_with_errors_links_its_summary_to_inputs_that_exist():
    page = draw(bound(ClosingForm))

    links = re.findall(r'<a href="#([^"]+)"', page)

    assert links == ["id_name", "id_why", "id_told", "id_sure"]
    for link in links:
        assert re.search(rf'<input[^>]*\bid="{link}"', page)


def test_form_keeps_what_was_typed():
    page = draw(bound(ClosingForm, name="Zoë", why="OTHER", told=["H"]))

    checked = [tag for tag in re.findall(r"<input[^>]*>", page) if " checked" in tag]

    assert 'value="Zoë"' in page
    assert [re.search('value="(.*?)"', tag)[1] for tag in checked] == ["OTHER", "H"]


def test_form_of_filters_is_sent_by_get_without_token():
    class FilterForm(GDSForm):
        method = "get"
        submit_text = ""
        q = forms.CharField()

    page = draw(FilterForm())

    assert 'method="get"' in page
    assert "csrf" not in page
    assert "submit" not in page


def test_form_escapes_names_in_labels_and_hints_once():
    class Form(GDSForm):
        q = forms.CharField(label="Why <b>Jo</b> & co?", help_text="a < b")
        safe = forms.CharField(label=mark_safe("<b>bold</b>"), required=False)

    page = draw(bound(Form))

    assert "Why &lt;b&gt;Jo&lt;/b&gt; &amp; co?" in page
    assert "a &lt; b" in page
    assert "<b>bold</b>" in page
    assert "<b>Jo</b>" not in page
    assert "&amp;lt;" not in page


def test_form_draws_questions_that_open_others_as_the_script_expects():
    class Form(GDSForm):
        how = forms.ChoiceField(
            choices=[Choice("EMAIL", "Email", hint="quick", divider="or"), Choice("NO", "No")],
            widget=forms.RadioSelect,
        )
        email = forms.EmailField()
        layout = [ConditionalRadios("how", ConditionalQuestion("Email", "email"), "No")]

    page = draw(Form())

    assert 'data-aria-controls="conditional_how_0"' in page
    assert 'id="conditional_how_0"' in page
    assert "conditional_how_1" not in page
    assert page.count('data-module="govuk-radios"') == 1


def test_form_draws_choices_in_a_row_with_hints():
    class Form(GDSForm):
        how = forms.ChoiceField(
            choices=[Choice("A", "A", hint="first", divider="or"), Choice("B", "B")], widget=forms.RadioSelect
        )
        who = forms.MultipleChoiceField(
            choices=[Choice("P", "P", hint="999", divider="or")], widget=forms.CheckboxSelectMultiple
        )
        layout = [
            Field.radios("how", inline=True, small=True, legend_tag="h1"),
            Field.checkboxes("who", small=True, legend_tag="h2"),
        ]

    page = draw(Form())

    assert 'class="govuk-radios govuk-radios--inline govuk-radios--small"' in page
    assert "govuk-radios__divider" in page
    assert "govuk-checkboxes__divider" in page
    assert re.findall(r'aria-describedby="(\w+)"', page) == ["id_how_0_hint", "id_who_0_hint"]


def test_form_has_a_choice_for_models():
    class CounterForm(GDSModelForm):
        class Meta:
            model = Counter
            fields = ["kind"]

    assert bound(CounterForm).errors == {"kind": ["Enter kind"]}


def test_form_tidies_text_before_it_is_checked():
    form = bound(ClosingForm, name="  Zoe\u0308\x00 \x08 Smith\r\n", reason="one\r\ntwo\x1b")

    assert form["name"].data == "  Zoë  Smith\n"
    assert form.errors.get("name") is None
    assert (form.cleaned_data["name"], form.cleaned_data["reason"]) == ("Zoë Smith", "one\ntwo")


def test_form_takes_plain_dictionaries_too():
    form = ClosingForm({"name": "Jo\x00", "visits": 3})

    form.is_valid()

    assert (form.cleaned_data["name"], form.cleaned_data["visits"]) == ("Jo", 3)


def test_form_leaves_clean_data_as_it_came():
    data = MultiValueDict({"name": ["Jo"]})
    query = QueryDict("name=Jo")

    assert ClosingForm(query).data is query
    assert ClosingForm(data).data is data


@given(st.text())
def test_tidy_is_done_once(text):
    assert tidy(tidy(text)) == tidy(text)


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
