from django.urls import path

from csp.actions.views import giving, lists, record, verbs

app_name = "actions"
urlpatterns = [
    path("", lists.action_list, name="list"),
    path("new/", giving.give, name="new"),
    path("<str:reference>/", record.detail, name="detail"),
    path("<str:reference>/note/", verbs.note, name="note"),
    path("<str:reference>/person/", verbs.person, name="person"),
    path("<str:reference>/change/", verbs.change, name="change"),
    path("<str:reference>/time/", verbs.time, name="time"),
    path("<str:reference>/cancel/", verbs.cancel, name="cancel"),
    path("<str:reference>/reopen/", verbs.reopen, name="reopen"),
]
