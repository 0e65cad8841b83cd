"""The made-up partnership's reports: one published, one in review; and two case studies."""

import datetime as dt

from csp.agencies.models import Partner, Partnership, User
from csp.core.calendar import LONDON, Period, local_day
from performance.models import CaseStudy, PerformanceReport
from performance.navigation.reports import due
from performance.services import report_states, report_writing
from performance.services.report_content import content_of, print_of
from performance.services.report_writing import words_of

PUBLISHED = Period.named("2021-22-Q4")
SAID = {
    "summary": (
        "The winter was quieter than the autumn. Fewer cases came to the neighbourhood meetings, and nine "
        "of ten actions were done on time."
    ),
    "meetings": (
        "Each area met at least once. Landlords came to four of five meetings; the board asked Sovereign to "
        "send a deputy when its officer cannot come."
    ),
    "actions": "The police had as many actions as Soha, and did five of the six that were due on time.",
}
NOT_THEN = ("plan", "indicators", "hotspots")
"""What nobody recorded here yet."""
NOW_SAID = {
    "summary": (
        "Reports went up over the summer, most of them about noise and about groups in the open. The team "
        "opened about as many cases as it closed."
    ),
}
COMMENT = "Say why reports went up: the new online form opened in July."
STORIES = (
    (
        "Soha",
        "A young person finds a way back to school",
        (
            "Young person H, aged 15, was named in seven reports about noise and damage near the shops. H "
            "had been out of school for a term. The landlord, the school and the youth worker met H and H's "
            "family together. H agreed to a contract, was found a place on a mechanics course, and comes to "
            "the youth club on the evenings when most reports used to come in.\n\nThere has been one report "
            "in the four months since. H's mother said that it was the first time that everybody sat at one "
            "table."
        ),
    ),
    (
        "Police",
        "A resident feels safe at home again",
        (
            "Resident M, who is over 70 and lives alone, was visited again and again by people who used the "
            "flat to sell drugs. M was afraid to report it. A neighbour did. The police and the council "
            "obtained a partial closure order, so that only M and people who help M may enter. A support "
            "worker came each week.\n\nM stayed in the flat, has a new door and a camera, and goes to the "
            "lunch club again."
        ),
    ),
)


def load(partnership: Partnership, now: dt.datetime) -> None:
    people = {
        user.email.split("@")[0]: user
        for user in User.objects.filter(memberships__partner__partnership=partnership).distinct()
    }
    team, manager = people["officer"], people["manager"]
    period, _ = due(partnership, local_day(now))
    _stories(partnership, people, PUBLISHED.first, now)
    _published(partnership, team, manager)
    _in_review(partnership, team, manager, period, now)


def _stories(partnership: Partnership, people: dict[str, User], quarter: dt.date, now: dt.datetime) -> None:
    told = {"Soha": people["housing"], "Police": people["police"]}
    partners = {each.name: each for each in Partner.objects.filter(partnership=partnership, name__in=told)}
    at = _noon(dt.date(2022, 4, 12))
    CaseStudy.objects.bulk_create(
        CaseStudy(
            partnership=partnership, supplied_by=partners[name], title=title, text=text, quarter=quarter,
            by=told[name], at=at, checked_by=people["officer"], checked_at=at + dt.timedelta(days=1),
        )
        for name, title, text in STORIES
    )  # fmt: skip


def _published(partnership: Partnership, team: User, manager: User) -> None:
    begun, signed, out = (_noon(dt.date(2022, *day)) for day in ((4, 11), (5, 3), (5, 9)))
    report = report_states.begin(partnership=partnership, period=PUBLISHED, by=team, at=begun)
    _write(report, SAID, team, begun)
    report.sections.filter(name__in=NOT_THEN).update(included=False)
    report_states.submit(report=report, by=team, at=begun)
    seen = print_of(content_of(report, signed))
    report_states.sign_off(report=report, seen=seen, by=manager, at=signed)
    report_states.publish(report=report, by=manager, at=out)


def _in_review(partnership: Partnership, team: User, manager: User, period: Period, now: dt.datetime) -> None:
    report = report_states.begin(partnership=partnership, period=period, by=team, at=now)
    _write(report, NOW_SAID, team, now)
    report_states.submit(report=report, by=team, at=now)
    report_writing.comment(report=report, section="reports", text=COMMENT, by=manager, at=now)


def _write(report: PerformanceReport, said: dict[str, str], by: User, at: dt.datetime) -> None:
    for section in report.sections.filter(name__in=said):
        now = words_of(section)
        words = report_writing.Words(now.included, now.position, said[section.name])
        report_writing.write_section(
            section=section, words=words, seen=report_writing.prints_of(now), by=by, at=at
        )


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), tzinfo=LONDON)
