from csp.core.models.clocked import CLOCK_FIELDS, Clocked, ClockedQuerySet, ClockReading
from csp.core.models.counter import Counter
from csp.core.models.long_task import LongTask, LongTaskQuerySet
from csp.core.models.stored_file import StoredFile
from csp.core.models.workflow import Workflow

__all__ = [
    "CLOCK_FIELDS",
    "ClockReading",
    "Clocked",
    "ClockedQuerySet",
    "Counter",
    "LongTask",
    "LongTaskQuerySet",
    "StoredFile",
    "Workflow",
]
