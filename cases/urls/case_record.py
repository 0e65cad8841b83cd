from django.urls import path

from cases.views import cases

urlpatterns = [path("<slug:reference>/", cases.detail, name="detail")]
