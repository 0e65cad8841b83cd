from django.urls import path

from cases.views import cases

urlpatterns = [path("", cases.case_list, name="list")]
