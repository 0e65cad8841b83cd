from performance.tasks.plans import chase_plan_updates, remind_of_plan_updates, tell_plan_chase
from performance.tasks.police import load_police_upload
from performance.tasks.reports import build_report

__all__ = [
    "build_report",
    "chase_plan_updates",
    "load_police_upload",
    "remind_of_plan_updates",
    "tell_plan_chase",
]
