from django.urls import path

from cases.views import attachments, information, log, referrals, report_detail, report_edit

app_name = "reports"
urlpatterns = [
    path("new/", log.new, name="new"),
    path("known/", log.known, name="known"),
    path("drafts/save/", log.draft_save, name="draft_save"),
    path("drafts/<int:pk>/discard/", log.draft_discard, name="draft_discard"),
    path("refer/", referrals.refer, name="refer"),
    path("referrals/", referrals.referrals, name="referrals"),
    path("<slug:reference>/", report_detail.detail, name="detail"),
    path("<slug:reference>/edit/", report_edit.edit, name="edit"),
    path("<slug:reference>/information/", information.add, name="add_information"),
    path("<slug:reference>/files/<int:pk>/", attachments.download, name="file"),
    path("<slug:reference>/people/", report_edit.add_person, name="add_person"),
    path("<slug:reference>/people/<int:pk>/remove/", report_edit.remove_person, name="remove_person"),
]
