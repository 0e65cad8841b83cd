from django.urls import URLPattern, path

from tasking.views import papers

urlpatterns: list[URLPattern] = [
    path("<slug:reference>/papers/", papers.packs, name="packs"),
    path("<slug:reference>/papers/send/", papers.send_papers, name="send_papers"),
    path("<slug:reference>/papers/make/<int:partner>/", papers.build, name="pack_build"),
    path("<slug:reference>/papers/<int:pk>/", papers.pack, name="pack"),
    path("<slug:reference>/minutes/pdf/", papers.minutes_pdf, name="minutes_pdf"),
]
