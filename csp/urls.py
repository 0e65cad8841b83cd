from django.urls import URLPattern, URLResolver, include, path

from csp import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("accounts/", include("csp.agencies.urls.accounts")),
    path("", include("csp.agencies.urls")),
    path("agreements/", include("csp.agencies.urls.agreements")),
    path("progress/", include("csp.core.urls")),
    path("actions/", include("csp.actions.urls")),
    path("audit/", include("csp.audit.urls")),
    path("reports/", include("cases.urls.reports")),
    path("cases/", include("cases.urls.cases")),
    path("people/", include("cases.urls.people")),
    path("risk-templates/", include("cases.urls.risk_templates")),
    path("places/", include("cases.urls.places")),
    path("search/", include("cases.urls.search")),
    path("imports/", include("cases.urls.imports")),
    path("records/", include("cases.urls.records")),
    path("meetings/", include("tasking.urls")),
    path("performance/", include("performance.urls")),
    path("report-asb/", include("cases.urls.public")),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error
