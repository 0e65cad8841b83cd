"""Which record each address of the site points to, and the least that is posted there."""

import uuid
from collections.abc import Callable
from typing import Any

from django.urls import NoReverseMatch, reverse

from tests.access.nouns import merged
from tests.access.world import World

Arguments = Callable[[World], list[Any]]

OF_A_ROOM: dict[str, Arguments] = {
    "reports": lambda w: [w.report.reference],
    "cases": lambda w: [w.case.reference],
    "actions": lambda w: [w.action.reference],
    "imports": lambda w: [w.import_run.pk],
    "core": lambda w: [w.task.pk],
}
"""What an address of a room that takes one argument points to, unless it is named below."""

COLLEAGUE: Arguments = lambda w: [w.colleague.pk]  # noqa: E731
SEAT: Arguments = lambda w: [w.seat.pk]  # noqa: E731
CALL: Arguments = lambda w: [w.decided.reference, w.call.pk]  # noqa: E731
TERM: Arguments = lambda w: ["names", w.term.pk]  # noqa: E731
HEALTH: Arguments = lambda w: [w.partners["health"].pk]  # noqa: E731
WARD: Arguments = lambda w: [w.ward.pk]  # noqa: E731
HERE: Arguments = lambda w: [w.team.partnership.slug]  # noqa: E731

OF_AN_ADDRESS: dict[str, Arguments] = {
    "account_reset_password_from_key": lambda _: ["1", "set-password"],
    "mfa_remove_webauthn": lambda _: [0],
    "mfa_edit_webauthn": lambda _: [0],
    "openid_connect_login": lambda _: ["council"],
    "openid_connect_callback": lambda _: ["council"],
    "agencies:invitation": lambda w: [w.invitation],
    "agencies:who_can_see": lambda w: [w.report.reference],
    "agencies:user": COLLEAGUE,
    "agencies:add_role": COLLEAGUE,
    "agencies:account_verb": lambda w: [w.colleague.pk, "disable"],
    "agencies:invite_again": lambda w: [w.invited.pk],
    "agencies:change_role": SEAT,
    "agencies:end_role": SEAT,
    "agencies:change_partner": HEALTH,
    "agencies:leave": HEALTH,
    "agencies:come_back": HEALTH,
    "agencies:change_area": WARD,
    "agencies:remove_area": WARD,
    "agencies:rules": lambda _: ["names"],
    "agencies:add_rule": lambda _: ["names"],
    "agencies:change_rule": TERM,
    "agencies:end_rule": TERM,
    "agencies:cancel_rule": TERM,
    "reports:filter_change": lambda w: [w.filter.pk],
    "reports:filter_delete": lambda w: [w.filter.pk],
    "reports:draft_discard": lambda w: [w.draft.pk],
    "reports:undo": lambda w: [w.decided.reference],
    "reports:letter": lambda w: [w.decided.reference, w.letter.pk],
    "reports:contact_done": CALL,
    "reports:contact_no_answer": CALL,
    "reports:contact_write": CALL,
    "reports:contact_again": CALL,
    "reports:file": lambda w: [w.report.reference, w.attachment.pk],
    "reports:remove_person": lambda w: [w.report.reference, w.link.pk],
    "imports:rejected": lambda w: [w.import_done.pk],
    "people:suggest": lambda _: ["name"],
    "people:detail": lambda w: [w.person.pk],
    "places:detail": lambda w: [w.place.pk],
    "public:follow": lambda _: ["not-a-link-of-ours"],
    "public:start_in": HERE,
    "public:sent": HERE,
    "public:question": lambda w: [w.team.partnership.slug, "danger"],
}

OF_AN_ADDRESS |= merged("ARGUMENTS")

POSTED: dict[str, Callable[[World], dict[str, Any]]] = {
    "agencies:switch": lambda w: {"partnership": w.team.partnership_id},
    "reports:draft_save": lambda _: {"token": str(uuid.uuid4())},
    "public:question": lambda w: {f"report-{w.team.partnership.slug}-current_step": "danger"},
}
POSTED |= merged("POSTED")
"""Nothing is posted, but where an address cannot tell right from wrong without it."""


def address(name: str, world: World) -> str:
    """The path of an address by its name, or the path itself where it has none."""
    if name.startswith("/"):
        return name
    arguments = OF_AN_ADDRESS.get(name)
    if arguments:
        return reverse(name, args=arguments(world))
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(name, args=OF_A_ROOM[name.partition(":")[0]](world))


def body(name: str, world: World) -> dict[str, Any]:
    return POSTED[name](world) if name in POSTED else {}
