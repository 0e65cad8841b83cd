"""The lists that each partnership words itself: whom its meetings are for, and what they achieve."""

import datetime as dt
from typing import Any

from csp.agencies.models import Partnership
from tasking.models import MeetingOutcome, ReferralGroup

Entries = tuple[tuple[str, str], ...]

DEFAULT_GROUPS = (
    ("repeat-victims", "Repeat victims of ASB"),
    ("victims-at-risk", "Medium or high risk ASB victims"),
    ("families", "Families in need of intervention to avoid ASB"),
    ("domestic-abuse", "Domestic abuse victims"),
    ("prolific", "Prolific offenders"),
    ("vulnerable", "Vulnerable individuals (rough sleepers, risk of radicalisation, child exploitation)"),
    ("complex-needs", "Complex needs below the safeguarding referral threshold"),
)
DEFAULT_OUTCOMES = (
    ("enforcement", "Improved multi-agency enforcement"),
    ("support", "Joined-up support for victims and subjects"),
    ("reduction", "Reduction in ASB"),
)


def install_default_lists(partnership: Partnership, on: dt.date) -> None:
    """Lists for a new partnership. One that has some keeps its own."""
    lists: tuple[tuple[Any, Entries], ...] = (
        (ReferralGroup, DEFAULT_GROUPS),
        (MeetingOutcome, DEFAULT_OUTCOMES),
    )
    for model, entries in lists:
        if model.objects.filter(partnership=partnership).exists():
            continue
        model.objects.bulk_create(
            model(partnership=partnership, code=code, label=label, position=place)
            for place, (code, label) in enumerate(entries, start=1)
        )
