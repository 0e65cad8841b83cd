import datetime as dt
from typing import Any, ClassVar

import pghistory
from django.db import models

from csp.agencies.enums import TermKey
from csp.agencies.models.partnerships import Partnership
from csp.agencies.models.rules import DatedQuerySet, DatedRule


class TermQuerySet(DatedQuerySet):
    def words(self, partnership: Partnership | None, on: dt.date) -> dict[str, str]:
        """What each thing is called on that day: the partnership's own word, else the usual one."""
        usual = {key.value: key.label for key in TermKey}
        if partnership is None:
            return usual
        return usual | dict(self.filter(partnership=partnership).on(on).values_list("key", "label"))


@pghistory.track()
class Term(DatedRule):
    """What this partnership calls a thing, from a date: Community Trigger or ASB Case Review."""

    key = models.CharField(max_length=40, choices=TermKey)
    label = models.CharField(max_length=80)

    objects: ClassVar[Any] = TermQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        constraints = [
            *DatedRule.Meta.constraints,
            models.UniqueConstraint(fields=["partnership", "key", "starts_on"], name="term_starts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.label}"


def term(partnership: Partnership | None, key: str, on: dt.date) -> str:
    return Term.objects.words(partnership, on)[key]
