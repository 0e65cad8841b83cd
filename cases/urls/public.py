from django.urls import path

from cases.views import public

app_name = "public"
urlpatterns = [
    path("", public.start, name="start"),
    path("progress/", public.progress, name="progress"),
    path("leave/", public.leave, name="leave"),
    path("follow/<str:token>/", public.follow, name="follow"),
    path("<slug:slug>/", public.start, name="start_in"),
    path("<slug:slug>/sent/", public.sent, name="sent"),
    path("<slug:slug>/<str:step>/", public.ReportWizard.as_view(url_name="public:question"), name="question"),
]
