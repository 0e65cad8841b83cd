from cases.models.attachments import (
    Attachment,
)
from cases.models.case_links import (
    AccessRequest,
    CaseLink,
    CaseMerge,
    CasePerson,
    CaseReference,
    HandOver,
)
from cases.models.cases import (
    Case,
    CaseGroupPermission,
    CaseNamed,
    CaseShare,
)
from cases.models.closures import (
    Closure,
)
from cases.models.drafts import (
    ReportDraft,
)
from cases.models.exports import (
    ExportFile,
)
from cases.models.imports import (
    ImportedRow,
    ImportMapping,
    ImportRun,
)
from cases.models.interventions import (
    Intervention,
    InterventionBreach,
    InterventionCondition,
    PowerRule,
)
from cases.models.kept_counts import KeptCount
from cases.models.notes import (
    CaseContact,
    Evidence,
    EvidenceFile,
    Note,
    ProblemSheet,
)
from cases.models.people import (
    Alias,
    Person,
    PersonMerge,
    Place,
)
from cases.models.reports import (
    FurtherInformation,
    Report,
    ReportGroupPermission,
    ReportPerson,
    ReportShare,
    ToldAgency,
)
from cases.models.retention import (
    Disposal,
    LegalHold,
    RetentionRule,
    Tombstone,
)
from cases.models.risk import (
    MARAC_TICKS,
    DashAssessment,
    RiskAnswer,
    RiskAssessment,
    RiskNotice,
    RiskOption,
    RiskQuestion,
    RiskTemplate,
)
from cases.models.rules import (
    CaseOutcome,
    CaseStandard,
    Category,
    NoContactRule,
    RepeatRule,
    RoutingRule,
    TriageStandard,
)
from cases.models.subject_access import (
    SubjectAccess,
    SubjectAccessItem,
)
from cases.models.triage import (
    Contact,
    ContactAttempt,
    Decision,
)

__all__ = [
    "MARAC_TICKS",
    "AccessRequest",
    "Alias",
    "Attachment",
    "Case",
    "CaseContact",
    "CaseGroupPermission",
    "CaseLink",
    "CaseMerge",
    "CaseNamed",
    "CaseOutcome",
    "CasePerson",
    "CaseReference",
    "CaseShare",
    "CaseStandard",
    "Category",
    "Closure",
    "Contact",
    "ContactAttempt",
    "DashAssessment",
    "Decision",
    "Disposal",
    "Evidence",
    "EvidenceFile",
    "ExportFile",
    "FurtherInformation",
    "HandOver",
    "ImportMapping",
    "ImportRun",
    "ImportedRow",
    "Intervention",
    "InterventionBreach",
    "InterventionCondition",
    "KeptCount",
    "LegalHold",
    "NoContactRule",
    "Note",
    "Person",
    "PersonMerge",
    "Place",
    "PowerRule",
    "ProblemSheet",
    "RepeatRule",
    "Report",
    "ReportDraft",
    "ReportGroupPermission",
    "ReportPerson",
    "ReportShare",
    "RetentionRule",
    "RiskAnswer",
    "RiskAssessment",
    "RiskNotice",
    "RiskOption",
    "RiskQuestion",
    "RiskTemplate",
    "RoutingRule",
    "SubjectAccess",
    "SubjectAccessItem",
    "ToldAgency",
    "Tombstone",
    "TriageStandard",
]
