"""Lists of cases, what is done with many at once, and files of them."""

from tests.e2e.nouns.case_record import case

WHO = {
    "cases:mine": "officer",
    "cases:filters": "officer",
    "cases:filter_change": "officer",
    "cases:bulk_assign": "officer",
    "cases:bulk_chase": "officer",
    "cases:export": "officer",
    "cases:exports": "officer",
}
NO_PAGE = {"cases:filter_save", "cases:filter_delete", "cases:export_file"}


def saved_filter():
    from csp.agencies.models import SavedFilter, User  # noqa: PLC0415 -- needs the demo's settings

    officer = User.objects.get(email="officer@demo.example")
    made, _ = SavedFilter.objects.get_or_create(
        owner=officer, room="cases", name="High risk", defaults={"query": "risk=3"}
    )
    return made.pk


def _ticked():
    return f"?case={case().reference}"


ARGUMENTS = {"cases:filter_change": (saved_filter,)}
QUERIES = {"cases:bulk_assign": _ticked, "cases:bulk_chase": _ticked}
