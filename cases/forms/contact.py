"""What is typed into the contact log, and into a letter."""

import datetime as dt
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field, Size
from django import forms

from cases.enums import Audience, ContactResult, ContactWay
from cases.models import Case, Person
from cases.services.case_letters import LONGEST
from cases.services.case_people import main_complainant, people_of
from csp.agencies.models import User
from csp.core.forms import GDSForm, MomentField

SOMEBODY_ELSE = "Somebody who is not in this case"
AUDIENCES = [
    (Audience.TEAM, "Our team and the team that leads the case"),
    (Audience.SHARED, "Every agency that sees the case in full"),
]


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class LogForm(GDSForm):
    submit_text = "Add to the log"

    person = PersonField(
        label="Who?", queryset=Person.objects.none(), required=False, empty_label=SOMEBODY_ELSE
    )
    way = forms.ChoiceField(
        label="How?",
        choices=ContactWay.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how you were in touch"},
    )
    result = forms.ChoiceField(
        label="What came of it?",
        choices=ContactResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what came of it"},
    )
    text = forms.CharField(
        label="What was said",
        help_text="In their words where you can",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "app-grows"}),
    )
    when = MomentField(
        label="When?",
        allow_future=False,
        error_messages={"required": "Enter when you were in touch"},
    )
    audience = forms.ChoiceField(
        label="Who may see this?",
        choices=AUDIENCES,
        widget=forms.RadioSelect,
        error_messages={"required": "Select who may see this"},
    )

    layout: ClassVar[list[Any]] = [
        Field("person"),
        Field.radios("way", inline=True, small=True, legend_size=Size.SMALL),
        Field.radios("result", small=True, legend_size=Size.SMALL),
        Field("text"),
        Field("when"),
        Field.radios("audience", small=True, legend_size=Size.SMALL),
    ]

    def __init__(self, *args: Any, case: Case, user: User, at: dt.datetime, **kwargs: Any) -> None:
        likely = {"person": main_complainant(case), "when": at, "audience": Audience.TEAM}
        kwargs["initial"] = likely | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        links = people_of(case, user).filter(person__merged_into=None)
        people = Person.objects.filter(pk__in=links.values("person")).order_by("name", "pk")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        spoke = cleaned.get("result") in (ContactResult.SPOKE, ContactResult.THEY_CAME)
        if spoke and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", "Enter what was said")
        if "person" in cleaned and cleaned["person"] is None and not cleaned.get("text"):
            self.add_error("text", "Enter whom you were in touch with, and what was said")
        return cleaned


class WordsForm(GDSForm):
    """The words of a letter. The page has buttons of its own."""

    submit_text = ""

    words = forms.CharField(
        label="The words",
        help_text="The greeting comes before them. Leave a line empty between paragraphs. Do not name the "
        "subject",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 18, "class": "app-grows"}),
        error_messages={"required": "Enter what the letter says"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
