from cases.models.attachments import Attachment
from cases.models.cases import Case, CaseGroupPermission, CaseShare
from cases.models.drafts import ReportDraft
from cases.models.imports import ImportedRow, ImportMapping, ImportRun
from cases.models.people import Person, Place
from cases.models.reports import (
    FurtherInformation,
    Report,
    ReportGroupPermission,
    ReportPerson,
    ReportShare,
    ToldAgency,
)
from cases.models.rules import Category, RepeatRule, RoutingRule, TriageStandard
from cases.models.triage import Contact, ContactAttempt, Decision

__all__ = [
    "Attachment",
    "Case",
    "CaseGroupPermission",
    "CaseShare",
    "Category",
    "Contact",
    "ContactAttempt",
    "Decision",
    "FurtherInformation",
    "ImportMapping",
    "ImportRun",
    "ImportedRow",
    "Person",
    "Place",
    "RepeatRule",
    "Report",
    "ReportDraft",
    "ReportGroupPermission",
    "ReportPerson",
    "ReportShare",
    "RoutingRule",
    "ToldAgency",
    "TriageStandard",
]
