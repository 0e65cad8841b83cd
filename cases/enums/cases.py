from django.db.models import TextChoices


class CaseStatus(TextChoices):
    """Where a case stands."""

    NEW = "new", "New"
    TRIAGE = "triage", "Triage"
    OPEN = "open", "Open - investigating"
    PLAN = "plan", "Action plan"
    ENFORCEMENT = "enforcement", "Enforcement"
    MONITORING = "monitoring", "Monitoring"
    ON_HOLD = "on_hold", "On hold"
    PENDING = "pending", "Pending closure"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"
    REOPENED = "reopened", "Reopened"


ENDED = (CaseStatus.CLOSED, CaseStatus.CANCELLED)
AT_WORK = (
    CaseStatus.OPEN,
    CaseStatus.PLAN,
    CaseStatus.ENFORCEMENT,
    CaseStatus.MONITORING,
    CaseStatus.REOPENED,
)
"""In which somebody works on it. From each of them the work goes on to any other, but never to reopened."""
_WORK_GOES_ON: set[str] = {
    CaseStatus.OPEN,
    CaseStatus.PLAN,
    CaseStatus.ENFORCEMENT,
    CaseStatus.MONITORING,
    CaseStatus.ON_HOLD,
    CaseStatus.PENDING,
    CaseStatus.CLOSED,
    CaseStatus.CANCELLED,
}
CASE_TRANSITIONS: dict[str, set[str]] = {
    CaseStatus.NEW: {CaseStatus.TRIAGE, CaseStatus.OPEN, CaseStatus.ON_HOLD, CaseStatus.CANCELLED},
    CaseStatus.TRIAGE: {CaseStatus.OPEN, CaseStatus.ON_HOLD, CaseStatus.CANCELLED},
    **{status: _WORK_GOES_ON - {status} for status in AT_WORK},
    CaseStatus.ON_HOLD: {CaseStatus.NEW, CaseStatus.TRIAGE, CaseStatus.CANCELLED, *AT_WORK},
    CaseStatus.PENDING: {CaseStatus.CLOSED, *AT_WORK},
    CaseStatus.CLOSED: {CaseStatus.REOPENED},
    CaseStatus.CANCELLED: {
        CaseStatus.NEW,
        CaseStatus.TRIAGE,
        CaseStatus.ON_HOLD,
        CaseStatus.PENDING,
        *AT_WORK,
    },
}
"""A cancelled case goes back to where it was when its merge is undone."""


class ClosureReason(TextChoices):
    EARLY = "early", "Resolved - early intervention"
    FORMAL = "formal", "Resolved - formal action"
    SUPPORT = "support", "Resolved - support or mediation"
    NOT_ASB = "not_asb", "Not anti-social behaviour"
    NO_EVIDENCE = "no_evidence", "Insufficient evidence, or no further lines of enquiry"
    NO_CONTACT = "no_contact", "Complainant disengaged, or no contact"
    WITHDREW = "withdrew", "Complainant withdrew"
    MOVED = "moved", "Somebody moved away"
    REFERRED = "referred", "Referred to another agency"
    DUPLICATE = "duplicate", "Duplicate"
    QUIET = "quiet", "No further reports after monitoring"


class CaseLinkKind(TextChoices):
    PARENT = "parent", "Part of"
    RELATED = "related", "Related to"


class RequestStatus(TextChoices):
    """Of something one partner asks of another: access, or to take a case over."""

    WAITING = "waiting", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


REQUEST_TRANSITIONS: dict[str, set[str]] = {
    RequestStatus.WAITING: {RequestStatus.ACCEPTED, RequestStatus.DECLINED, RequestStatus.WITHDRAWN},
    RequestStatus.ACCEPTED: set(),
    RequestStatus.DECLINED: set(),
    RequestStatus.WITHDRAWN: set(),
}


class AssessmentKind(TextChoices):
    """When risk is scored."""

    INTAKE = "intake", "At the start"
    INCIDENT = "incident", "After a new incident"
    REVIEW = "review", "At a review"
    CLOSING = "closing", "Before closing"


