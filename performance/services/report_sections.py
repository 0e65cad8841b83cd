"""What a report can consist of, in the order in which it prints."""

from dataclasses import dataclass

from performance.enums import ReportKind

EVERY = frozenset(ReportKind.values)
YEARLY = frozenset({ReportKind.YEARLY.value})


@dataclass(frozen=True)
class Tally:
    """A measure that a section prints. One that no room declares is left out."""

    measure: str
    by: tuple[str, ...] = ()
    """The breakdowns that get a table."""
    drawn: str = ""
    """The one of them that gets a chart too."""


@dataclass(frozen=True)
class SectionKind:
    name: str
    title: str
    about: str
    """What it prints, for who builds the report."""
    tallies: tuple[Tally, ...] = ()
    over_time: tuple[str, ...] = ()
    """Measures drawn together over the last periods."""
    over_time_title: str = ""
    usual: frozenset[str] = EVERY
    """Kinds of report that have it unless somebody takes it out."""


SECTIONS = (
    SectionKind(
        "summary",
        "At a glance",
        "The main figures, beside those of the period before and of the same period last year",
        (
            Tally("reports-received"),
            Tally("reports-triaged"),
            Tally("cases-opened"),
            Tally("cases-closed"),
            Tally("cases-discussed"),
            Tally("meeting-actions-due"),
        ),
    ),
    SectionKind(
        "reports",
        "Reports and triage",
        "Reports received by area and category, how many were triaged on time, and repeat victims",
        (
            Tally("reports-received", ("category", "area", "channel"), drawn="category"),
            Tally("reports-triaged", ("outcome",)),
            Tally("repeat-victim-reports"),
            Tally("hate-reports"),
        ),
        ("reports-received",),
        "Reports received",
    ),
    SectionKind(
        "cases",
        "Cases and outcomes",
        "Cases opened and closed, why they were closed, powers used, and what residents were told",
        (
            Tally("cases-opened", ("area", "category"), drawn="area"),
            Tally("cases-closed", ("outcome",), drawn="outcome"),
            Tally("cases-open"),
            Tally("high-risk-cases"),
            Tally("people-told"),
            Tally("case-review-notices"),
            Tally("powers-used", ("kind",)),
            Tally("closure-orders"),
            Tally("breaches"),
        ),
        ("cases-opened", "cases-closed"),
        "Cases opened and closed",
    ),
    SectionKind(
        "meetings",
        "Meetings",
        "Meetings held, the cases that they discussed, their issues and outcomes, and who attended",
        (
            Tally("meetings-held", ("kind", "area")),
            Tally("cases-discussed", ("area", "issue"), drawn="area"),
            Tally("meeting-outcomes", ("outcome",)),
            Tally("meeting-attendance", ("agency",)),
        ),
    ),
    SectionKind(
        "actions",
        "Actions by agency",
        "Actions that meetings gave to each agency, and how many were done on time",
        (Tally("meeting-actions", ("agency",), drawn="agency"), Tally("meeting-actions-due", ("agency",))),
    ),
    SectionKind(
        "plan",
        "Progress of the plan",
        "Each action of the partnership's plan with its rating and what its lead wrote for the period",
    ),
    SectionKind("indicators", "Indicators", "Figures of the police and others that the partnership watches"),
    SectionKind(
        "hotspots", "Where it happens", "The wards with the most crime and anti-social behaviour on record"
    ),
    SectionKind(
        "case_studies", "Case studies", "Stories that name no one, as far as a colleague has checked them"
    ),
    SectionKind(
        "waiting",
        "Not recorded here yet",
        "Figures that a yearly scrutiny report shows and that this system does not hold yet",
        usual=YEARLY,
    ),
)
BY_NAME = {each.name: each for each in SECTIONS}
