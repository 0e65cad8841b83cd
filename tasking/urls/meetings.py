from django.urls import URLPattern, path

from tasking.views import meetings

urlpatterns: list[URLPattern] = [
    path("", meetings.meeting_list, name="list"),
    path("<slug:reference>/", meetings.detail, name="detail"),
]
