from typing import Any

from csp.agencies.rulebook import RuleBook
from csp.core.forms import DayField, GDSForm


def rule_form(book: RuleBook, *, replaces: bool = False) -> type[Any]:
    """The form of a rule with the day it starts. Its room knows only what the rule says."""
    if book.starts is None:
        return type("EntryForm", (book.form_class,), {"submit_text": "Save"})
    label = "From when does the new version hold?" if replaces else "From when does it hold?"
    starts_on = DayField(label=label, help_text="Today or later, such as 1 4 2027", allow_past=False)
    parts: dict[str, Any] = {"submit_text": "Save", "starts_on": starts_on}
    if layout := getattr(book.form_class, "layout", []):
        parts["layout"] = [*layout, "starts_on"]
    return type("RuleForm", (book.form_class,), parts)


class EndForm(GDSForm):
    submit_text = "End it"

    on = DayField(label="First day it no longer holds", allow_past=False)
