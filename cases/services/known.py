"""What is known already about the people and the place of a report, while it is typed and after."""

import dataclasses
import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cases.models import Case, Person, Place, Report, ReportPerson
from cases.services.keys import address_key
from cases.services.search import PersonFound, PersonQuery, cases_of, reports_of, search_people
from csp.agencies.models import Partnership, User
from csp.agencies.services.points import box_around, metres_between
from csp.core.calendar import local_day
from csp.core.text import count
from csp.core.words import date_words

NEAR_METRES = 250
RECENT = dt.timedelta(days=365)
MOST_PEOPLE = 4
MOST_REPORTS = 5
MOST_NEARBY = 6
MOST_LINKS = 300


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownReport:
    """An earlier report, what it has to do with this one, and the case it belongs to if they may see it."""

    report: Report
    reasons: tuple[str, ...]
    case: Case | None = None

    @property
    def can_join(self) -> bool:
        """The case goes on, and the team that triages the report leads it."""
        case = self.case
        return case is not None and case.is_open and case.lead_id == self.report.lead_id


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownCase:
    """A case that somebody is in, whatever report brought them, and what they are in it."""

    case: Case
    roles: tuple[str, ...]
    can_join: bool = False
    """The case goes on, and the team that receives reports leads it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownPerson:
    match: PersonFound
    reports: tuple[KnownReport, ...]
    cases: tuple[KnownCase, ...] = ()
    """Those that none of the listed reports leads to."""
    more: bool = False
    """There are more reports than are listed."""

    @property
    def count_words(self) -> str:
        """Such as: 2 reports since 3 March 2026"""
        oldest = date_words(local_day(self.reports[-1].report.received_at)) if self.reports else ""
        shown = count(len(self.reports), "report")
        return f"More than {shown}" if self.more else f"{shown} since {oldest}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Known:
    people: tuple[KnownPerson, ...] = ()
    nearby: tuple[KnownReport, ...] = ()
    more_nearby: bool = False

    def __bool__(self) -> bool:
        return bool(self.people or self.nearby)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Spot:
    """Where something happened, as far as it is known."""

    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None


def known_while_typing(
    *, user: User, partnership: Partnership, queries: Iterable[PersonQuery], spot: Spot, at: dt.datetime
) -> Known:
    """Earlier reports by or about the same people, or at or near the place, cut to what `user` may see."""
    matches: dict[int, PersonFound] = {}
    for asked, query in enumerate(queries):
        for match in search_people(user=user, partnership=partnership, query=query, limit=MOST_PEOPLE):
            match.asked = asked
            matches.setdefault(match.person.pk, match)
    best = sorted(matches.values(), key=lambda each: -each.score)[:MOST_PEOPLE]
    return known_about(user=user, partnership=partnership, matches=best, spot=spot, at=at)


def known_before(*, user: User, report: Report, at: dt.datetime) -> Known:
    """The same for a report that is logged: about the people in it, whose identity is settled."""
    matches = [
        PersonFound(link.person, [link.get_role_display().lower()])
        for link in report.links.select_related("person__place").order_by("-is_caller", "pk")
    ]
    spot = Spot(
        address=report.place.address if report.place else "",
        postcode=report.postcode,
        latitude=report.latitude,
        longitude=report.longitude,
    )
    return known_about(
        user=user, partnership=report.partnership, matches=matches, spot=spot, at=at, but=report
    )


def known_about(
    *,
    user: User,
    partnership: Partnership,
    matches: list[PersonFound],
    spot: Spot,
    at: dt.datetime,
    but: Report | None = None,
) -> Known:
    people = [match.person for match in matches]
    links: dict[int, list[ReportPerson]] = {match.person.pk: [] for match in matches}
    for link in reports_of(people, user)[:MOST_LINKS]:
        if but is None or link.report_id != but.pk:
            links[link.person_id].append(link)
    told = {link.report_id for each in links.values() for link in each}
    near = _nearby(user=user, partnership=partnership, spot=spot, at=at).exclude(
        pk__in=[*told, *([but.pk] if but else [])]
    )
    reports = list(near.select_related("case", "place").order_by("-received_at", "-pk")[: MOST_NEARBY + 1])
    cases = _visible_cases(user, [*(link.report for each in links.values() for link in each), *reports])
    found_in = _cases_of(people, user, partnership, but=but, told=links)
    return Known(
        people=tuple(
            KnownPerson(
                match=match,
                cases=tuple(found_in[match.person.pk][:MOST_REPORTS]),
                reports=tuple(
                    KnownReport(
                        report=link.report,
                        reasons=(link.get_role_display().lower(),),
                        case=cases.get(link.report.case_id or 0),
                    )
                    for link in links[match.person.pk][:MOST_REPORTS]
                ),
                more=len(links[match.person.pk]) > MOST_REPORTS,
            )
            for match in matches
            if links[match.person.pk] or found_in[match.person.pk] or but is None
        ),
        nearby=tuple(
            KnownReport(report=report, reasons=(_reason(report, spot),), case=cases.get(report.case_id or 0))
            for report in reports[:MOST_NEARBY]
        ),
        more_nearby=len(reports) > MOST_NEARBY,
    )


def _cases_of(
    people: list[Person],
    user: User,
    partnership: Partnership,
    *,
    but: Report | None,
    told: dict[int, list[ReportPerson]],
) -> dict[int, list[KnownCase]]:
    """By person: the cases they are in, but for this report's own and those their listed reports lead to."""
    roles: dict[int, dict[Case, list[str]]] = {person.pk: {} for person in people}
    for link in cases_of(people, user)[:MOST_LINKS] if people else []:
        reports = told[link.person_id][:MOST_REPORTS]
        if link.case_id not in {but and but.case_id, *(each.report.case_id for each in reports)}:
            roles[link.person_id].setdefault(link.case, []).append(link.get_role_display().lower())
    team = partnership.receiving_partner_id
    return {
        pk: [
            KnownCase(case=case, roles=tuple(said), can_join=case.is_open and case.lead_id == team)
            for case, said in cases.items()
        ]
        for pk, cases in roles.items()
    }


