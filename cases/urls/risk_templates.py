from django.urls import path

from cases.views import risk_templates

app_name = "risk_templates"
urlpatterns = [
    path("", risk_templates.template_list, name="list"),
    path("new/", risk_templates.new_version, name="new"),
    path("<int:pk>/", risk_templates.template_detail, name="detail"),
    path("<int:pk>/cancel/", risk_templates.cancel, name="cancel"),
]
