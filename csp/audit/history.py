"""Row history: each version of a casework row, who wrote it and in which request."""

import pghistory.middleware
import pghistory.models
import pgtrigger

NEVER_REMOVED = "History, events and seals are never removed"


def no_truncate() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func=f"RAISE EXCEPTION '{NEVER_REMOVED}';",
    )


class Event(pghistory.models.Event):
    """Base of every history table. The library refuses UPDATE and DELETE; we refuse TRUNCATE as well."""

    class Meta:
        abstract = True

    @classmethod
    def pghistory_setup(cls) -> None:
        super().pghistory_setup()
        if not cls._meta.abstract:
            no_truncate().register(cls)
