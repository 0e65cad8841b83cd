from django.urls import path

from csp.core import views

app_name = "core"

urlpatterns = [
    path("<uuid:pk>/", views.progress_page, name="progress"),
    path("<uuid:pk>/state/", views.progress_state, name="progress_state"),
    path("<uuid:pk>/retry/", views.progress_retry, name="progress_retry"),
]
