from typing import Any

from django import forms

from csp.agencies.enums import AreaKind
from csp.agencies.models import Area, Partnership
from csp.core.forms import GDSForm, NameField


class AreaChoice(forms.ModelChoiceField):
    def label_from_instance(self, area: Any) -> str:
        return f"{area.name} ({area.get_kind_display().lower()})"


class AreaForm(GDSForm):
    submit_text = "Save"

    name = NameField(label="Name of the area", max_length=120)
    parent = AreaChoice(
        label="It lies in",
        queryset=Area.objects.none(),
        error_messages={"required": "Select what it lies in"},
    )
    codes = forms.CharField(
        label="Official codes",
        help_text="Such as E05006547, with blanks between. Old codes too, so that older files are understood",
        required=False,
        max_length=400,
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Area.objects.filter(partnership=partnership).order_by("kind", "name")
        self.fields["parent"].queryset = areas  # type: ignore[attr-defined]

    def clean_codes(self) -> list[str]:
        return self.cleaned_data["codes"].replace(",", " ").upper().split()


class AddAreaForm(AreaForm):
    submit_text = "Add the area"
    field_order = ("kind", "name", "parent", "codes")

    kind = forms.ChoiceField(
        label="What kind of area is it?",
        choices=[(kind.value, kind.label) for kind in AreaKind if kind != AreaKind.PARTNERSHIP],
        error_messages={"required": "Select what kind of area it is"},
    )
