from performance.models.indicators import Indicator, IndicatorValue
from performance.models.plans import (
    Plan,
    PlanAction,
    PlanChase,
    PlanFigure,
    PlanIndicator,
    PlanMeasure,
    PlanUpdate,
    PlanUpdateFile,
    Priority,
)
from performance.models.police import PoliceFile, PoliceIncident, PoliceUpload
from performance.models.reports import CaseStudy, PerformanceReport, ReportComment, ReportSection

__all__ = [
    "CaseStudy",
    "Indicator",
    "IndicatorValue",
    "PerformanceReport",
    "Plan",
    "PlanAction",
    "PlanChase",
    "PlanFigure",
    "PlanIndicator",
    "PlanMeasure",
    "PlanUpdate",
    "PlanUpdateFile",
    "PoliceFile",
    "PoliceIncident",
    "PoliceUpload",
    "Priority",
    "ReportComment",
    "ReportSection",
]
