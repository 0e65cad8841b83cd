from django.urls import path

from cases.views import evidence, notes, timeline

urlpatterns = [
    path("<slug:reference>/evidence/", evidence.evidence_and_notes, name="evidence"),
    path("<slug:reference>/evidence/add/", evidence.add, name="evidence_add"),
    path("<slug:reference>/evidence/<int:pk>/", evidence.correct, name="evidence_correct"),
    path("<slug:reference>/evidence/files/<int:pk>/", evidence.download, name="evidence_file"),
    path("<slug:reference>/notes/add/", notes.add, name="note_add"),
    path("<slug:reference>/notes/<int:pk>/", notes.edit, name="note_edit"),
    path("<slug:reference>/notes/<int:pk>/correct/", notes.correct, name="note_correct"),
    path("<slug:reference>/timeline/", timeline.timeline, name="timeline"),
    path("<slug:reference>/timeline.pdf", timeline.pdf, name="timeline_pdf"),
]
