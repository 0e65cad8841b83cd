from django.urls import path

from cases.views import case_bulk, case_export, case_list, my_cases, saved_filters

ROOM = {"room": "cases"}

urlpatterns = [
    path("", case_list.case_list, name="list"),
    path("mine/", my_cases.mine, name="mine"),
    path("filters/", saved_filters.manage, ROOM, name="filters"),
    path("filters/save/", saved_filters.save, ROOM, name="filter_save"),
    path("filters/<int:pk>/", saved_filters.change, ROOM, name="filter_change"),
    path("filters/<int:pk>/delete/", saved_filters.delete, ROOM, name="filter_delete"),
    path("assign/", case_bulk.assign, name="bulk_assign"),
    path("chase/", case_bulk.chase, name="bulk_chase"),
    path("export/", case_export.new, name="export"),
    path("exports/", case_export.exports, name="exports"),
    path("exports/<int:pk>/", case_export.download, name="export_file"),
]
