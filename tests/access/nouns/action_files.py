"""Evidence of actions."""

from django.core.files.base import ContentFile

from csp.actions.services import add_files
from tests.access.roles import TEAM

TABLE = """
== Evidence of actions
actions:evidence                     GET  ok  ok  --  ok  --  ok  --  --  --  --  --  in
actions:evidence                     POST ok  ok  --  ok  --  ok  --  --  --  --  --  in
actions:file                         GET  ok  ok  --  ok  --  ok  --  --  --  --  --  in
"""
FILE = "padlock-receipt.txt"
ARGUMENTS = {"actions:file": lambda w: [w.action.reference, w.action_file.pk]}
MAY_READ = {FILE: frozenset(TEAM | {"housing", "lead"})}
READING = {"evidence.downloaded"}


def records(world):
    return {"action_file": _file(world, "Paid for a padlock", FILE)}


def grow(world, number):
    _file(world, f"Receipt {number}", f"receipt-{number}.txt")


def _file(world, words, name):
    file = ContentFile(words.encode(), name=name)
    (kept,) = add_files(action=world.action, files=[file], by=world.users["housing"], at=world.now)
    return kept
