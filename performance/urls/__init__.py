from django.urls import URLPattern

from performance.urls import measures

app_name = "performance"
urlpatterns: list[URLPattern] = [
    *measures.urlpatterns,
]
