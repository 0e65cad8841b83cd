"""A meeting with sixty items, for the team that runs it and for one of its agencies."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from bench.build import Cast
from bench.timing import Timing, time_call, time_page
from cases.models import Case, Place
from csp.actions.models import Action
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, Partnership
from csp.agencies.services.sharing import set_rows
from tasking.enums import ItemKind, Known, MeetingStatus, PackKind, SeriesKind
from tasking.models import (
    AgendaItem,
    ItemAction,
    ItemAnswer,
    ItemShare,
    Meeting,
    MeetingPartner,
    Pack,
    Series,
)
from tasking.services.meetings import COPIED, deadlines
from tasking.services.pack_content import fingerprint, gather
from tasking.services.papers import print_papers

REFERENCE = "B0-M-26-000060"
ITEMS, OF_CASES, TABLED, ACTIONS, AGENCIES = 60, 30, 40, 20, 8
"""Forty of the sixty items are open to the police, and twenty actions wait for them."""


def measure_meetings(cast: Cast) -> dict[str, Timing]:
    meeting = Meeting.objects.filter(reference=REFERENCE).first() or build_meeting(cast)
    police = cast.police.seats[0].partner
    agenda = reverse("meetings:agenda", args=[REFERENCE])
    return {
        "agenda of 60, chair": time_page(cast.manager, agenda),
        "agenda of 60, police": time_page(cast.police, agenda),
        "return of 40, police": time_page(cast.police, reverse("meetings:return", args=[REFERENCE])),
        "pack of 40 of 60 items, checked": time_call(lambda: _gathered(meeting, police)),
        "pack of 40 of 60 items, printed": time_call(lambda: _printed(meeting, police), runs=3),
    }


def _gathered(meeting: Meeting, partner: Partner) -> Any:
    """What is asked before a file that was made is handed out."""
    return fingerprint(gather(meeting, partner, PackKind.PACK))


def _printed(meeting: Meeting, partner: Partner) -> bytes:
    pack = Pack(meeting=meeting, partner=partner, kind=PackKind.PACK, number=1)
    return print_papers(pack, gather(meeting, partner, PackKind.PACK), timezone.now())


def build_meeting(cast: Cast) -> Meeting:
    """In the first partnership, ten days from now."""
    team = cast.manager.seats[0].partner
    meeting = _meeting(team, cast)
    partners = list(team.partnership.partners.order_by("pk")[: AGENCIES + 1])
    seats = MeetingPartner.objects.bulk_create(
        MeetingPartner(meeting=meeting, partner=partner) for partner in partners
    )
    for partner in partners:
        set_rows([meeting], partner, ShareLevel.CONTRIBUTE)
    items = _items(meeting, cast)
    set_rows(items, team, ShareLevel.CONTRIBUTE)
    for partner in partners[1:]:
        _table(items[:TABLED], team, partner)
    ItemAnswer.objects.bulk_create(
        ItemAnswer(
            seat=seat, item=item, known=Known.KNOWN, worker="A colleague", risks="Two children in the home",
            offer="A joint visit", saved_at=meeting.starts_at,
        )
        for seat in seats[2:]
        for item in items[:TABLED]
    )  # fmt: skip
    MeetingPartner.objects.filter(pk__in=[seat.pk for seat in seats[2:]]).update(sent_at=timezone.now())
    _actions(meeting, items, partners[1])
    return meeting


def _meeting(team: Partner, cast: Cast) -> Meeting:
    series = Series.objects.create(
        partnership=team.partnership,
        lead=team,
        name="Joint Tasking Meeting",
        kind=SeriesKind.JOINT_TASKING,
        chair=cast.manager,
        first_on=timezone.localdate(),
        confidentiality="What is said here stays here.",
    )
    starts_at = timezone.now() + dt.timedelta(days=10)
    return Meeting.objects.create(
        reference=REFERENCE,
        series=series,
        starts_at=starts_at,
        status=MeetingStatus.PAPERS_OUT,
        **{name: getattr(series, name) for name in COPIED},
        **deadlines(series, starts_at.date()),
    )


def _items(meeting: Meeting, cast: Cast) -> list[AgendaItem]:
    """Half of them about cases that the police see, as far as there are so many; the others about places."""
    shared = Case.objects.visible_to(cast.police).open().filter(partnership=meeting.partnership)
    cases = [{"kind": ItemKind.CASE, "case": case} for case in shared.order_by("-pk")[:OF_CASES]]
    spots = _places(meeting.partnership, ITEMS - len(cases))
    places = [{"kind": ItemKind.PLACE, "place": place} for place in spots]
    return AgendaItem.objects.bulk_create(
        AgendaItem(
            reference=f"B0-I-26-{number:06}",
            partnership=meeting.partnership,
            lead=meeting.lead,
            meeting=meeting,
            position=number,
            title=f"Noise at night, street {number}",
            gist="Shouting, loud music and litter at night. Four households have told us about it.",
            wanted="Agree who visits, and who tells the neighbours",
            tried="Two letters and a visit",
            made_at=timezone.now(),
            **subject,
        )
        for number, subject in enumerate([*cases, *places], start=1)
    )


def _places(partnership: Partnership, number: int) -> list[Place]:
    return Place.objects.bulk_create(
        Place(partnership=partnership, address=f"Meeting Place {n}", address_key=f"meeting place {n}")
        for n in range(number)
    )


def _table(items: list[AgendaItem], team: Partner, partner: Partner) -> None:
    set_rows(items, partner, ShareLevel.CONTRIBUTE)
    ItemShare.objects.bulk_create(
        ItemShare(
            record=item, from_partner=team, to_partner=partner, level=ShareLevel.CONTRIBUTE,
            gateway="cda_115", purpose="Joint tasking", necessity="They hold a part of it",
            consent="not_needed", starts_at=item.made_at,
        )
        for item in items
    )  # fmt: skip


def _actions(meeting: Meeting, items: list[AgendaItem], owner: Partner) -> None:
    actions = Action.objects.bulk_create(
        Action(
            reference=f"B0-A-26-{number:06}",
            partnership=meeting.partnership,
            lead=meeting.lead,
            owner=owner,
            text=f"Patrol street {number} and say what was seen",
            due_on=timezone.localdate(),
            asked_at=timezone.now(),
            target=item,
        )
        for number, item in enumerate(items[:ACTIONS], start=1)
    )
    for partner in (meeting.lead, owner):
        set_rows(actions, partner, ShareLevel.CONTRIBUTE)
    ItemAction.objects.bulk_create(
        ItemAction(item=item, action=action) for item, action in zip(items, actions, strict=False)
    )
