from performance.tasks.plans import chase_plan_updates, remind_of_plan_updates
from performance.tasks.police import load_police_upload

__all__ = ["chase_plan_updates", "load_police_upload", "remind_of_plan_updates"]
