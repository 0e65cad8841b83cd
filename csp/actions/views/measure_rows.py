"""How the actions that a figure counts are listed."""

from csp.actions.models import Action
from csp.core.record_rows import Row, register_rows
from csp.core.words import date_words


def _action(action: Action) -> Row:
    detail = f"{action.owner} · due {date_words(action.due_on)} · {action.get_status_display()}"
    return Row(action.reference, action.text, action.get_absolute_url(), detail)


def join_in() -> None:
    register_rows(Action, ("owner",), _action)
