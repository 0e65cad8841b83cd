from typing import Self

from django.db import models
from django.db.models import Q

from csp.actions.models import Action
from csp.agencies.models import User
from tasking.models.agenda import AgendaItem
from tasking.models.meetings import MeetingPartner


class ReturnDraftQuerySet(models.QuerySet["ReturnDraft"]):
    def visible_to(self, user: User) -> Self:
        """Of the user's own agency, about what they may see themselves. Nobody else sees what is not sent."""
        items, actions = AgendaItem.objects.visible_to(user), Action.objects.visible_to(user)
        mine = self.filter(seat__partner__in=user.partner_ids)
        return mine.filter(Q(item__in=items) | Q(action__in=actions))


class ReturnDraft(models.Model):
    """What an agency typed about one item or action of its return, and has not sent. It is kept as typed.

    What is sent goes to `ItemAnswer`, or is answered to who asked for the action, and the draft is gone.
    """

    seat = models.ForeignKey(MeetingPartner, models.CASCADE, related_name="drafts")
    item = models.ForeignKey(AgendaItem, models.CASCADE, null=True, blank=True, related_name="drafts")
    action = models.ForeignKey(Action, models.CASCADE, null=True, blank=True, related_name="+")
    typed = models.JSONField()
    """By the name of the box."""
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects = ReturnDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "item"], name="return_draft_of_item_once"),
            models.UniqueConstraint(fields=["seat", "action"], name="return_draft_of_action_once"),
            models.CheckConstraint(
                name="return_draft_about_one_thing",
                condition=Q(item=None, action__isnull=False) | Q(item__isnull=False, action=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.item or self.action}"
