from django.urls import URLPattern, path

from tasking.views import minutes

urlpatterns: list[URLPattern] = [
    path("items/<slug:reference>/minute/", minutes.edit, name="minute_edit"),
    path("<slug:reference>/minutes/", minutes.minutes, name="minutes"),
    path("<slug:reference>/minutes/opening/", minutes.opening, name="minutes_opening"),
    path("<slug:reference>/minutes/approve/", minutes.approve, name="minutes_approve"),
]
