from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from cases.enums import ContactMethod, HateStrand, ReportStatus
from cases.models import Category
from cases.services.imports.fields import BY_NAME, TRANSLATED
from cases.services.imports.mapping import STATUSES, ImportSpec, fold_value
from cases.services.imports.preview import Preview, values_to_translate
from cases.services.imports.rows import NO, YES
from csp.core.forms import GDSForm

NONE = "-"
TITLES = {
    "categories": "Kinds of behaviour",
    "status": "Statuses",
    "hate": "Motivated by hate",
    "contact_method": "Safe ways to contact",
}
HATE_CHOICES = [("no", "No"), ("yes", "Yes, not said which"), *HateStrand.choices]
STATUS_CHOICES = [(status.value, ReportStatus(status).label) for status in STATUSES]


class ValuesForm(GDSForm):
    """What each value in the file means here. Asked only for columns that need it."""

    submit_text = "Save and check the file"

    def __init__(
        self, *args: Any, preview: Preview, spec: ImportSpec, categories: Iterable[Category], **kwargs: Any
    ) -> None:
        self.spec = spec
        self.categories = list(categories)
        self.values = {name: values_to_translate(preview, spec, name) for name in TRANSLATED}
        super().__init__(*args, **kwargs)
        self.helper.form_tag = False
        self.helper.inputs = []
        for name, values in self.values.items():
            for n, value in enumerate(values):
                self.fields[f"{name}_{n}"] = forms.ChoiceField(
                    label=value,
                    choices=[("", "Choose"), *self._choices(name, value)],
                    initial=self._known(name, value),
                    widget=forms.Select(attrs={"class": "govuk-select"}),
                    error_messages={"required": f"Choose what “{value}” means"},
                )

    def _choices(self, name: str, value: str) -> list[tuple[str, str]]:
        match name:
            case "categories":
                labels = {category.code: category.label for category in self.categories}
                several = self._known(name, value)
                more = [(several, " + ".join(labels.get(code, code) for code in several.split(",")))]
                return [*labels.items(), *(more if "," in several else []), (NONE, "No kind of behaviour")]
            case "status":
                return STATUS_CHOICES
            case "hate":
                return HATE_CHOICES
            case _:
                return list(ContactMethod.choices)

    def _known(self, name: str, value: str) -> str:
        """What the mapping says it means, or what its own words say."""
        folded = fold_value(value)
        translated = self.spec.translations.get(name, {})
        if folded in translated:
            means = translated[folded]
            return str(means) if isinstance(means, str) else ",".join(means) or NONE
        return self._by_words(name, folded)

    def _by_words(self, name: str, folded: str) -> str:
        choices: Sequence[tuple[Any, Any]] = ()
        match name:
            case "categories":
                choices = [(category.code, category.label) for category in self.categories]
            case "status":
                choices = STATUS_CHOICES
            case "hate":
                if folded in YES | NO:
                    return "yes" if folded in YES else "no"
                choices = HATE_CHOICES
            case _:
                choices = ContactMethod.choices
        return next(
            (
                str(code)
                for code, label in choices
                if folded in (fold_value(str(label)), fold_value(str(code)))
            ),
            "",
        )

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The tables of the page."""
        return [
            {"title": TITLES[name], "boxes": [self[f"{name}_{n}"] for n in range(len(values))]}
            for name, values in self.values.items()
            if values
        ]

    @property
    def unlisted(self) -> list[str]:
        """Columns with so many different values that they cannot be listed."""
        return [
            BY_NAME[name].label for name in TRANSLATED if name in self.spec.columns and not self.values[name]
        ]

    def translations(self) -> dict[str, dict[str, Any]]:
        """Everything the mapping translated before, with what was chosen now."""
        found: dict[str, dict[str, Any]] = {
            name: {said: list(means) if isinstance(means, tuple) else means for said, means in pairs.items()}
            for name, pairs in self.spec.translations.items()
        }
        for name, values in self.values.items():
            for n, value in enumerate(values):
                chosen = self.cleaned_data[f"{name}_{n}"]
                means = (
                    [code for code in chosen.split(",") if code != NONE] if name == "categories" else chosen
                )
                found.setdefault(name, {})[fold_value(value)] = means
        return found
