from django.urls import path

from cases.views import imports

app_name = "imports"
urlpatterns = [
    path("", imports.import_list, name="list"),
    path("new/", imports.import_new, name="new"),
    path("<int:pk>/", imports.import_detail, name="detail"),
    path("<int:pk>/columns/", imports.import_mapping, name="mapping"),
    path("<int:pk>/layout/", imports.import_layout, name="layout"),
    path("<int:pk>/values/", imports.import_values, name="values"),
    path("<int:pk>/start/", imports.import_start, name="start"),
    path("<int:pk>/rejected.csv", imports.import_rejected, name="rejected"),
]
