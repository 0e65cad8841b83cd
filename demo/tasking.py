"""The made-up partnership's meetings."""

import datetime as dt

from cases.enums import CaseStatus
from cases.models import Case
from csp.agencies.models import Partner, Partnership, SharingAgreement, User
from csp.core.calendar import LONDON, add_working_days, local_day
from tasking.enums import Cadence, ItemKind, SeriesKind, WeekOfMonth
from tasking.models import Meeting, Series, SeriesPartner
from tasking.services.meetings import open_agenda, plan_meeting
from tasking.services.tabling import TablingTerms, add_item, table_for

TEAM = "Community Safety"
INVITED = (
    "Police", "Soha", "Sovereign", "Social Care", "Fire and Rescue", "Probation", "Health", "Vale Council",
)  # fmt: skip
CONFIDENTIALITY = (
    "What is said at this meeting is confidential. It is used to prevent crime and disorder and to protect "
    "people, under the partnership's information-sharing agreement, and is passed on only with the agreement "
    "of the agency that gave it. Papers are kept and destroyed as that agreement says."
)
TERMS = TablingTerms(
    gateway="cda_115",
    purpose="Problem solving at the Joint Tasking Meeting",
    necessity="Each agency invited holds a part of what is known, and of what can be done",
    consent="not_needed",
)


def load(partnership: Partnership, now: dt.datetime) -> None:
    partners = {each.name: each for each in Partner.objects.filter(partnership=partnership)}
    officer = User.objects.get(email="officer@demo.example")
    manager = User.objects.get(email="manager@demo.example")
    series = _joint_tasking(partnership, partners, manager, officer, now)
    meeting = _prepared(series, officer, now)
    open_cases = Case.objects.filter(lead=series.lead, restricted=False, status=CaseStatus.OPEN)
    for case in open_cases.order_by("pk")[:3]:
        item = add_item(
            meeting=meeting, kind=ItemKind.CASE, case=case, title=case.title, gist=case.summary, by=officer,
            at=now, area=case.local_area, issue=case.categories.first(),
        )  # fmt: skip
        table_for(item=item, partners=[partners["Police"], partners["Soha"]], terms=TERMS, by=officer, at=now)


def _joint_tasking(
    partnership: Partnership, partners: dict[str, Partner], chair: User, deputy: User, now: dt.datetime
) -> Series:
    series = Series.objects.create(
        partnership=partnership,
        lead=partners[TEAM],
        name="Joint Tasking Meeting",
        kind=SeriesKind.JOINT_TASKING,
        chair=chair,
        deputy=deputy,
        cadence=Cadence.MONTHLY,
        week_of_month=WeekOfMonth.SECOND,
        first_on=local_day(now) - dt.timedelta(days=365),
        venue="Demo House, Didcot",
        confidentiality=CONFIDENTIALITY,
        agreement=SharingAgreement.objects.filter(partnership=partnership).order_by("pk").first(),
    )
    for name in INVITED:
        SeriesPartner.objects.create(series=series, partner=partners[name])
    return series


def _prepared(series: Series, officer: User, now: dt.datetime) -> Meeting:
    """In five working days, its agenda open."""
    day = add_working_days(local_day(now), 5)
    starts_at = dt.datetime.combine(day, series.begins_at, tzinfo=LONDON)
    meeting = plan_meeting(series=series, starts_at=starts_at, by=officer, at=now)
    return open_agenda(meeting=meeting, by=officer, at=now)
