from django.urls import path

from cases.views import case_people

urlpatterns = [
    path("<slug:reference>/people/", case_people.people, name="people"),
    path("<slug:reference>/people/add/", case_people.add, name="person_add"),
    path("<slug:reference>/people/<int:pk>/role/", case_people.change_role, name="person_role"),
    path("<slug:reference>/people/<int:pk>/remove/", case_people.remove, name="person_remove"),
]
