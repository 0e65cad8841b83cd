from django.urls import URLPattern, path

from performance.views import plan_actions, plan_page, plan_updates, plans

urlpatterns: list[URLPattern] = [
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/<int:pk>/", plan_page.plan, name="plan"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/priorities/new/", plans.priority_new, name="priority_new"),
    path("plans/<int:pk>/actions/new/", plan_actions.plan_action_new, name="plan_action_new"),
    path("plan-priorities/<int:pk>/edit/", plans.priority_edit, name="priority_edit"),
    path("plan-actions/<int:pk>/", plan_actions.plan_action, name="plan_action"),
    path("plan-actions/<int:pk>/download/", plan_actions.plan_action_download, name="plan_action_download"),
    path("plan-actions/<int:pk>/edit/", plan_actions.plan_action_edit, name="plan_action_edit"),
    path("plan-actions/<int:pk>/updates/<slug:quarter>/", plan_updates.plan_update, name="plan_update"),
    path("plan-update-files/<int:pk>/", plan_updates.plan_update_file, name="plan_update_file"),
]
