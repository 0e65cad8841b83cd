"""A page for each name in the URLs, from the demo, as JSON.

`main` runs in a process of its own, since Django refuses to touch its database beside a running browser.
"""

import json
import sys
import time
from datetime import timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from cases.models import Case, ImportRun, Person, Place, Report
from csp.actions.models import Action
from csp.actions.services import give_action
from csp.agencies import rulebook
from csp.agencies.enums import Role
from csp.agencies.models import Area, Membership, Partner, Partnership, SavedFilter, User
from csp.agencies.models.invitations import invitation_token
from csp.agencies.services.sessions import STARTED_AT
from csp.core.models import LongTask
from tests.e2e.nouns import NOUNS
from tests.e2e.pages import WHO
from tests.factories.agencies import user_at

AWAY = timedelta(days=-30)
AN_HOUR = 3600
CSV = b"Reference,Date,What,Kind\n1,2026-03-04,Noise at night,Noise\n2,2026-03-05,Bottles thrown,Rowdy\n"
COLUMNS = {"reference": "Reference", "occurred": "Date", "what_happened": "What", "categories": "Kind"}


def main() -> None:
    paths = {name: path_of(name) for name in WHO}
    json.dump({"cookies": cookies(), "paths": paths}, sys.stdout)


def path_of(name: str) -> str:
    return _path(name) + QUERIES.get(name, lambda: "")()


def _path(name: str) -> str:
    if name in ARGUMENTS:
        return reverse(name, args=[find() for find in ARGUMENTS[name]])
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(name, args=[find() for find in BY_ROOM[name.partition(":")[0]]])


def cookies() -> dict[str, str]:
    """A session for each of the people, begun so late that no page finds it long ago."""
    people = {email.split("@")[0]: User.objects.get(email=email) for email in DEMO} | {
        "keys": somebody_with_keys(),
        "unset": somebody_without_password(),
    }
    found = {name: session(user=user) for name, user in people.items()}
    sent = waiting().pk
    return found | {"resident": session(sent_report=sent, followed_report=sent)}


DEMO = [
    f"{name}@demo.example"
    for name in ("officer", "manager", "police", "housing", "lead", "board", "auditor", "admin")
]


def session(user: User | None = None, **values: Any) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
        values[STARTED_AT] = time.time() + AN_HOUR
    store = client.session
    store.update(values)
    store.save()
    return client.cookies["sessionid"].value if user else store.session_key


def once(make: Any) -> Any:
    """Made when first asked for, and the same after that."""
    made: list[Any] = []

    def given() -> Any:
        if not made:
            made.append(make())
        return made[0]

    return given


def seat(name: str) -> Partner:
    return Partner.objects.get(name=name, partnership=here())


def here() -> Partnership:
    return Partnership.objects.get(code="SV")


@once
def somebody_with_keys() -> User:
    user = user_at(seat("Soha"), name="Kim Keys", email="kim.keys@demo.example")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Blue key", "credential": {}})
    return user


@once
def somebody_without_password() -> User:
    user = user_at(seat("Soha"), name="Noor Newcomer", email="noor@demo.example")
    user.set_unusable_password()
    user.save()
    return user


@once
def invited() -> User:
    user = user_at(seat("Soha"), name="Ines Invited", email="ines@demo.example", invited_at=timezone.now())
    user.set_unusable_password()
    user.save()
    return user


@once
def colleague() -> User:
    return user_at(seat("Soha"), Role.PRACTITIONER, name="Colin Colleague", email="colin@demo.example")


@once
def import_run() -> ImportRun:
    """Uploaded, and its columns chosen, so that each of its pages opens."""
    columns = {field: [name] for field, name in COLUMNS.items()}
    run = ImportRun(
        partnership=here(),
        lead=seat("Community Safety"),
        source_partner=seat("Police"),
        by=User.objects.get(email="officer@demo.example"),
        at=timezone.now(),
        file_name="march.csv",
        spec={"system": "Test", "columns": columns, "formats": {"occurred": "YYYY-MM-DD"}},
    )
    run.file.save("march.csv", ContentFile(CSV), save=False)
    run.save()
    return run


def given_to(name: str) -> Action:
    """One of our own, since a journey may have ended those of the demo."""
    return give_action(
        lead=seat("Community Safety"),
        owner=seat(name),
        person=None,
        text="Walk round at night",
        due_on=timezone.localdate() + timedelta(days=7),
        target=newest(Case.objects.open().filter(lead=seat("Community Safety"), restricted=False)),
        by=User.objects.get(email="officer@demo.example"),
        at=timezone.now(),
    )


@once
def asked_of_soha() -> Action:
    return given_to("Soha")


@once
def ended_action() -> Action:
    action = given_to("Fire and Rescue")
    action.status, action.outcome, action.ended_at = "complete", "Visited", timezone.now()
    action.save()
    return action


