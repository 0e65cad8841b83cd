from django.urls import URLPattern, path

from tasking.views import calendar, meeting_change, planning, series

urlpatterns: list[URLPattern] = [
    path("series/", series.series_list, name="series_list"),
    path("series/new/", series.series_new, name="series_new"),
    path("series/<int:pk>/", series.series, name="series"),
    path("series/<int:pk>/edit/", series.series_edit, name="series_edit"),
    path("series/<int:pk>/end/", series.series_end, name="series_end"),
    path("series/<int:pk>/plan/", planning.series_plan, name="series_plan"),
    path("calendar/", calendar.month, name="calendar"),
    path("calendar/feed/", calendar.feed, name="feed"),
    path("calendar/<slug:token>.ics", calendar.feed_ics, name="feed_ics"),
    path("<slug:reference>/change/", meeting_change.change, name="meeting_change"),
    path("<slug:reference>/cancel/", meeting_change.cancel, name="meeting_cancel"),
    path("<slug:reference>/invite/", meeting_change.invite, name="meeting_invite"),
    path("<slug:reference>/uninvite/<int:partner>/", meeting_change.uninvite, name="meeting_uninvite"),
    path("<slug:reference>/agenda/open/", meeting_change.open_agenda, name="open_agenda"),
]
