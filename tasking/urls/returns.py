from django.urls import URLPattern, path

from tasking.views import return_overview, returns

urlpatterns: list[URLPattern] = [
    path("<slug:reference>/return/", returns.page, name="return"),
    path("<slug:reference>/return/save/", returns.save, name="return_save"),
    path("<slug:reference>/return/send/", returns.send, name="return_send"),
    path("<slug:reference>/return/nothing/", returns.nothing, name="return_nothing"),
    path("<slug:reference>/returns/", return_overview.overview, name="returns"),
    path("<slug:reference>/returns/chase/", return_overview.chase, name="returns_chase"),
]
