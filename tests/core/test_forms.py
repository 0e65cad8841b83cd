import re

import pytest
from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field
from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from csp.core.forms import (
    GDSForm,
    GDSModelForm,
    NameField,
)
from csp.core.forms.base import PUT_BACK_WORDS
from csp.core.models import Counter
from csp.core.text import tidy
from tests.core.drawing import bound, draw


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
