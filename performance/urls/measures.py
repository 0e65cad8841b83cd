from django.urls import URLPattern, path

from performance.views import measures

urlpatterns: list[URLPattern] = [
    path("", measures.dashboard, name="dashboard"),
]
