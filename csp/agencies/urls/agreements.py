"""The register of information-sharing agreements, at /agreements/."""

from django.urls import path

from csp.agencies.views import agreements

app_name = "agreements"
urlpatterns = [
    path("", agreements.agreement_list, name="list"),
    path("new/", agreements.add_agreement, name="add"),
    path("<int:pk>/", agreements.agreement_detail, name="detail"),
    path("<int:pk>/change/", agreements.change_agreement, name="change"),
    path("<int:pk>/end/", agreements.end_agreement, name="end"),
    path("<int:pk>/signatures/add/", agreements.sign, name="sign"),
    path("<int:pk>/signatures/<int:signature>/remove/", agreements.take_signature_back, name="unsign"),
]
