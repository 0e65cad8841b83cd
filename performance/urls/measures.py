from django.urls import URLPattern, path

from performance.views import dashboard, measures

urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("download/", dashboard.download, name="download"),
    path("measures/", measures.measures, name="measures"),
    path("measures/<slug:name>/", measures.records, name="records"),
]
