from django.urls import URLPattern, path

from tasking.views import case_meetings, referral_decisions, referrals

urlpatterns: list[URLPattern] = [
    path("refer/", referrals.refer_case, name="refer_case"),
    path("case/<slug:reference>/", case_meetings.of_case, name="of_case"),
    path("referrals/<int:pk>/", referrals.referral, name="referral"),
    path("referrals/<int:pk>/accept/", referral_decisions.accept, name="referral_accept"),
    path("referrals/<int:pk>/defer/", referral_decisions.defer, name="referral_defer"),
    path("referrals/<int:pk>/decline/", referral_decisions.decline, name="referral_decline"),
    path("referrals/<int:pk>/withdraw/", referral_decisions.withdraw, name="referral_withdraw"),
    path("<slug:reference>/refer/", referrals.refer, name="refer"),
    path("<slug:reference>/referrals/", referrals.referrals, name="referrals"),
]
