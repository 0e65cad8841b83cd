from django.urls import path

from cases.views import people, person_edit, person_merges

app_name = "people"
urlpatterns = [
    path("", people.search, name="search"),
    path("suggest/<slug:by>/", people.suggest, name="suggest"),
    path("duplicates/", person_merges.duplicates, name="duplicates"),
    path("merges/<int:pk>/undo/", person_merges.unmerge, name="unmerge"),
    path("<int:pk>/", people.person, name="detail"),
    path("<int:pk>/edit/", person_edit.edit, name="edit"),
    path("<int:pk>/merge/<int:other>/", person_merges.merge, name="merge"),
]
