from typing import Any, ClassVar

from django.db import models

from csp.core.errors import InvalidTransition
from csp.core.text import mid_sentence


class Workflow(models.Model):
    """A record whose status may only move along the arrows in `transitions`."""

    status: Any  # a CharField in every concrete class
    transitions: ClassVar[dict[str, set[str]]]

    class Meta:
        abstract = True

    def can_move_to(self, status: str) -> bool:
        return status in self.transitions[self.status]

    def move_to(self, status: str) -> None:
        if not self.can_move_to(status):
            now, then = self._label(self.status), self._label(status)
            raise InvalidTransition(f"{self} is {now} and cannot become {then}")
        self.status = status

    def _label(self, status: str) -> str:
        """What people call the status. Abbreviations such as ASB keep their capitals."""
        choices = dict(self._meta.get_field("status").flatchoices)  # type: ignore[union-attr]
        return mid_sentence(str(choices.get(status, status)))
