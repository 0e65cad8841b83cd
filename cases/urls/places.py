from django.urls import path

from cases.views import people

app_name = "places"
urlpatterns = [
    path("", people.places, name="search"),
    path("<int:pk>/", people.place, name="detail"),
]
