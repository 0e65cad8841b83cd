from django.urls import path

from cases.views import dash, problem, risk

urlpatterns = [
    path("<slug:reference>/risk/", risk.risk_page, name="risk"),
    path("<slug:reference>/risk/<int:pk>/", risk.assess, name="assess"),
    path("<slug:reference>/risk/<int:pk>/dash/", dash.add_dash, name="add_dash"),
    path("<slug:reference>/risk/scored/<int:pk>/", risk.assessment, name="assessment"),
    path("<slug:reference>/risk/scored/<int:pk>/refer/", risk.refer, name="refer_risk"),
    path("<slug:reference>/problem/", problem.sheet, name="problem"),
    path("<slug:reference>/problem/edit/", problem.edit, name="edit_problem"),
]
