import datetime as dt

from django.db.models import Count, F, Q

from cases.enums import Risk
from cases.models import Case
from cases.navigation.reports import seats_here
from csp.agencies.enums import Role
from csp.agencies.models import Partnership, User
from csp.agencies.navigation import Panel, register_panel
from csp.core.calendar import local_day


def my_bands_panel(user: User, partnership: Partnership, at: dt.datetime) -> Panel | None:
    """For whoever has cases: how many of each band, and how many of them late."""
    if not user.has_perm("cases.list"):
        return None
    mine = Case.objects.visible_to(user).open().filter(officer=user.pk, partnership=partnership)
    found = {row["risk"]: row for row in mine.values("risk").annotate(n=Count("pk"), late=_late(at))}
    bands = [
        {"risk": risk, "label": risk.label, "n": found[risk]["n"], "late": found[risk]["late"]}
        for risk in reversed(Risk)
        if risk in found
    ]
    return Panel("My cases", "cases/_panel_my_cases.html", {"bands": bands}) if bands else None


def case_workload_panel(user: User, partnership: Partnership, at: dt.datetime) -> Panel | None:
    """For a manager: who has how many cases, how many of them late or high risk."""
    managed = seats_here(user, partnership, Role.MANAGER)
    if not managed:
        return None
    led = Case.objects.visible_to(user).open().filter(partnership=partnership, lead__in=managed)
    rows = (
        led.values("officer", "officer__name")
        .annotate(cases=Count("pk"), late=_late(at), high=Count("pk", filter=Q(risk=Risk.HIGH)))
        .order_by(F("officer__name").asc(nulls_first=True))
    )
    shown = [row | {"who": "me" if row["officer"] == user.pk else row["officer"] or "nobody"} for row in rows]
    return Panel("Cases, by officer", "cases/_panel_case_workload.html", {"rows": shown})


def _late(at: dt.datetime) -> Count:
    today = local_day(at)
    late = Q(update_due_on__lt=today) | Q(risk_due_on__lt=today) | Q(hold_until__lt=today)
    return Count("pk", filter=late)


def join_in() -> None:
    register_panel(my_bands_panel, position=8)
    register_panel(case_workload_panel, position=12)
