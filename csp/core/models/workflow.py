from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models

from csp.core.errors import InvalidTransition
from csp.core.text import mid_sentence


class Workflow(models.Model):
    """A record whose status may only move along the arrows in `transitions`."""

    status: Any  # a CharField in every concrete class
    get_status_display: Callable[[], str]
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
        return mid_sentence(self.status_labels().get(status, status))

    @classmethod
    def status_labels(cls) -> dict[str, str]:
        """Every status in its order, and what people call it."""
        return {str(value): str(label) for value, label in cls._status_field().flatchoices}

    @classmethod
    def first_status(cls) -> str:
        return str(cls._status_field().get_default())

    @classmethod
    def _status_field(cls) -> Any:
        name = "status"
        return cls._meta.get_field(name)
