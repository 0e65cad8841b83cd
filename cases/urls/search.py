from django.urls import path

from cases.views import search

app_name = "search"
urlpatterns = [path("", search.everything, name="everything")]
