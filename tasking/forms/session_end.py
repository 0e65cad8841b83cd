"""Ending a meeting: of each item that nothing was decided of, whether it stays on."""

from typing import Any

from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field, Layout
from django import forms
from django.utils.html import conditional_escape

from csp.core.forms import GDSForm
from tasking.enums import ItemStatus
from tasking.models import AgendaItem
from tasking.services.endings import Ending

STAYS, OFF = ItemStatus.STAYS, ItemStatus.OFF


def words(item: AgendaItem) -> str:
    """The page may be on the wall: of the closed part it says no title."""
    return f"Closed item {item.reference}" if item.is_closed_part else item.title


class EndForm(GDSForm):
    submit_text = "End the meeting"

    def __init__(self, *args: Any, items: list[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        rows = []
        for item in items:
            ending, because = self.names(item)
            self.fields[ending] = forms.ChoiceField(
                label=conditional_escape(words(item)),
                choices=[(STAYS.value, STAYS.label), (OFF.value, OFF.label)],
                widget=forms.RadioSelect,
                initial=STAYS.value,
                help_text="Discussed, nothing decided" if item.discussed_at else "Not discussed",
                error_messages={"required": f"Select what happens to “{words(item)}”"},
            )
            self.fields[because] = forms.CharField(
                label="Why does it come off?", required=False, max_length=500
            )
            question = ConditionalQuestion(OFF.label, Field(because))
            rows.append(ConditionalRadios(ending, STAYS.label, question))
        self.helper.layout = Layout(*rows)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @staticmethod
    def names(item: AgendaItem) -> tuple[str, str]:
        return f"ending_{item.pk}", f"because_{item.pk}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for item in self.items:
            ending, because = self.names(item)
            if cleaned.get(ending) == OFF and not cleaned.get(because):
                self.add_error(because, f"Enter why “{words(item)}” comes off the agenda")
        return cleaned

    def endings(self) -> dict[int, Ending]:
        """Of those that come off; what is not named here stays on."""
        found = {}
        for item in self.items:
            ending, because = self.names(item)
            if self.cleaned_data[ending] == OFF:
                found[item.pk] = Ending(status=OFF, because=self.cleaned_data[because])
        return found
