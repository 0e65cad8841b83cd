from django.urls import URLPattern

from performance.urls import hotspots, indicators, measures, plan, reports

app_name = "performance"
urlpatterns: list[URLPattern] = [
    *hotspots.urlpatterns,
    *indicators.urlpatterns,
    *plan.urlpatterns,
    *reports.urlpatterns,
    *measures.urlpatterns,
]
