from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cases.enums import Channel, ReportStatus
from cases.measures.breakdowns import by_agency, by_area, by_category, by_risk, by_ward
from cases.models import Report
from csp.agencies.measures import Breakdown, Measure, Part, within
from csp.agencies.models import Partnership
from csp.core.calendar import Period

ROOM = "reports"


def received(partnership: Partnership, period: Period) -> QuerySet[Report]:
    found = Report.objects.filter(within("received_at", period), partnership=partnership)
    return found.exclude(status=ReportStatus.DUPLICATE)


def about_hate(partnership: Partnership, period: Period) -> QuerySet[Report]:
    return received(partnership, period).filter(hate=True)


def from_repeat_victims(partnership: Partnership, period: Period) -> QuerySet[Report]:
    return received(partnership, period).filter(repeat_victim=True)


def triaged(partnership: Partnership, period: Period) -> QuerySet[Report]:
    decided = Report.objects.triaged().filter(clock_stopped_at__isnull=False)
    return decided.filter(within("clock_stopped_at", period), partnership=partnership)


def waiting(partnership: Partnership, period: Period) -> QuerySet[Report]:
    return Report.objects.awaiting_triage().filter(partnership=partnership)


def late(partnership: Partnership, period: Period) -> QuerySet[Report]:
    return waiting(partnership, period).filter(clock_due_at__lt=timezone.now(), clock_paused_at=None)


BY_CHANNEL = Breakdown(
    "channel", "How it came in", "channel", "channel", tuple(Channel.choices), tells_more=True
)
BY_SOURCE = by_agency("source_partner", "Agency it came from", "The public", tells_more=True)
BY_RISK = by_risk(tells_more=True)
BY_DECISION = Breakdown("outcome", "Decision", "status", "status", tuple(ReportStatus.choices))

MEASURES = (
    Measure(
        name="reports-received",
        label="Reports received",
        unit="reports",
        one="report",
        rule="Reports received in the period, however they came in. One that was found to be a duplicate of "
        "another does not count. One with several categories counts once for each of them. One destroyed "
        "under the retention schedule still counts.",
        room=ROOM,
        records=received,
        date_field="received_at",
        breakdowns=(by_area(), by_ward(), by_category(), BY_CHANNEL, BY_SOURCE, BY_RISK),
        kept=True,
    ),
    Measure(
        name="reports-triaged",
        label="Reports triaged",
        unit="reports",
        one="report",
        rule="Reports on which triage decided in the period, duplicates included. In time are those decided "
        "before their own limit ran out. Reports recorded without triage, such as those taken over from "
        "another system, do not count. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=triaged,
        date_field="clock_stopped_at",
        breakdowns=(BY_DECISION, BY_RISK, by_area(), by_agency("lead")),
        part=Part(
            "in time", Q(clock_stopped_at__lte=F("clock_due_at")), missed="Not in time", tells_the_lead=True
        ),
        kept=True,
    ),
    Measure(
        name="hate-reports",
        label="Reports of hate",
        unit="reports",
        one="report",
        rule="Reports received in the period in which somebody was targeted because of who they are. "
        "Duplicates do not count. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=about_hate,
        date_field="received_at",
        breakdowns=(by_area(), by_category()),
        tells_more=True,
        kept=True,
    ),
    Measure(
        name="repeat-victim-reports",
        label="Reports of repeat victims",
        unit="reports",
        one="report",
        rule="Reports received in the period that met one of the partnership's rules for repeats when they "
        "came in or since. Duplicates do not count. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=from_repeat_victims,
        date_field="received_at",
        breakdowns=(by_area(), by_category()),
        tells_more=True,
        kept=True,
    ),
    Measure(
        name="reports-waiting",
        label="Reports awaiting triage",
        unit="reports",
        one="report",
        rule="Reports on which triage has not decided yet, as it stands now.",
        room=ROOM,
        records=waiting,
        date_field="received_at",
        breakdowns=(BY_RISK, by_area()),
        as_it_stands=True,
    ),
    Measure(
        name="reports-late",
        label="Triage late",
        unit="reports",
        one="report",
        rule="Reports that still wait for triage though their limit has run out, as it stands now. One whose "
        "clock is paused does not count.",
        room=ROOM,
        records=late,
        date_field="clock_due_at",
        breakdowns=(BY_RISK, by_area()),
        as_it_stands=True,
        tells_the_lead=True,
    ),
)