@once
def action_with_a_wish() -> Action:
    action = given_to("Vale Council")
    action.wanted_due_on = action.due_on + timedelta(days=3)
    action.save()
    return action


@once
def task() -> LongTask:
    owner = User.objects.get(email="officer@demo.example")
    return LongTask.objects.create(
        owner=owner, kind="e2e", title="Importing march.csv", task_name="e2e", task_arguments={},
        status="RUNNING", attempt=1, done=30, total=120, heartbeat_at=timezone.now() + timedelta(minutes=10),
    )  # fmt: skip


@once
def saved_filter() -> SavedFilter:
    owner = User.objects.get(email="officer@demo.example")
    return SavedFilter.objects.create(owner=owner, room="reports", name="High risk", query="risk=3")


@once
def decided_today() -> Report:
    report = Report.objects.get(what_happened__startswith="Bins left out")
    report.decisions.update(at=timezone.now())
    return report


def waiting() -> Report:
    """One with people in it, which no journey decides."""
    return Report.objects.get(what_happened__startswith="Loud music and shouting")


def newest(found: Any) -> Any:
    thing = found.order_by("-pk").first()
    assert thing is not None, "the demo has none"
    return thing


def reset_link() -> str:
    user = User.objects.get(email="health@demo.example")
    return f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"


def dated_book() -> rulebook.RuleBook:
    return next(book for book in rulebook.books() if book.slug == "triage-standards")


def rule(book: rulebook.RuleBook) -> int:
    return newest(book.model._default_manager.filter(partnership=here())).pk


def ward() -> Area:
    return newest(Area.objects.filter(partnership=here(), kind="ward"))


def left_partner() -> Partner:
    partner = seat("Probation")
    Partner.objects.filter(pk=partner.pk).update(left_on=timezone.localdate() + AWAY)
    return partner


REPORT = (lambda: waiting().reference,)
ACTION = (lambda: asked_of_soha().reference,)
RUN = (lambda: import_run().pk,)
COLLEAGUE = (lambda: colleague().pk,)
SEAT = (lambda: Membership.objects.get(user=colleague()).pk,)
KEY = (lambda: Authenticator.objects.get(user=somebody_with_keys(), type="webauthn").pk,)
BOOK = (lambda: dated_book().slug,)
RULE = (*BOOK, lambda: rule(dated_book()))
FILTER = (lambda: saved_filter().pk,)

ARGUMENTS: dict[str, tuple] = {
    "account_reset_password_from_key": (
        lambda: user_pk_to_url_str(User.objects.get(email="health@demo.example")),
        lambda: reset_link().split("-", 1)[1],
    ),
    "mfa_remove_webauthn": KEY,
    "mfa_edit_webauthn": KEY,
    "agencies:invitation": (lambda: invitation_token(invited()),),
    "agencies:user": COLLEAGUE,
    "agencies:add_role": COLLEAGUE,
    "agencies:account_verb": (*COLLEAGUE, lambda: "disable"),
    "agencies:change_role": SEAT,
    "agencies:change_partner": (lambda: seat("Police").pk,),
    "agencies:leave": (lambda: seat("Police").pk,),
    "agencies:come_back": (lambda: left_partner().pk,),
    "agencies:change_area": (lambda: ward().pk,),
    "agencies:rules": BOOK,
    "agencies:add_rule": BOOK,
    "agencies:change_rule": RULE,
    "agencies:end_rule": RULE,
    "agencies:who_can_see": (lambda: newest(Case.objects.filter(partnership=here())).reference,),
    "core:progress": (lambda: task().pk,),
    "actions:time": (lambda: action_with_a_wish().reference,),
    "actions:reopen": (lambda: ended_action().reference,),
    "reports:filter_change": FILTER,
    "reports:undo": (lambda: decided_today().reference,),
    "reports:remove_person": (*REPORT, lambda: newest(waiting().links.all()).pk),
    "people:detail": (lambda: Person.objects.get(name="Ann Brown").pk,),
    "places:detail": (lambda: Place.objects.filter(address__startswith="4 Mill Road").first().pk,),
    "cases:detail": (lambda: newest(Case.objects.filter(partnership=here())).reference,),
    "public:follow": (lambda: "not-a-link-of-ours",),
    "public:start_in": (lambda: "south-and-vale",),
    "public:sent": (lambda: "south-and-vale",),
    "public:question": (lambda: "south-and-vale", lambda: "danger"),
}
QUERIES: dict[str, Any] = {}
"""What follows the path of a page that shows nothing without it."""
for noun in NOUNS:
    ARGUMENTS |= getattr(noun, "ARGUMENTS", {})
    QUERIES |= getattr(noun, "QUERIES", {})

BY_ROOM = {"reports": REPORT, "actions": ACTION, "imports": RUN}