class Audience(TextChoices):
    """Who may see a note, a piece of evidence or an entry in the contact log."""

    TEAM = "team", "Our team and the team that leads the case"
    SHARED = "shared", "Every agency that sees the case in full"
    NAMED = "named", "Only the people named"


class NoteKind(TextChoices):
    """Fact and opinion are kept apart (Data Protection Act 2018, section 38)."""

    FACT = "fact", "Fact"
    OPINION = "opinion", "Opinion or assessment"
    INFORMATION = "information", "What our agency knows"
    DECISION = "decision", "Decision"


class EvidenceKind(TextChoices):
    DIARY = "diary", "Diary sheets"
    NOISE_APP = "noise_app", "Noise app recording"
    RECORDER = "recorder", "Council noise recorder"
    CCTV = "cctv", "CCTV or doorbell"
    PHOTO = "photo", "Photographs"
    STATEMENT = "statement", "Witness statement"
    POLICE_LOG = "police_log", "Police log"
    PROFESSIONAL = "professional", "Professional witness"
    AGENCY = "agency", "Information from another agency"
    OTHER = "other", "Something else"


class ContactWay(TextChoices):
    PHONE = "phone", "Phone"
    VISIT = "visit", "Visit"
    EMAIL = "email", "E-mail"
    LETTER = "letter", "Letter"
    MEETING = "meeting", "Meeting"
    TEXT = "text", "Text message"


class ContactResult(TextChoices):
    SPOKE = "spoke", "We were in contact"
    NO_ANSWER = "no_answer", "No answer"
    WROTE = "wrote", "We wrote"
    THEY_CAME = "they_came", "They contacted us"


class RecordType(TextChoices):
    """What the retention schedule tells apart."""

    CASE = "case", "Case"
    REPORT = "report", "Report without a case"
    IMPORT_FILE = "import_file", "Imported file"
    SUBJECT_ACCESS = "subject_access", "Subject access request"


class DisposalStatus(TextChoices):
    PROPOSED = "proposed", "Waiting for a second person"
    EXTENDED = "extended", "Kept longer"
    DESTROYED = "destroyed", "Destroyed"
    REFUSED = "refused", "Not agreed"


class AccessStatus(TextChoices):
    """Of a subject access request."""

    OPEN = "open", "Being prepared"
    READY = "ready", "Ready to send"
    SENT = "sent", "Sent"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


ACCESS_TRANSITIONS: dict[str, set[str]] = {
    AccessStatus.OPEN: {AccessStatus.READY, AccessStatus.REFUSED, AccessStatus.WITHDRAWN},
    AccessStatus.READY: {AccessStatus.OPEN, AccessStatus.SENT, AccessStatus.WITHDRAWN},
    AccessStatus.SENT: set(),
    AccessStatus.REFUSED: set(),
    AccessStatus.WITHDRAWN: set(),
}


class ReleaseDecision(TextChoices):
    """What happens to one item of a subject access request."""

    UNDECIDED = "undecided", "To decide"
    RELEASE = "release", "Release as it is"
    REDACT = "redact", "Release with parts taken out"
    WITHHOLD = "withhold", "Withhold"


class Exemption(TextChoices):
    """Why something is not released (Data Protection Act 2018, Schedules 2 and 3, and section 45)."""

    THIRD_PARTY = "third_party", "It is about another person (Schedule 2, paragraph 16)"
    CRIME = "crime", "Prevention or detection of crime (Schedule 2, paragraph 2; section 45)"
    SERIOUS_HARM = "serious_harm", "Serious harm to somebody's health (Schedule 3, paragraph 5)"
    PROCEEDINGS = "proceedings", "Legal proceedings or advice (Schedule 2, paragraphs 5 and 19)"
    CHILD_ABUSE = "child_abuse", "Child abuse data (Schedule 3, paragraph 21)"


class ExportFormat(TextChoices):
    CSV = "csv", "CSV, for any spreadsheet or program"
    ODS = "ods", "ODS, for LibreOffice or Excel"
