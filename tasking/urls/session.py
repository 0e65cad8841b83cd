from django.urls import URLPattern, path

from tasking.views import attendance, session, session_desk

urlpatterns: list[URLPattern] = [
    path("<slug:reference>/session/", session.session, name="session"),
    path("<slug:reference>/session/begin/", session.begin, name="session_begin"),
    path("<slug:reference>/session/accept/", session.accept, name="session_accept"),
    path("<slug:reference>/session/state/", session.state, name="session_state"),
    path("<slug:reference>/session/end/", session.session_end, name="session_end"),
    path("<slug:reference>/session/<slug:item>/show/", session.show, name="session_show"),
    path("<slug:reference>/session/<slug:item>/save/", session_desk.save, name="session_save"),
    path("<slug:reference>/session/<slug:item>/action/", session_desk.give, name="session_action"),
    path("<slug:reference>/attendance/", attendance.attendance, name="attendance"),
    path("<slug:reference>/attendance/<int:pk>/accepted/", attendance.accepted, name="attendance_accepted"),
    path("<slug:reference>/attendance/<int:pk>/remove/", attendance.remove, name="attendance_remove"),
]
