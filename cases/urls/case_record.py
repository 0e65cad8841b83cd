from django.urls import path

from cases.views import case_edit, case_links, case_merge, case_record, case_status, hand_overs

urlpatterns = [
    path("hand-overs/<int:pk>/", hand_overs.hand_over, name="hand_over"),
    path("<slug:reference>/", case_record.detail, name="detail"),
    path("<slug:reference>/actions/", case_record.actions, name="actions"),
    path("<slug:reference>/edit/", case_edit.edit, name="edit"),
    path("<slug:reference>/reference/", case_edit.reference, name="reference"),
    path("<slug:reference>/move/", case_status.move, name="move"),
    path("<slug:reference>/hold/", case_status.hold, name="hold"),
    path("<slug:reference>/release/", case_status.release, name="release"),
    path("<slug:reference>/assign/", case_status.assign, name="assign"),
    path("<slug:reference>/take/", case_status.take, name="take"),
    path("<slug:reference>/cancel/", case_status.cancel, name="cancel"),
    path("<slug:reference>/hand-over/", hand_overs.ask, name="hand_over_ask"),
    path("<slug:reference>/hand-over/<int:pk>/withdraw/", hand_overs.withdraw, name="hand_over_withdraw"),
    path("<slug:reference>/link/", case_links.link, name="link"),
    path("<slug:reference>/links/<int:pk>/unlink/", case_links.unlink, name="unlink"),
    path("<slug:reference>/merge/", case_merge.choose, name="merge"),
    path("<slug:reference>/merge/<slug:other>/", case_merge.confirm, name="merge_confirm"),
    path("<slug:reference>/merges/<int:pk>/undo/", case_merge.undo, name="merge_undo"),
]
