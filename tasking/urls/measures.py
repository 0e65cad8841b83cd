from django.urls import URLPattern, path

from tasking.views import measures

urlpatterns: list[URLPattern] = [
    path("measures/", measures.measures, name="measures"),
    path("measures/export/", measures.export, name="measures_export"),
    path("measures/<slug:name>/", measures.records, name="measure_records"),
]
