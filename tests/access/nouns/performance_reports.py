"""A report in draft, which its team alone knows; one that is published; and a case study of housing."""

import datetime as dt

from django.core.files.base import ContentFile

from csp.core.calendar import Period
from performance.enums import ReportStatus
from performance.models import CaseStudy, PerformanceReport, ReportComment, ReportSection
from performance.services.report_content import live, title_of
from performance.services.report_sections import SECTIONS
from tests.access.nouns.meetings_papers import an_empty_page
from tests.access.roles import TEAM

TABLE = """
== Reports
performance:reports                  GET  ok  ok  ok  ok  ok  ok  no  ok  ok  no  ok  in
performance:report_new               GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:report_new               POST ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:report                   GET  ok  ok  ok  ok  ok  ok  --  ok  ok  --  --  in
performance:report_data              GET  ok  ok  ok  ok  ok  ok  --  ok  ok  --  --  in
performance:report_pdf               GET  ok  ok  ok  ok  ok  ok  --  ok  ok  --  --  in
performance:report_pdf_make          POST >>  >>  >>  >>  >>  >>  --  >>  >>  --  --  in
performance:report_section           GET  ok  ok  --  --  --  --  --  --  --  --  --  in
performance:report_section           POST ok  ok  --  --  --  --  --  --  --  --  --  in
performance:report_comment           POST ok  ok  --  --  --  --  --  --  --  --  --  in
performance:report_comment_settle    POST >>  >>  --  --  --  --  --  --  --  --  --  in
performance:report_submit            POST >>  >>  --  --  --  --  --  --  --  --  --  in
performance:report_return            POST >>  >>  --  --  --  --  --  --  --  --  --  in
performance:report_sign_off          POST no  >>  --  --  --  --  --  --  --  --  --  in
performance:report_reopen            POST no  >>  --  --  --  --  --  --  --  --  --  in
performance:report_publish           POST no  >>  --  --  --  --  --  --  --  --  --  in
performance:report_restate           GET  no  ok  --  --  --  --  --  --  --  --  --  in
performance:report_restate           POST no  ok  --  --  --  --  --  --  --  --  --  in

== Case studies
performance:case_studies             GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
performance:case_study_new           GET  ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
performance:case_study_new           POST ok  ok  ok  ok  ok  ok  no  no  no  no  ok  in
performance:case_study               GET  ok  ok  --  ok  --  ok  --  --  --  --  --  in
performance:case_study_edit          GET  ok  ok  --  ok  --  ok  --  --  --  --  --  in
performance:case_study_edit          POST ok  ok  --  ok  --  ok  --  --  --  --  --  in
performance:case_study_check         POST >>  >>  --  no  --  no  --  --  --  --  --  in
"""
DRAFTED = "the landlord was slow to answer"
TOLD = "Young person H came back to school"
MAY_READ = {DRAFTED: TEAM, TOLD: frozenset(TEAM | {"housing", "lead"})}
READING = {"performance_report.downloaded"}


def of_draft(world):
    return [world.draft_report.pk]


def of_published(world):
    return [world.published_report.pk]


def of_study(world):
    return [world.case_study.pk]


DRAFT = ("comment", "submit", "return", "sign_off", "reopen", "publish", "restate")
ARGUMENTS = {
    **{f"performance:report_{name}": of_draft for name in DRAFT},
    **{f"performance:{name}": of_published for name in ("report", "report_pdf", "report_pdf_make")},
    **{f"performance:case_study{name}": of_study for name in ("", "_edit", "_check")},
    "performance:report_data": lambda world: [world.published_report.pk, "json"],
    "performance:report_section": lambda world: [world.draft_report.pk, "summary"],
    "performance:report_comment_settle": lambda world: [world.draft_report.pk, world.report_comment.pk],
}


def records(world):
    draft = of_quarter(world, "2021-22-Q3")
    ReportSection.objects.bulk_create(
        ReportSection(report=draft, name=each.name, position=place, narrative=DRAFTED)
        for place, each in enumerate(SECTIONS, start=1)
    )
    officer, at = world.users["officer"], world.now
    return {
        "draft_report": draft,
        "published_report": published(world, "2021-22-Q2"),
        "report_comment": ReportComment.objects.create(report=draft, text=DRAFTED, by=officer, at=at),
        "case_study": study(world, dt.date(2021, 10, 1)),
    }


def of_quarter(world, key, **more):
    period = Period.named(key)
    return PerformanceReport.objects.create(
        partnership=world.team.partnership, first_on=period.first, last_on=period.last,
        period_name=period.name, title=title_of(period), made_at=world.now, **more,
    )  # fmt: skip


def published(world, key):
    content = live(world.team.partnership, Period.named(key), world.now)
    made = of_quarter(
        world, key, status=ReportStatus.PUBLISHED, frozen=content, frozen_at=world.now,
        signed_off_by=world.users["manager"], published_by=world.users["manager"],
        published_at=world.now, built_at=world.now,
    )  # fmt: skip
    made.file.save("report.pdf", ContentFile(an_empty_page()), save=True)
    return made


def study(world, quarter):
    return CaseStudy.objects.create(
        partnership=world.team.partnership, supplied_by=world.partners["housing"], title=TOLD, text=TOLD,
        quarter=quarter, by=world.users["housing"], at=world.now,
    )  # fmt: skip


def grow(world, number):
    published(world, f"{2021 - number}-{22 - number}-Q1")
    study(world, dt.date(2021, 7, 1))
    draft = world.draft_report
    ReportComment.objects.create(report=draft, text=DRAFTED, by=world.users["officer"], at=world.now)


LISTS = """
officer performance:reports
officer performance:case_studies
"""
PAGES = """
officer performance:report
officer performance:report_section
officer performance:case_study
board performance:reports
"""
