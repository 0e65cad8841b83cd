"""What is read from each card of a return when it is sent. While it is typed it is kept as it is."""

from typing import Any, ClassVar

from django import forms

from csp.actions.enums import ActionStatus, Answer
from csp.core.forms import DayField, GDSForm, MultipleUploadField
from tasking.enums import Known
from tasking.services.return_cards import LONGEST, ActionCard, Card, ItemCard
from tasking.services.returns import DROP, NOTE

ANSWERS = {
    Answer.COMPLETE: "Done",
    Answer.PROGRESS: "In progress",
    Answer.CANNOT: "Cannot, because",
    Answer.MORE_TIME: "Needs more time until",
}
ONLY_TO_OTHERS = (Answer.CANNOT, Answer.MORE_TIME)
"""What one can only say to somebody else who asked."""
FOR_ENDED = {NOTE: "Add what we typed to it as a note", DROP: "Throw away what we typed"}
TEXT_NEEDED = {
    Answer.COMPLETE: "Enter what was done and what came of it",
    Answer.CANNOT: "Enter why you cannot do it",
    Answer.MORE_TIME: "Enter why you need more time",
}
SHORT = 120
LABELS = {
    "known": "Known to you?",
    "last_contact": "Last contact",
    "worker": "Who works with them",
    "risks": "Risks",
    "in_progress": "In progress",
    "offer": "What you can offer",
    "answer": "Answer",
    "text": "What was done, or why",
    "until": "New due date",
}
CHOICES: dict[str, str] = {
    **{str(each): str(each.label) for each in Known},
    **{str(each): label for each, label in ANSWERS.items()},
    **FOR_ENDED,
}
"""The words of what can be chosen, by its code."""


def words(longest: int = LONGEST) -> forms.CharField:
    too_long = f"Shorten this to {longest} characters"
    return forms.CharField(required=False, max_length=longest, error_messages={"max_length": too_long})


class ItemForm(GDSForm):
    """Known to us, and what we know. A standing item asks only whether there is something to report."""

    known = forms.ChoiceField(choices=Known.choices)
    last_contact = words(SHORT)
    worker = words(SHORT)
    risks = words()
    in_progress = words()
    offer = words()

    def __init__(self, *args: Any, card: ItemCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.fields["known"]
        known.required = not card.standing
        known.error_messages["required"] = f"Say whether {card.item.title} is known to you"


class ActionForm(GDSForm):
    """The four answers of a return. What an answer needs beside it is asked for here."""

    answer = forms.ChoiceField(required=False)
    text = words()
    until = DayField(
        label="New due date",
        required=False,
        allow_past=False,
        error_messages={"invalid": "The new due date must be a real date, like 3 9 2026"},
    )

    needed: ClassVar[dict[Answer, str]] = TEXT_NEEDED

    def __init__(self, *args: Any, card: ActionCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card = card
        choices: Any = answers_for(card)
        self.fields["answer"].choices = choices  # type: ignore[attr-defined]
        self.fields["answer"].required = True
        self.fields["answer"].error_messages["required"] = f"Say how far you are with {card.action}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        answer, text = cleaned.get("answer"), cleaned.get("text")
        if answer == Answer.MORE_TIME and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "Enter the date until when you need it")
        if answer in self.needed and not text and "text" not in self.errors:
            self.add_error("text", self.needed[Answer(answer)])
        if answer == Answer.PROGRESS and not text and self.card.action.status == ActionStatus.IN_PROGRESS:
            self.add_error("text", "Enter what is new: it was in progress already")
        return cleaned


class FilesForm(GDSForm):
    """Evidence that came with one card."""

    evidence = MultipleUploadField(required=False, label="Evidence")


def answers_for(card: ActionCard) -> list[tuple[str, str]]:
    if card.ended:
        return list(FOR_ENDED.items())
    return [
        (each.value, label) for each, label in ANSWERS.items() if not (card.own and each in ONLY_TO_OTHERS)
    ]


def form_of(card: Card) -> GDSForm:
    """The form of what stands on the card."""
    if isinstance(card, ActionCard):
        return ActionForm(card.values, card=card)
    if isinstance(card, ItemCard):
        return ItemForm(card.values, card=card)
    raise TypeError(card)
