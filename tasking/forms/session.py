"""What is typed while a meeting is held."""

import json
from typing import Any, ClassVar

from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field, Layout
from django import forms
from django.utils import timezone

from cases.forms.parts import PartsForm
from cases.services.prints import Prints, read_seen
from csp.actions.forms import GiveForm
from csp.agencies.models import Partner
from csp.core.forms import DayField, GDSForm
from tasking.enums import ItemKind, ItemStatus
from tasking.forms.action_line import spread
from tasking.models import AgendaItem, MeetingOutcome
from tasking.services.endings import Ending
from tasking.services.item_notes import Notes, notes_of, prints_of

LONGEST = 20_000
ENDING_FIELDS = frozenset({"ending", "returns_on", "because"})
UNDECIDED_LABEL = "Not decided yet"


def box(label: str, rows: int, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "app-grows"} | kwargs.pop("attrs", {}))
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=widget, **kwargs)


class PlainForm(GDSForm):
    """A form whose page writes the tag and the buttons itself."""

    submit_text = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class NotesForm(PlainForm):
    """What is written of one item. `seen` are the prints of what the boxes held when they were filled."""

    discussion = box("Discussion", 6, attrs={"data-key": "w", "data-key-words": "write the note"})
    decision = box("Decision", 2, attrs={"data-key": "d", "data-key-words": "write the decision"})
    outcomes = forms.MultipleChoiceField(
        label="Outcomes",
        required=False,
        help_text="Tick all that this meeting achieved for it",
        widget=forms.CheckboxSelectMultiple,
    )
    ending = forms.ChoiceField(label="What happens to the item?", required=False, widget=forms.RadioSelect)
    returns_on = DayField(
        label="Comes back on", required=False, allow_past=False, help_text="Such as 27 3 2026 or 27 mar"
    )
    because = forms.CharField(label="Why does it come off?", required=False, max_length=500)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        item: AgendaItem,
        notes: Notes | None = None,
        now: Notes | None = None,
        **kwargs: Any,
    ) -> None:
        """`notes` fill the boxes where they hold something else than what is saved, which is `now`."""
        self.item, saved = item, now or notes_of(item)
        super().__init__(*args, initial=initial_of(notes or saved, saved), **kwargs)
        choices = outcome_choices(item)
        self.fields["outcomes"].choices = choices  # type: ignore[attr-defined]
        outcomes = [Field.checkboxes("outcomes", small=True)] if choices else []
        endings = (ItemStatus.STAYS, ItemStatus.RETURNS, ItemStatus.OFF)
        labels = {ItemStatus.TABLED.value: UNDECIDED_LABEL} | {each.value: each.label for each in endings}
        self.fields["ending"].choices = list(labels.items())  # type: ignore[attr-defined]
        opens = {labels[ItemStatus.RETURNS]: "returns_on", labels[ItemStatus.OFF]: "because"}
        radios = (
            ConditionalQuestion(label, Field(opens[label])) if label in opens else label
            for label in labels.values()
        )
        self.helper.layout = Layout(
            Field("discussion"),
            Field("decision"),
            *outcomes,
            ConditionalRadios("ending", *radios),
            "seen",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        status = cleaned.get("ending")
        if status == ItemStatus.RETURNS and not cleaned.get("returns_on") and "returns_on" not in self.errors:
            self.add_error("returns_on", "Enter the date when it comes back")
        if status == ItemStatus.OFF and not cleaned.get("because") and self.item.kind != ItemKind.STANDING:
            self.add_error("because", "Enter why it comes off the agenda")
        return cleaned

    @property
    def only_the_ending_is_wrong(self) -> bool:
        return bool(self.errors) and ENDING_FIELDS.issuperset(self.errors)

    def seen_prints(self) -> Prints:
        return read_seen(self.cleaned_data.get("seen", ""))

    def notes(self) -> Notes:
        typed = self.cleaned_data
        return Notes(
            discussion=typed["discussion"],
            decision=typed["decision"],
            outcomes=tuple(sorted(int(pk) for pk in typed["outcomes"])),
            ending=Ending.of(self.item) if self.only_the_ending_is_wrong else self._ending(),
        )

    def _ending(self) -> Ending:
        """Of the boxes that hang on the other choices nothing is taken."""
        typed = self.cleaned_data
        status = typed["ending"] or ItemStatus.TABLED
        returns_on = typed["returns_on"] if status == ItemStatus.RETURNS else None
        if status == ItemStatus.OFF:
            return Ending(status=status, because=typed["because"])
        kept = self.item.status_because if status == self.item.status else ""
        return Ending(status=status, because=kept, returns_on=returns_on)


def initial_of(notes: Notes, saved: Notes) -> dict[str, Any]:
    return {
        "discussion": notes.discussion,
        "decision": notes.decision,
        "outcomes": [str(pk) for pk in notes.outcomes],
        "ending": str(notes.ending.status),
        "returns_on": notes.ending.returns_on,
        "because": notes.ending.because if notes.ending.status == ItemStatus.OFF else "",
        "seen": json.dumps(prints_of(saved)),
    }


def outcome_choices(item: AgendaItem) -> list[tuple[str, str]]:
    """What the partnership counts now, and what was ticked before it was taken off the list."""
    ticked = {outcome.pk for outcome in item.outcomes.all()}
    today = timezone.localdate()
    listed = MeetingOutcome.objects.filter(partnership=item.partnership_id).order_by("position", "pk")
    return [
        (str(each.pk), each.label)
        for each in listed
        if each.pk in ticked or each.retired_on is None or each.retired_on > today
    ]


LINE_HINT = "All in this line: what \u2013 agency \u2013 who \u2013 by when"


class MeetingActionForm(PartsForm, GiveForm):
    """Four boxes, or all of it in the first one: `what - agency - who - by when`."""

    submit_text = ""
    alone = forms.CharField(required=False, widget=forms.HiddenInput)
    """The agency of which the person has been told that it gets the words alone."""

    parts: ClassVar[dict[str, list[Any]]] = {
        "line": [Field("text"), "alone"],
        "boxes": [Field.select("owner"), Field.select("person"), Field("due_on")],
    }

    def __init__(self, data: Any = None, *, lead: Partner, **kwargs: Any) -> None:
        super().__init__(None if data is None else spread(data, lead), lead=lead, **kwargs)
        text = self.fields["text"]
        text.label = "New action"
        text.help_text = LINE_HINT
        text.widget = forms.TextInput(  # Enter sends it
            attrs={"autocomplete": "off", "data-key": "a", "data-key-words": "new action"}
        )
        self.fields["person"].help_text = ""
        self.fields["due_on"].label = "By when"
        self.fields["due_on"].help_text = "Such as fri or 27 mar"
        self.fields["due_on"].error_messages["invalid"] = "By when must be a real date, like fri or 27 mar"
        self.fields["due_on"].error_messages["required"] = "Enter by when it is to be done"

    def was_told(self, owner: Partner) -> bool:
        return self.cleaned_data.get("alone") == str(owner.pk)
