"""What people write on a case, and who may see it."""

import json
import uuid
from typing import Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field, Layout, Size
from django import forms

from cases.enums import Audience, EvidenceKind, NoteKind
from cases.forms.parts import LONGEST_ANSWER, line
from cases.services import evidence as evidence_service
from cases.services.evidence import EvidenceDetails
from cases.services.notes import NoteDetails, Reader, prints_of
from csp.agencies.models import Partner, User
from csp.core.forms import DayField, GDSForm, MultipleUploadField
from csp.core.uploads import clean_name

MOST_FILES = 10
KIND_HINTS = {
    NoteKind.FACT: "What somebody saw or heard, or what is on record",
    NoteKind.OPINION: "What you make of it",
    NoteKind.INFORMATION: "From your own agency's files",
    NoteKind.DECISION: "What was decided, and why",
}
SMALL: dict[str, Any] = {"legend_size": Size.SMALL}


def box(label: str, *, rows: int, missing: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_ANSWER,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows, "class": "app-grows"}),
        error_messages={"required": missing},
    )


class ForSomeForm(GDSForm):
    """Who may see it: the team, everybody who reads the case, or people by name."""

    audience = forms.ChoiceField(
        label="Who may see this?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who may see this"},
    )
    named = forms.MultipleChoiceField(
        label="People who may see it",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose people who may read this case"},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, readers: list[Reader], user: User, partner: Partner, lead: Partner, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"token": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.readers = {str(each.user.pk): each for each in readers if each.user.pk != user.pk}
        theirs = "" if partner == lead else f" and the team that leads the case, {lead}"
        self.labels = {
            Audience.SHARED: "Every agency that sees the case in full",
            Audience.TEAM: f"Only {partner}{theirs}",
            Audience.NAMED: "Only you and the people you choose",
        }
        self.fields["audience"].choices = list(self.labels.items())  # type: ignore[attr-defined]
        self.fields["named"].choices = [  # type: ignore[attr-defined]
            (key, f"{reader.user}, {reader.partner}") for key, reader in self.readers.items()
        ]

    def audience_field(self) -> ConditionalRadios:
        shared, ours, by_name = self.labels.values()
        people = ConditionalQuestion(by_name, Field.checkboxes("named", small=True, **SMALL))
        return Asked("audience", shared, ours, people)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        by_name = given.get("audience") == Audience.NAMED
        if by_name and "named" not in self.errors and not given.get("named"):
            self.add_error("named", "Select who may see it, or choose somebody else who may")
        return given

    def for_whom(self) -> dict[str, Any]:
        given = self.cleaned_data
        named = tuple(self.readers[key].user for key in given["named"])
        by_name = given["audience"] == Audience.NAMED
        return {"audience": given["audience"], "named": named if by_name else ()}


class Asked(ConditionalRadios):
    """Under a question that stands out."""

    def render(self, form: Any, context: Any, *args: Any, **kwargs: Any) -> str:
        with context.push(legend_size=Size.for_legend(Size.SMALL)):
            drawn: str = super().render(form, context, *args, **kwargs)
        return drawn


class NoteForm(ForSomeForm):
    text = box("What you want to note", rows=5, missing="Enter what you want to note")
    kind = forms.ChoiceField(
        label="What is it?",
        choices=[Choice(kind.value, kind.label, hint=KIND_HINTS[kind]) for kind in NoteKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether it is fact, opinion, knowledge or a decision"},
    )
    source = line(
        "Where does it come from?", 200, hint="A person, a file or your own eyes. You can leave it out"
    )
    source_confidential = forms.BooleanField(
        label="The source is confidential. Other agencies read “A confidential source”", required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    """Prints of what the form was filled with, where a note is changed."""

    def __init__(self, *args: Any, label: str = "", submit: str = "Add note", **kwargs: Any) -> None:
        self.submit_text = submit
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label
        self.order_fields(["text", "kind", "source"])
        self.helper.layout = Layout(
            Field.textarea("text"),
            Field.radios("kind", small=True, **SMALL),
            Field.text("source"),
            Field.checkbox("source_confidential"),
            self.audience_field(),
            "token",
            "seen",
        )

    def details(self) -> NoteDetails:
        given = self.cleaned_data
        return NoteDetails(
            kind=given["kind"],
            text=given["text"],
            source=given["source"],
            source_confidential=given["source_confidential"],
            **self.for_whom(),
        )


def initial_of(details: NoteDetails, now: NoteDetails | None = None) -> dict[str, Any]:
    """Filled with `details`, over what the note says `now` if that is something else."""
    return {
        "kind": details.kind,
        "text": details.text,
        "source": details.source,
        "source_confidential": details.source_confidential,
        "audience": details.audience,
        "named": [str(user.pk) for user in details.named],
        "seen": json.dumps(prints_of(now or details)),
    }


class EvidenceForm(ForSomeForm):
    submit_text = "Add evidence"

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[("", "Choose"), *EvidenceKind.choices],
        error_messages={"required": "Select what it is"},
    )
    description = box(
        "What it shows",
        rows=3,
        missing="Enter what the evidence shows",
        hint="Such as: the lock on 3 March, broken from outside",
    )
    obtained_on = DayField(
        label="When did you get it?",
        allow_future=False,
        help_text="Such as 3 3 2026, 3 mar or today",
        error_messages={
            "required": "Enter the day you got it",
            "ahead": "The day you got it must be today or in the past",
            "invalid": "Enter the day you got it as a real date, like 3 3 2026",
        },
    )
    source = line("Where does it come from?", 200, hint="Who made it or handed it over. You can leave it out")
    attached = MultipleUploadField(
        label="Files",
        max_files=MOST_FILES,
        help_text="Pictures, documents or recordings, up to 25 MB each",
        error_messages={"required": "Choose at least one file"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["kind", "description", "obtained_on", "source", "attached"])
        self.helper.layout = Layout(
            Field.select("kind"),
            Field.textarea("description"),
            Field.text("obtained_on"),
            Field.text("source"),
            Field("attached"),
            self.audience_field(),
            "token",
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.errors:
            self.say_choose_again()
        return given

    def say_choose_again(self) -> None:
        """A browser never sends a file twice by itself. What is wrong with a file says so already."""
        files: Any = self.files
        chosen = (f"“{clean_name(file.name)}”" for file in files.getlist("attached"))
        refused = " ".join(str(each) for each in self.errors.get("attached", []))
        if names := [name for name in chosen if name not in refused]:
            what = "this file" if len(names) == 1 else "these files"
            self.add_error("attached", f"Choose {what} again: {', '.join(names)}")

    def details(self) -> EvidenceDetails:
        given = self.cleaned_data
        return EvidenceDetails(
            kind=given["kind"],
            description=given["description"],
            obtained_on=given["obtained_on"],
            source=given["source"],
            **self.for_whom(),
        )


class EvidenceCorrectionForm(EvidenceForm):
    """What is said of it. Its files stay as they came."""

    submit_text = "Save changes"
    attached = None  # type: ignore[assignment]  # this is how Django leaves out a field of the parent
    why = box(
        "Why does it change?", rows=2, missing="Enter why it changes", hint="Kept with what it said before"
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    """Prints of what the form was filled with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["kind", "description", "obtained_on", "source", "audience", "named", "why"])
        self.helper.layout = Layout(
            Field.select("kind"),
            Field.textarea("description"),
            Field.text("obtained_on"),
            Field.text("source"),
            self.audience_field(),
            Field.textarea("why"),
            "seen",
        )

    def say_choose_again(self) -> None:
        """It has no files to choose."""


def initial_of_evidence(details: EvidenceDetails, now: EvidenceDetails | None = None) -> dict[str, Any]:
    """Filled with `details`, over what is said of it `now` if that is something else."""
    said = {name: getattr(details, name) for name in evidence_service.COLUMNS}
    seen = json.dumps(evidence_service.prints_of(now or details))
    return said | {"named": [str(user.pk) for user in details.named], "seen": seen}
