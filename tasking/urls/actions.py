from django.urls import URLPattern, path

from tasking.views import action_board, actions, escalation

urlpatterns: list[URLPattern] = [
    path("actions/", action_board.board, name="action_board"),
    path("actions/<slug:reference>/escalate/", escalation.escalate, name="escalate"),
    path("<slug:reference>/actions/", actions.actions, name="actions"),
]
