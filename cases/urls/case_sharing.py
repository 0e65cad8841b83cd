from django.urls import path

from cases.views import access_requests, case_sharing, disclosures, restricting

registers = [
    path("disclosures/", disclosures.log, name="disclosures"),
    path("disclosures/export/", disclosures.export, name="disclosures_export"),
]
urlpatterns = [
    path("<slug:reference>/sharing/", case_sharing.shares, name="sharing"),
    path("<slug:reference>/sharing/new/", case_sharing.share, name="share"),
    path("<slug:reference>/sharing/<int:pk>/change/", case_sharing.change_share, name="share_change"),
    path("<slug:reference>/sharing/<int:pk>/end/", case_sharing.end_share, name="share_end"),
    path("<slug:reference>/access/ask/", access_requests.ask, name="access_ask"),
    path("<slug:reference>/access/<int:pk>/withdraw/", access_requests.withdraw, name="access_withdraw"),
    path("<slug:reference>/access/<int:pk>/decline/", access_requests.decline, name="access_decline"),
    path("<slug:reference>/access/<int:pk>/name/", access_requests.accept_by_naming, name="access_name"),
    path("<slug:reference>/restrict/", restricting.restrict, name="restrict"),
    path("<slug:reference>/restrict/lift/", restricting.lift, name="restrict_lift"),
    path("<slug:reference>/named/add/", restricting.name_person, name="name_person"),
    path("<slug:reference>/named/<int:pk>/remove/", restricting.unname_person, name="unname_person"),
    path("<slug:reference>/break-glass/", restricting.break_glass, name="break_glass"),
    path("<slug:reference>/break-glass/<int:pk>/", restricting.glass, name="glass"),
]
