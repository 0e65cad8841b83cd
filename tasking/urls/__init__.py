"""Addresses that begin with a word come before those that begin with a meeting's reference."""

from tasking.urls import (
    actions,
    agenda,
    measures,
    meetings,
    minutes,
    papers,
    referrals,
    returns,
    series,
    session,
)

app_name = "meetings"
urlpatterns = [
    *series.urlpatterns,
    *referrals.urlpatterns,
    *agenda.urlpatterns,
    *actions.urlpatterns,
    *measures.urlpatterns,
    *returns.urlpatterns,
    *papers.urlpatterns,
    *session.urlpatterns,
    *minutes.urlpatterns,
    *meetings.urlpatterns,
]
