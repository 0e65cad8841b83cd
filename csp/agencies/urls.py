from django.urls import path

from csp.agencies.views import account, session

app_name = "agencies"
urlpatterns = [
    path("account/", account.account, name="account"),
    path("partnership/", session.switch, name="switch"),
    path("stay/", session.stay, name="stay"),
]
