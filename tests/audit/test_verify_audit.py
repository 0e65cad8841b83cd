import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from csp.audit.models import Event, Seal
from tests.audit.days import days_ago
from tests.audit.tampering import tamper

pytestmark = pytest.mark.django_db


def test_the_command_prints_what_it_proved(sealed):
    out = StringIO()

    call_command("verify_audit", stdout=out)

    last = Seal.objects.latest("day")
    assert out.getvalue().startswith(
        "9 events of 3 sealed days: nothing was changed, removed or added. 1 event of"
    )
    assert out.getvalue().endswith(f"Last seal: {last.day}={last.digest}\n")


def test_the_command_says_when_nothing_is_sealed_yet():
    out = StringIO()

    call_command("verify_audit", stdout=out)

    assert out.getvalue() == "No day is sealed yet. 0 events waiting.\n"


def test_the_command_fails_with_the_first_problem(sealed):
    tamper("DELETE FROM audit_event WHERE id = %s", sealed[0].pk)
    first = rf"{days_ago(3)}: event {sealed[0].pk} was removed after the day was sealed$"

    with pytest.raises(CommandError, match=first):
        call_command("verify_audit")

    tamper("DELETE FROM audit_event WHERE id = %s", sealed[8].pk)
    with pytest.raises(CommandError, match=r"\(and 1 more problem\)"):
        call_command("verify_audit")


def test_the_command_prints_json_and_still_fails(sealed):
    tamper("DELETE FROM audit_event WHERE id = %s", sealed[0].pk)
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("verify_audit", "--json", stdout=out)

    printed = json.loads(out.getvalue())
    assert (printed["ok"], printed["days"], printed["sealed_to"]) == (False, 3, days_ago(1).isoformat())
    assert [each["event"] for each in printed["problems"]] == [sealed[0].pk]


def test_the_command_prints_json_when_all_is_well(sealed):
    out = StringIO()

    call_command("verify_audit", "--json", stdout=out)

    assert json.loads(out.getvalue())["ok"] is True


def test_the_command_takes_digests_noted_down_elsewhere(sealed):
    last = Seal.objects.latest("day")

    call_command("verify_audit", "--expect", f"{last.day}={last.digest.upper()}", stdout=StringIO())
    with pytest.raises(CommandError, match="not the seal that was noted down"):
        call_command("verify_audit", "--expect", f"{last.day}=5f3a")
    with pytest.raises(CommandError, match=r"'yesterday' is not a seal\. Write it like 2026-01-31=5f3a"):
        call_command("verify_audit", "--expect", "yesterday")
    assert Event.objects.count() == 10
