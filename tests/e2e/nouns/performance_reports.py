from performance.enums import ReportStatus
from performance.models import CaseStudy, PerformanceReport

WHO = {
    "performance:reports": "board",
    "performance:report_new": "officer",
    "performance:report": "manager",
    "performance:report_section": "officer",
    "performance:report_restate": "manager",
    "performance:case_studies": "officer",
    "performance:case_study_new": "housing",
    "performance:case_study": "officer",
    "performance:case_study_edit": "housing",
}
NO_PAGE = {
    f"performance:report_{name}"
    for name in (
        "comment", "comment_settle", "submit", "return", "sign_off", "reopen", "publish",
        "pdf", "pdf_make", "data",
    )
} | {"performance:case_study_check"}  # fmt: skip


def _report(status: str = ReportStatus.IN_REVIEW) -> int:
    return PerformanceReport.objects.filter(status=status).order_by("pk")[0].pk


def _published() -> int:
    return _report(ReportStatus.PUBLISHED)


def _study() -> int:
    return CaseStudy.objects.filter(supplied_by__name="Soha").order_by("pk")[0].pk


ARGUMENTS = {
    "performance:report": (_report,),
    "performance:report_section": (_report, lambda: "summary"),
    "performance:report_restate": (_published,),
    "performance:case_study": (_study,),
    "performance:case_study_edit": (_study,),
}
