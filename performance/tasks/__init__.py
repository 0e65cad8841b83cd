from performance.tasks.plans import chase_plan_updates, remind_of_plan_updates

__all__ = ["chase_plan_updates", "remind_of_plan_updates"]
