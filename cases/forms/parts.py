"""A form laid out in parts, for pages that put headings and other things between them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Layout
from django import forms
from django.utils.datastructures import MultiValueDict

from csp.agencies.models import Partnership, User
from csp.core.forms import GDSForm


class PartsForm(GDSForm):
    """`part` holds a helper for each name in `parts`: {% crispy form form.part.where %} shows that part.

    Parts that offer what is known need the user and the partnership.
    """

    parts: ClassVar[Mapping[str, list[Any]]] = {}
    submit_text = ""

    def __init__(
        self, *args: Any, user: User | None = None, partnership: Partnership | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.partnership = user, partnership
        self.part = {name: self._helper(layout) for name, layout in self.all_parts().items()}

    @classmethod
    def all_parts(cls) -> dict[str, list[Any]]:
        """The parts of every class that this form is put together from."""
        found: dict[str, list[Any]] = {}
        for base in reversed(cls.__mro__):
            found |= base.__dict__.get("parts", {})
        return found

    def _helper(self, layout: list[Any]) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(*layout)
        return helper


def as_typed(blank: forms.Form, data: MultiValueDict[str, str]) -> dict[str, Any]:
    """What was typed into each field, unread: initial values that show the form again without judging it."""
    return {
        name: field.widget.value_from_datadict(data, MultiValueDict(), blank.add_prefix(name))
        for name, field in blank.fields.items()
        if not isinstance(field, forms.FileField)
        and not field.widget.value_omitted_from_data(data, MultiValueDict(), blank.add_prefix(name))
    }


LONGEST_ANSWER = 5_000


def text_box(label: str, *, hint: str = "", most: int = LONGEST_ANSWER) -> forms.CharField:
    """A box of two lines that grows with what is typed."""
    box = forms.Textarea(attrs={"rows": 2, "class": "app-grows"})
    return forms.CharField(label=label, required=False, max_length=most, help_text=hint, widget=box)


def line(label: str, most: int, *, hint: str = "", **attrs: str) -> forms.CharField:
    box = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, required=False, max_length=most, help_text=hint, widget=box)
