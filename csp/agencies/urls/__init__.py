from django.urls import path

from csp.agencies.views import account, session, user_verbs, users

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
    path("agencies/users/", users.user_list, name="users"),
    path("agencies/users/invite/", users.invite, name="invite"),
    path("agencies/users/<int:pk>/", users.user_detail, name="user"),
    path("agencies/users/<int:pk>/roles/add/", users.add_role, name="add_role"),
    path("agencies/users/<int:pk>/invite-again/", user_verbs.invite_again, name="invite_again"),
    path("agencies/users/<int:pk>/<slug:verb>/", user_verbs.account_verb, name="account_verb"),
    path("agencies/roles/<int:pk>/change/", users.change_role, name="change_role"),
    path("agencies/roles/<int:pk>/end/", users.end_role, name="end_role"),
]
