from django.db.models import IntegerChoices, TextChoices


class Channel(TextChoices):
    """How a report came in."""

    PHONE = "phone", "Phone"
    ONLINE = "online", "Online form"
    EMAIL = "email", "E-mail"
    PAPER = "paper", "Letter or paper form"
    IN_PERSON = "in_person", "In person"
    PARTNER = "partner", "Partner agency"
    IMPORT = "import", "Imported"


class CallerKind(TextChoices):
    PERSON = "person", "The person affected or a witness"
    BEHALF = "behalf", "Someone calling for another person"
    ANONYMOUS = "anonymous", "Anonymous"
    AGENCY = "agency", "An agency"


class PersonConsent(TextChoices):
    """Has the person affected agreed that somebody else reports for them?"""

    GIVEN = "given", "Yes, they agreed"
    NOT_ASKED = "not_asked", "Not asked yet"
    CANNOT = "cannot", "They cannot agree for themselves"


class WhenKind(TextChoices):
    ONCE = "once", "It happened once"
    SPAN = "span", "It went on between two times"
    REPEATING = "repeating", "It keeps happening"


class Precision(TextChoices):
    TIME = "time", "Day and time"
    DAY = "day", "Day only"
    MONTH = "month", "Month only"
    UNKNOWN = "unknown", "Not known"


class Risk(IntegerChoices):
    STANDARD = 1, "Standard risk"
    MEDIUM = 2, "Medium risk"
    HIGH = 3, "High risk"


class Effect(IntegerChoices):
    """How the caller says it affects them."""

    NOT = 0, "Not at all"
    LITTLE = 1, "A little"
    MODERATE = 2, "Moderately"
    LOT = 3, "A lot"
    EXTREME = 4, "Extremely"


class HateStrand(TextChoices):
    RACE = "race", "Race or ethnicity"
    FAITH = "faith", "Religion or belief"
    ORIENTATION = "orientation", "Sexual orientation"
    DISABILITY = "disability", "Disability"
    TRANSGENDER = "transgender", "Transgender identity"
    OTHER = "other", "Something else about who they are"


class Qualifier(TextChoices):
    """National Standard for Incident Recording. Labels are local, codes are not."""

    PERSONAL = "personal", "Personal"
    NUISANCE = "nuisance", "Nuisance"
    ENVIRONMENTAL = "environmental", "Environmental"


class LinkRole(TextChoices):
    """What a person is in one report or case. The same person may be a victim here and a subject there."""

    COMPLAINANT = "complainant", "Complainant"
    VICTIM = "victim", "Victim"
    WITNESS = "witness", "Witness"
    SUBJECT = "subject", "Subject"
    CHILD = "child", "Child"
    PROFESSIONAL = "professional", "Professional"
    REPRESENTATIVE = "representative", "Calls for someone else"


AFFECTED_ROLES = (LinkRole.COMPLAINANT, LinkRole.VICTIM, LinkRole.CHILD)


class Vulnerability(TextChoices):
    """Three kinds: of the person, of their situation, of the incident."""

    PERSONAL = "personal", "Health, disability, age or another personal circumstance"
    SITUATIONAL = "situational", "Lives alone, isolated, or near the subject"
    INCIDENTAL = "incidental", "Targeted again and again, or because of who they are"


class ContactMethod(TextChoices):
    PHONE = "phone", "Phone"
    EMAIL = "email", "E-mail"
    LETTER = "letter", "Letter"
    NONE = "none", "Do not contact"


class ReportStatus(TextChoices):
    NEW = "new", "Awaiting triage"
    CASE_OPENED = "case_opened", "Case opened"
    JOINED = "joined", "Joined to an open case"
    REFERRED = "referred", "Referred to an agency"
    ADVICE = "advice", "Advice given"
    NOT_ASB = "not_asb", "Not anti-social behaviour"
    DUPLICATE = "duplicate", "Duplicate"
    RECORDED = "recorded", "Recorded, nothing to triage"


DECIDED = tuple(status for status in ReportStatus if status != ReportStatus.NEW)
TRIAGED = tuple(status for status in DECIDED if status != ReportStatus.RECORDED)
REPORT_TRANSITIONS: dict[str, set[str]] = {
    ReportStatus.NEW: set(DECIDED),
    **{status: {ReportStatus.NEW} for status in DECIDED},
}


class RepeatScope(TextChoices):
    PERSON = "person", "The same person reports or is affected"
    SUBJECT = "subject", "The same subject is reported"
    PLACE = "place", "The same place is reported"


class RepeatEffect(TextChoices):
    FLAG = "flag", "Mark as repeat and raise the risk"
    CASE_REVIEW_NOTICE = "case_review_notice", "Tell the victim about the ASB Case Review"


class ContactKind(TextChoices):
    """What the caller is told."""

    RECEIVED = "received", "That we received it"
    DECISION = "decision", "What was decided"
    CASE_REVIEW = "case_review", "The right to an ASB Case Review"
    CASE_OPENED = "case_opened", "That we opened a case"
    UPDATE = "update", "What has been done"
    CLOSURE = "closure", "That the case is closed, and why"


class ContactStatus(TextChoices):
    QUEUED = "queued", "Waiting to be sent"
    SENT = "sent", "Sent"
    TO_DO = "to_do", "To do"
    DONE = "done", "Done"
    FAILED = "failed", "Not delivered"
    WITHDRAWN = "withdrawn", "Withdrawn"


CONTACT_TRANSITIONS: dict[str, set[str]] = {
    ContactStatus.QUEUED: {ContactStatus.SENT, ContactStatus.FAILED, ContactStatus.WITHDRAWN},
    ContactStatus.SENT: set(),
    ContactStatus.TO_DO: {ContactStatus.DONE, ContactStatus.FAILED, ContactStatus.WITHDRAWN},
    ContactStatus.DONE: set(),
    ContactStatus.FAILED: {ContactStatus.QUEUED, ContactStatus.WITHDRAWN},
    ContactStatus.WITHDRAWN: set(),
}
UNTOLD = (ContactStatus.QUEUED, ContactStatus.TO_DO, ContactStatus.FAILED)


class ImportState(TextChoices):
    MAPPING = "mapping", "Choosing columns"
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    CHECKED = "checked", "Checked, nothing written"
    DONE = "done", "Done"
    FAILED = "failed", "Stopped"
