from django.urls import path, re_path

from cases.views import retention, subject_access

app_name = "records"
urlpatterns = [
    path("", retention.retention_queue, name="retention"),
    path("hold/", retention.hold, name="hold"),
    path("holds/<int:pk>/lift/", retention.lift, name="lift"),
    path("subject-access/", subject_access.access_list, name="access_list"),
    path("subject-access/new/", subject_access.access_new, name="access_new"),
    path("subject-access/<int:pk>/", subject_access.access_detail, name="access"),
    path("subject-access/<int:pk>/answer.pdf", subject_access.access_answer, name="access_answer"),
    path("subject-access/<int:pk>/<int:position>/", subject_access.access_item, name="access_item"),
    re_path(
        rf"^subject-access/(?P<pk>\d+)/(?P<verb>{'|'.join(subject_access.VERBS)})/$",
        subject_access.access_verb,
        name="access_verb",
    ),
]
