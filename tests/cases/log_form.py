"""What a browser sends from the log page."""

import uuid

LISTS = ("affected", "subjects", "told")


def filled(**answers) -> dict:
    """The form as it comes with nothing but what happened; `answers` over it."""
    empty = {
        "token": str(uuid.uuid4()),
        "caller": "affected",
        "channel": "phone",
        "received_at_0": "4 March 2026",
        "received_at_1": "9:30am",
        "when_kind": "once",
        "what_happened": "Shouting in the street after midnight",
        "behalf-role": "victim",
    }
    counts = {f"{name}-{kind}": "0" for name in LISTS for kind in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {**empty, **counts, **answers}


def person_row(rows: str, n: int, **answers) -> dict:
    """One row of a list of people, and the counter that says it is there."""
    typed = {f"{rows}-{n}-{name}": value for name, value in answers.items()}
    return {f"{rows}-TOTAL_FORMS": str(n + 1), f"{rows}-{n}-role": "victim", **typed}