def _nearby(*, user: User, partnership: Partnership, spot: Spot, at: dt.datetime) -> QuerySet[Report]:
    """Reports of the last year at the same address, in the same postcode or in the box of 250 metres around.

    That they are near says where they are, so they are open to the reader in full. A protected address is no
    help in finding it: only the team that leads such a report meets it here.
    """
    where = Q()
    if spot.address.strip():
        where |= Q(
            place__in=Place.objects.filter(
                partnership=partnership, address_key=address_key(spot.address, spot.postcode)
            )
        )
    if spot.postcode:
        where |= Q(postcode=spot.postcode)
    if spot.latitude is not None and spot.longitude is not None:
        south, north, west, east = box_around(spot.latitude, spot.longitude, NEAR_METRES)
        where |= Q(latitude__range=(south, north), longitude__range=(west, east))
    if not where:
        return Report.objects.none()
    protected = ReportPerson.objects.filter(
        report=OuterRef("pk"), person__do_not_disclose=True, person__place=F("report__place")
    )
    return (
        Report.objects.filter(where, partnership=partnership, received_at__gte=at - RECENT)
        .readable_by(user)
        .filter(Q(lead__in=user.partner_ids) | ~Exists(protected))
    )


def _reason(report: Report, spot: Spot) -> str:
    key = address_key(spot.address, spot.postcode) if spot.address.strip() else ""
    if key and report.place and report.place.address_key == key:
        return "same address"
    if spot.postcode and report.postcode == spot.postcode:
        return "same postcode"
    return f"{_metres(report, spot)} m away"


def _metres(report: Report, spot: Spot) -> int:
    """To the nearest 10 metres: postcode centres are no better than that."""
    if None in (report.latitude, report.longitude, spot.latitude, spot.longitude):
        return 0
    here, there = (spot.latitude, spot.longitude), (report.latitude, report.longitude)
    return round(metres_between(here, there) / 10) * 10  # type: ignore[arg-type]


def _visible_cases(user: User, reports: list[Report]) -> dict[int, Case]:
    wanted = {report.case_id for report in reports if report.case_id}
    return Case.objects.filter(pk__in=wanted).visible_to(user).in_bulk() if wanted else {}
