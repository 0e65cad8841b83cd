from django.db.models import IntegerChoices, TextChoices


class Role(TextChoices):
    OFFICER = "officer", "Community safety officer"
    MANAGER = "manager", "Manager"
    PRACTITIONER = "practitioner", "Partner practitioner"
    AGENCY_LEAD = "agency_lead", "Agency lead"
    PROVIDER = "provider", "Funded provider"
    BOARD = "board", "Board or scrutiny member"
    AUDITOR = "auditor", "Auditor or data protection officer"
    ADMINISTRATOR = "administrator", "Administrator"


CASEWORK_ROLES = frozenset({Role.OFFICER, Role.MANAGER, Role.PRACTITIONER, Role.AGENCY_LEAD})
"""Only these roles put a user in the partner's group, and so near casework."""


TEAM_ROLES = frozenset({Role.PRACTITIONER, Role.AGENCY_LEAD, Role.PROVIDER})
"""What an agency lead or a manager may give to people at their own partner."""
GIVABLE_ROLES: dict[Role, frozenset[Role]] = {
    Role.AGENCY_LEAD: TEAM_ROLES,
    Role.MANAGER: TEAM_ROLES,
    Role.ADMINISTRATOR: frozenset(Role),
}
"""Who may give which role. Nobody may give one to themselves."""


class TermKey(TextChoices):
    """Things that partnerships name differently, with their usual name."""

    CASE_REVIEW = "case_review", "ASB Case Review"
    HOMICIDE_REVIEW = "homicide_review", "Domestic Homicide Review"
    TASKING_MEETING = "tasking_meeting", "Joint Tasking Meeting"
    ASB = "asb", "Anti-social behaviour"
    NUISANCE = "nuisance", "Nuisance"


class AgencyKind(TextChoices):
    DISTRICT_COUNCIL = "district_council", "District council"
    COUNTY_COUNCIL = "county_council", "County council"
    UNITARY_COUNCIL = "unitary_council", "Unitary council"
    POLICE = "police", "Police"
    REGISTERED_PROVIDER = "registered_provider", "Social housing provider"
    HEALTH = "health", "Health"
    SOCIAL_CARE = "social_care", "Social care"
    FIRE = "fire", "Fire and rescue"
    PROBATION = "probation", "Probation"
    PCC = "pcc", "Police and crime commissioner"
    VOLUNTARY = "voluntary", "Voluntary or community organisation"
    OTHER = "other", "Other"


class AreaKind(TextChoices):
    PARTNERSHIP = "partnership", "Partnership"
    DISTRICT = "district", "District"
    LOCAL_AREA = "local_area", "Local area"
    WARD = "ward", "Ward"
    PARISH = "parish", "Parish"
    PLACE = "place", "Place"


class ShareLevel(IntegerChoices):
    """What a share opens. Each level holds all that the level before it does."""

    EXISTENCE = 1, "Existence only"
    SUMMARY = 2, "Summary"
    FULL = 3, "Full"
    CONTRIBUTE = 4, "Full, and may add to it"


class Gateway(TextChoices):
    """The law that allows a disclosure (Crime and Disorder Act 1998, Data Protection Act 2018, UK GDPR)."""

    CDA_115 = "cda_115", "Crime and Disorder Act 1998, section 115"
    CONSENT = "consent", "Consent of the person"
    SAFEGUARDING = "safeguarding", "Safeguarding children or adults at risk (DPA 2018, Schedule 1)"
    VITAL_INTERESTS = "vital", "Vital interests: danger to life"
    LAW_ENFORCEMENT = "law_enforcement", "Law enforcement purposes (DPA 2018, Part 3)"
    ASB_2014 = "asb_2014", "Anti-social Behaviour, Crime and Policing Act 2014, Schedule 4 (case review)"
    PUBLIC_TASK = "public_task", "Public task (UK GDPR article 6(1)(e))"


class Consent(TextChoices):
    GIVEN = "given", "Consent given"
    NOT_SOUGHT = "not_sought", "Not asked for, because asking would add to the risk or defeat the purpose"
    NOT_NEEDED = "not_needed", "Not needed for this gateway"
    REFUSED = "refused", "Refused, and overridden for the reason given"


class YearStart(IntegerChoices):
    CALENDAR = 1, "January"
    FINANCIAL = 4, "April"
