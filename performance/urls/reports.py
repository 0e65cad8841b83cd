from django.urls import URLPattern, path

from performance.views import case_studies, report_files, report_states, report_writing, reports

urlpatterns: list[URLPattern] = [
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/sections/<slug:name>/", report_writing.section, name="report_section"),
    path("reports/<int:pk>/comments/", report_writing.comment, name="report_comment"),
    path(
        "reports/<int:pk>/comments/<int:comment>/settle/", report_writing.settle, name="report_comment_settle"
    ),
    path("reports/<int:pk>/submit/", report_states.submit, name="report_submit"),
    path("reports/<int:pk>/return/", report_states.send_back, name="report_return"),
    path("reports/<int:pk>/sign-off/", report_states.sign_off, name="report_sign_off"),
    path("reports/<int:pk>/reopen/", report_states.reopen, name="report_reopen"),
    path("reports/<int:pk>/publish/", report_states.publish, name="report_publish"),
    path("reports/<int:pk>/restate/", report_states.restate, name="report_restate"),
    path("reports/<int:pk>/pdf/make/", report_files.make, name="report_pdf_make"),
    path("reports/<int:pk>/pdf/", report_files.pdf, name="report_pdf"),
    path("reports/<int:pk>/data.<slug:file_format>", report_files.data, name="report_data"),
    path("case-studies/", case_studies.case_studies, name="case_studies"),
    path("case-studies/new/", case_studies.case_study_new, name="case_study_new"),
    path("case-studies/<int:pk>/", case_studies.case_study, name="case_study"),
    path("case-studies/<int:pk>/edit/", case_studies.case_study_edit, name="case_study_edit"),
    path("case-studies/<int:pk>/check/", case_studies.case_study_check, name="case_study_check"),
]
