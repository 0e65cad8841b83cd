from django.urls import path

from cases.views import people

app_name = "people"
urlpatterns = [
    path("", people.search, name="search"),
    path("suggest/<slug:by>/", people.suggest, name="suggest"),
    path("<int:pk>/", people.person, name="detail"),
]
