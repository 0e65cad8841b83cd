"""Everything under /cases/, one file per noun. What has a name of its own comes before the references."""

from cases.urls import (
    case_contact,
    case_listing,
    case_notes,
    case_people,
    case_powers,
    case_record,
    case_risk,
    case_sharing,
)

app_name = "cases"
urlpatterns = [
    *case_sharing.registers,
    *case_listing.urlpatterns,
    *case_record.urlpatterns,
    *case_people.urlpatterns,
    *case_risk.urlpatterns,
    *case_powers.urlpatterns,
    *case_notes.urlpatterns,
    *case_contact.urlpatterns,
    *case_sharing.urlpatterns,
]
