"""What a form says when something is wrong, made from the label where the form says nothing better itself."""

from django import forms

from csp.core.text import mid_sentence

CHOOSING = (forms.ChoiceField, forms.ModelChoiceField)

TYPED = {
    "required": "Enter {what}",
    "invalid": "{Label} is not in the right format",
    "max_length": "{Label} must be %(limit_value)d characters or fewer",
    "min_length": "{Label} must be %(limit_value)d characters or more",
}
CHOSEN = {
    "required": "Select {what}",
    "invalid_choice": "Select {what} from the list",
    "invalid_list": "Select {what} from the list",
    "invalid_pk_value": "Select {what} from the list",
}
BY_KIND: list[tuple[type[forms.Field] | tuple[type[forms.Field], ...], dict[str, str]]] = [
    (CHOOSING, CHOSEN),
    (forms.BooleanField, {"required": "Tick the box to go on: {what}"}),
    (forms.EmailField, {"invalid": "Enter an email address in the correct format, like name@example.com"}),
    (forms.URLField, {"invalid": "Enter a web address in the correct format, like https://www.example.com"}),
    (
        forms.IntegerField,
        {
            "invalid": "{Label} must be a number",
            "min_value": "{Label} must be %(limit_value)s or more",
            "max_value": "{Label} must be %(limit_value)s or fewer",
            "max_digits": "{Label} has too many figures",
            "max_decimal_places": "{Label} must have %(max)s decimal places or fewer",
            "max_whole_digits": "{Label} has too many figures",
        },
    ),
]


def speak_plainly(field: forms.Field, name: str) -> None:
    """Give a field GOV.UK messages wherever it still has Django's own."""
    label = str(field.label or name.replace("_", " ").capitalize())
    for code, message in _messages(field).items():
        if str(field.error_messages.get(code, "")) == _default(field, code):
            field.error_messages[code] = message.replace("{what}", _what(label)).replace(
                "{Label}", _subject(label)
            )


def _messages(field: forms.Field) -> dict[str, str]:
    messages = {} if isinstance(field, CHOOSING) else dict(TYPED)
    for kind, more in BY_KIND:
        if isinstance(field, kind):
            messages |= more
    return messages | getattr(field, "plain_messages", {})


def _default(field: forms.Field, code: str) -> str:
    """The message that the field's class would use; empty where validators bring their own."""
    for kind in type(field).__mro__:
        if code in getattr(kind, "__dict__", {}).get("default_error_messages", {}):
            return str(kind.__dict__["default_error_messages"][code])
    return ""


def _what(label: str) -> str:
    return f"an answer to “{label}”" if label.endswith("?") else mid_sentence(label)


def _subject(label: str) -> str:
    return f"Your answer to “{label}”" if label.endswith("?") else label
