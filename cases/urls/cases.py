from django.urls import path

from cases.views import cases

app_name = "cases"
urlpatterns = [
    path("", cases.case_list, name="list"),
    path("<slug:reference>/", cases.detail, name="detail"),
]
