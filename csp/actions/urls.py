from django.urls import path

from csp.actions.views import evidence, giving, lists, record, verbs

app_name = "actions"
urlpatterns = [
    path("", lists.action_list, name="list"),
    path("new/", giving.give, name="new"),
    path("<slug:reference>/", record.detail, name="detail"),
    path("<slug:reference>/note/", verbs.note, name="note"),
    path("<slug:reference>/evidence/", evidence.add, name="evidence"),
    path("<slug:reference>/evidence/<int:pk>/", evidence.download, name="file"),
    path("<slug:reference>/person/", verbs.person, name="person"),
    path("<slug:reference>/change/", verbs.change, name="change"),
    path("<slug:reference>/time/", verbs.time, name="time"),
    path("<slug:reference>/cancel/", verbs.cancel, name="cancel"),
    path("<slug:reference>/reopen/", verbs.reopen, name="reopen"),
]
