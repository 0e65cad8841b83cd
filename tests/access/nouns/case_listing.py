"""Lists of cases, what is done with many at once, and files of them."""

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from cases.models import ExportFile
from csp.agencies.models import SavedFilter
from tests.factories.cases import CaseFactory
from tests.factories.core import LongTaskFactory

TABLE = """
== Lists of cases, and files of them
#                                         off man pol hou hea lea pro boa aud adm wes anonymous
cases:mine                           GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
cases:filters                        GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
cases:filter_save                    POST ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
cases:filter_change                  GET  ok  --  --  --  --  --  --  --  --  --  --  in
cases:filter_change                  POST ok  --  --  --  --  --  --  --  --  --  --  in
cases:filter_delete                  POST >>  --  --  --  --  --  --  --  --  --  --  in
cases:bulk_assign                    GET  >>  >>  no  no  no  no  no  no  no  no  >>  in
cases:bulk_assign                    POST >>  >>  no  no  no  no  no  no  no  no  >>  in
cases:bulk_chase                     GET  >>  >>  no  no  no  no  no  no  no  no  >>  in
cases:bulk_chase                     POST >>  >>  no  no  no  no  no  no  no  no  >>  in
cases:export                         GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
cases:export                         POST ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
cases:exports                        GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
cases:export_file                    GET  ok  --  --  --  --  --  --  --  --  --  --  in
"""

ARGUMENTS = {
    "cases:filter_change": lambda w: [w.case_filter.pk],
    "cases:filter_delete": lambda w: [w.case_filter.pk],
    "cases:export_file": lambda w: [w.case_export.pk],
}
READING = {"case.export_downloaded"}
LISTS = """
    officer   cases:mine
    officer   cases:filters
    officer   cases:exports
    officer   cases:list         tab=open&sort=clock&hate=yes&q=noise
    housing   cases:list         cols=asked&cols=level
"""


def records(world: Any) -> dict[str, Any]:
    officer = world.users["officer"]
    return {
        "case_filter": SavedFilter.objects.create(owner=officer, room="cases", name="Hot", query="risk=3"),
        "case_export": _export(world, officer),
    }


def grow(world: Any, number: int) -> None:
    officer = world.users["officer"]
    CaseFactory(lead=world.team, officer=officer, title=f"Noise {number}")
    SavedFilter.objects.create(owner=officer, room="cases", name=f"Filter {number}", query="risk=2")
    _export(world, officer)


def _export(world: Any, owner: Any) -> ExportFile:
    now = timezone.now()
    made = ExportFile(
        owner=owner,
        partnership=world.team.partnership,
        partner=world.team,
        format="csv",
        wanted={},
        words="Open cases",
        columns=[["reference", "Reference"]],
        asked_at=now,
        expires_at=now + dt.timedelta(days=7),
        progress=LongTaskFactory(owner=owner),
        rows=1,
    )
    made.file.save("cases.csv", ContentFile(b"Reference"))
    return made
