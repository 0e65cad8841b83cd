from cases.filters.case_list import CaseList
from cases.filters.queue import QueueChoices, ReportFilter

__all__ = ["CaseList", "QueueChoices", "ReportFilter"]
