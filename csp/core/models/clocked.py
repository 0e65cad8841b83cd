import datetime as dt
from dataclasses import dataclass
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from csp.core.clock_words import in_words
from csp.core.clocks import (
    THREE_QUARTERS,
    Amber,
    BreachReasonNeeded,
    Clock,
    ClockMisused,
    ClockState,
    Unit,
)

M = TypeVar("M", bound=models.Model, covariant=True)

CLOCK_FIELDS = (
    "clock_started_at",
    "clock_due_at",
    "clock_amber_at",
    "clock_paused_at",
    "clock_stopped_at",
    "clock_breach_reason",
    "clock_unit",
)


@dataclass(frozen=True)
class ClockReading:
    """What a page shows of a clock at one moment."""

    state: ClockState
    words: str
    due_at: dt.datetime


class ClockedQuerySet(models.QuerySet[M]):
    """Questions about clocks. `at` is passed in, so one page and one report mean one moment."""

    def running(self) -> Self:
        return self.filter(clock_due_at__isnull=False, clock_paused_at=None, clock_stopped_at=None)

    def amber(self, at: dt.datetime) -> Self:
        """Due soon and not late yet."""
        return self.running().filter(clock_amber_at__lte=at, clock_due_at__gte=at)

    def late(self, at: dt.datetime) -> Self:
        return self.running().filter(clock_due_at__lt=at)

    def paused(self) -> Self:
        return self.filter(clock_paused_at__isnull=False)

    def stopped_late(self) -> Self:
        return self.filter(clock_stopped_at__gt=F("clock_due_at"))


class Clocked(models.Model):
    """A record with a limit. A subclass with a Meta of its own inherits `Clocked.Meta` and keeps its
    constraints.

    The methods change the record and leave saving to the service: `save(update_fields=[…, *CLOCK_FIELDS])`.
    """

    clock_started_at = models.DateTimeField(null=True, blank=True, editable=False)
    clock_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    clock_amber_at = models.DateTimeField(null=True, blank=True, editable=False)
    clock_paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    clock_stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    clock_breach_reason = models.TextField(blank=True, editable=False)
    clock_unit = models.CharField(max_length=16, choices=Unit, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_clock_whole_or_none",
                condition=Q(
                    clock_started_at=None,
                    clock_due_at=None,
                    clock_amber_at=None,
                    clock_paused_at=None,
                    clock_stopped_at=None,
                    clock_breach_reason="",
                    clock_unit="",
                )
                | Q(
                    clock_started_at__isnull=False,
                    clock_due_at__isnull=False,
                    clock_amber_at__isnull=False,
                    clock_unit__in=Unit.values,
                ),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_clock_in_order",
                condition=Q(clock_due_at=None)
                | Q(clock_amber_at__gte=F("clock_started_at"), clock_due_at__gte=F("clock_amber_at")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_clock_paused_or_stopped",
                condition=Q(clock_paused_at=None, clock_stopped_at=None)
                | Q(clock_paused_at__gte=F("clock_started_at"), clock_stopped_at=None)
                | Q(clock_paused_at=None, clock_stopped_at__gte=F("clock_started_at")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_clock_late_has_reason",
                condition=Q(clock_stopped_at=None)
                | Q(clock_stopped_at__lte=F("clock_due_at"))
                | ~Q(clock_breach_reason=""),
            ),
        ]

    @property
    def clock(self) -> ClockReading | None:
        """The clock as a page shows it now; None where none was started."""
        return self.clock_reading(timezone.now())

    def clock_reading(self, at: dt.datetime) -> ClockReading | None:
        if self.clock_started_at is None:
            return None
        clock = self._clock()
        return ClockReading(clock.state(at), in_words(clock, at), clock.due_at)

    def start_clock(self, at: dt.datetime, amount: int, unit: Unit, amber: Amber = THREE_QUARTERS) -> None:
        """Start, or start again from nothing when the standard that applies has changed."""
        self.clock_breach_reason = ""
        self._keep(Clock.start(at, amount, unit, amber))

    def pause_clock(self, at: dt.datetime) -> None:
        self._keep(self._clock().pause(at))

    def resume_clock(self, at: dt.datetime) -> None:
        self._keep(self._clock().resume(at))

    def stop_clock(self, at: dt.datetime, breach_reason: str = "") -> None:
        """Stop for good. Late needs a reason; in time keeps none."""
        clock = self._clock().stop(at)
        if clock.is_late and not breach_reason.strip():
            raise BreachReasonNeeded("This is late. Enter why")
        self.clock_breach_reason = breach_reason.strip() if clock.is_late else ""
        self._keep(clock)

    def undo_stop_clock(self) -> None:
        """Run on as if it had never been stopped: whoever stopped it has taken that back."""
        if self.clock_stopped_at is None:
            raise ClockMisused("The clock has not been stopped")
        self.clock_stopped_at, self.clock_breach_reason = None, ""

    def _clock(self) -> Clock:
        if not (self.clock_started_at and self.clock_due_at and self.clock_amber_at):
            raise ClockMisused("The clock has not been started")
        return Clock(
            started_at=self.clock_started_at,
            due_at=self.clock_due_at,
            amber_at=self.clock_amber_at,
            unit=Unit(self.clock_unit),
            paused_at=self.clock_paused_at,
            stopped_at=self.clock_stopped_at,
        )

    def _keep(self, clock: Clock) -> None:
        self.clock_started_at, self.clock_due_at = clock.started_at, clock.due_at
        self.clock_amber_at = clock.amber_at
        self.clock_paused_at, self.clock_stopped_at = clock.paused_at, clock.stopped_at
        self.clock_unit = clock.unit
