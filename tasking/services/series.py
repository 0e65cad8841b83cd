"""A series of meetings: begun, changed, ended. What holds for its meetings is copied when each is planned."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model

from cases.services.prints import Prints, prints, refuse_unseen
from csp.agencies.models import Area, Membership, Partner, SharingAgreement, User
from csp.audit.services import record
from csp.core.calendar import local_day, start_of_day
from csp.core.errors import RuleBroken
from csp.core.words import date_words
from tasking.enums import BEFORE
from tasking.models import Meeting, Series, SeriesPartner, StandingItem
from tasking.services.meetings import cancel_meeting

CONFIDENTIALITY = (
    "What is said at this meeting is confidential. It is used to prevent crime and disorder and to protect "
    "people, under the partnership's information-sharing agreement, and is passed on only with the agreement "
    "of the agency that gave it. Papers are kept and destroyed as that agreement says."
)


class CannotKeepSeries(RuleBroken): ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeriesDetails:
    """What a series says, in the shape in which it is typed."""

    name: str
    kind: str
    area: Area | None
    chair: User | None
    deputy: User | None
    cadence: str
    weekday: int
    week_of_month: int
    first_on: dt.date
    begins_at: dt.time
    minutes_long: int
    venue: str
    join_link: str
    referrals_days: int
    returns_days: int
    papers_days: int
    minutes_days: int
    share_days: int
    confidentiality: str
    agreement: SharingAgreement | None
    invited: tuple[tuple[int, int | None], ...]
    """Partners by key, each with the person who usually comes for it."""
    standing: tuple[tuple[str, int], ...]
    """Headings that stand on every agenda, with their minutes."""


ROWS = ("invited", "standing")
FIELDS = tuple(field.name for field in dataclasses.fields(SeriesDetails) if field.name not in ROWS)


def details_of(series: Series) -> SeriesDetails:
    invited = series.invited.order_by("partner").values_list("partner", "person")
    standing = series.standing_items.order_by("position", "pk").values_list("title", "minutes")
    return SeriesDetails(
        **{name: getattr(series, name) for name in FIELDS}, invited=tuple(invited), standing=tuple(standing)
    )


def prints_of(details: SeriesDetails) -> Prints:
    said = {field.name: getattr(details, field.name) for field in dataclasses.fields(details)}
    return prints({name: value.pk if isinstance(value, Model) else value for name, value in said.items()})


@transaction.atomic
def start_series(*, lead: Partner, details: SeriesDetails, by: User, at: dt.datetime) -> Series:
    """Raises `CannotKeepSeries`."""
    Partner.objects.select_for_update().get(pk=lead.pk)  # of two at once the second sees the first
    _check(lead, details, at)
    values = {name: getattr(details, name) for name in FIELDS}
    series = Series.objects.create(partnership=lead.partnership, lead=lead, **values)
    _write_rows(series, details)
    record("series.started", by=by, target=series)
    return series


@transaction.atomic
def edit_series(
    *, series: Series, details: SeriesDetails, seen: Mapping[str, str], by: User, at: dt.datetime
) -> Series:
    """Meetings planned already stay as they are. Raises `CannotKeepSeries`, `ChangedMeanwhile`."""
    current = lock_series(series)
    _must_run(current, at)
    before = details_of(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before, "series")
    _check(current.lead, details, at, but=current)
    changed = [name for name in was if becomes[name] != was[name]]
    if not changed:
        return current
    for name in FIELDS:
        setattr(current, name, getattr(details, name))
    current.save(update_fields=FIELDS)
    _write_rows(current, details)
    record("series.changed", by=by, target=current, fields=changed)
    return current


@transaction.atomic
def end_series(*, series: Series, on: dt.date, reason: str, by: User, at: dt.datetime) -> list[Meeting]:
    """No meeting from `on` on. Those planned are cancelled and returned. Raises `CannotKeepSeries`."""
    current = lock_series(series)
    _must_run(current, at)
    if on < local_day(at):
        raise CannotKeepSeries("Choose today or a later day")
    if not reason.strip():
        raise CannotKeepSeries("Enter why the series ends")
    current.ended_on = on
    current.save(update_fields=["ended_on"])
    record("series.ended", by=by, target=current, reason=reason, on=on.isoformat())
    left = meetings_from(current, on)
    return [cancel_meeting(meeting=each, reason=reason, by=by, at=at) for each in left]


def meetings_from(series: Series, on: dt.date) -> list[Meeting]:
    """Those that have not begun, and would be held on that day or later."""
    waiting = series.meetings.filter(status__in=BEFORE, starts_at__gte=start_of_day(on))
    return list(waiting.select_related("series").order_by("starts_at", "pk"))


def lock_series(series: Series) -> Series:
    """The series as it is now, held until the transaction ends."""
    locked = Series.objects.select_for_update(of=("self",)).select_related("lead", "partnership")
    return locked.get(pk=series.pk)


def _must_run(series: Series, at: dt.datetime) -> None:
    if series.ended_on is not None and series.ended_on <= local_day(at):
        raise CannotKeepSeries(f"{series} ended on {date_words(series.ended_on)}")


def _check(lead: Partner, details: SeriesDetails, at: dt.datetime, but: Series | None = None) -> None:
    alike = Series.objects.filter(partnership=lead.partnership_id, name__iexact=details.name)
    if alike.exclude(pk__in=[but.pk] if but else []).exists():
        raise CannotKeepSeries(f"There is a series called {details.name} already. Choose another name")
    if details.chair and details.chair == details.deputy:
        raise CannotKeepSeries("Choose a deputy who is somebody else than the chair")
    here: list[Any] = [each for each in (details.area, details.agreement) if each is not None]
    if any(each.partnership_id != lead.partnership_id for each in here):
        raise CannotKeepSeries("Choose an area and an agreement of this partnership")
    for person in (details.chair, details.deputy):
        if person is not None:
            _must_work_at(person.pk, lead.pk, at)
    _check_invited(lead, details, at)


def _check_invited(lead: Partner, details: SeriesDetails, at: dt.datetime) -> None:
    keys = {partner for partner, _ in details.invited}
    here = Partner.objects.filter(partnership=lead.partnership_id, pk__in=keys - {lead.pk})
    if here.count() != len(keys):
        raise CannotKeepSeries("Choose other agencies of this partnership")
    for partner, person in details.invited:
        if person is not None:
            _must_work_at(person, partner, at)


def _must_work_at(user: int, partner: int, at: dt.datetime) -> None:
    seats = Membership.objects.current(local_day(at)).filter(user=user, partner=partner)
    if not seats.exists():
        raise CannotKeepSeries("Choose people who work at the agency now")


def _write_rows(series: Series, details: SeriesDetails) -> None:
    """Only what changed, so that the history of a row is that of one agency or one heading."""
    wanted = dict(details.invited)
    SeriesPartner.objects.filter(series=series).exclude(partner__in=wanted).delete()
    for partner, person in wanted.items():
        SeriesPartner.objects.update_or_create(
            series=series, partner_id=partner, defaults={"person_id": person}
        )
    titles = [title for title, _ in details.standing]
    StandingItem.objects.filter(series=series).exclude(title__in=titles).delete()
    for position, (title, minutes) in enumerate(details.standing, start=1):
        StandingItem.objects.update_or_create(
            series=series, title=title, defaults={"minutes": minutes, "position": position}
        )
