from django.urls import path

from csp.agencies.views import account, session

app_name = "agencies"
urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/details/", account.details, name="details"),
    path("account/second-step/", account.second_step, name="second_step"),
    path("account/sign-out-elsewhere/", account.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/kept/", account.kept, name="kept"),
    path("account/kept/throw-away/", account.throw_away, name="throw_away"),
    path("invitation/<str:token>/", account.invitation, name="invitation"),
    path("partnership/", session.switch, name="switch"),
    path("stay/", session.stay, name="stay"),
]
