"""What every form of the product shares: GOV.UK layout, plain words for what is wrong, text made safe to
store.
"""

from typing import Any, ClassVar

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Layout, Submit
from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.html import conditional_escape

from csp.core.forms.words import speak_plainly
from csp.core.text import tidy

PUT_BACK = "put_back"
"""Marks what a form gets back after its sender had to sign in again: to be looked over, not yet to be
acted on.
"""
PUT_BACK_WORDS = "You were signed out before this was sent. Check it, choose any files again, and send it"


class GDSFormMixin(forms.BaseForm):
    """One layout, one submit button, messages that say what to do."""

    layout: ClassVar[list[Any]] = []
    submit_text = "Save and continue"
    method = "post"
    use_required_attribute = False  # the browser's own messages would come before ours

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.data = tidied(self.data)
        for name, field in self.fields.items():
            speak_plainly(field, name)
            # The template pack prints both as HTML, and a label may hold somebody's name.
            field.label = conditional_escape(field.label) if field.label else field.label
            field.help_text = conditional_escape(field.help_text) if field.help_text else field.help_text
        self.helper = FormHelper(self)
        self.helper.form_method = self.method
        self.helper.attrs = {"novalidate": ""}
        if self.layout:
            self.helper.layout = Layout(*self.layout)
        if self.submit_text:
            self.helper.add_input(Submit("submit", self.submit_text, data_prevent_double_click="true"))

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and PUT_BACK in self.data:
            self.add_error(None, PUT_BACK_WORDS)


class GDSForm(GDSFormMixin, forms.Form):
    """A GOV.UK form: one layout, one submit button."""


class GDSModelForm(GDSFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # its services save, so no model type
    """A GOV.UK form over the fields of a model. Its service saves; the form does not."""


def tidied(data: Any) -> Any:
    """The data with every text tidied; the data itself where nothing had to change."""
    if not isinstance(data, MultiValueDict):
        return {key: tidy(value) if isinstance(value, str) else value for key, value in data.items()}
    if all(value == tidy(value) for values in data.lists() for value in values[1]):
        return data
    return MultiValueDict({key: [tidy(value) for value in values] for key, values in data.lists()})
