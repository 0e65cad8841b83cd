"""What is known already, beside the form while it is filled in."""

import dataclasses
import datetime as dt
import json
from typing import Any

from django.utils.datastructures import MultiValueDict

from cases.models import Person
from cases.services import known
from cases.services.keys import split_postcode
from cases.services.known import KnownPerson, KnownReport, Spot
from cases.services.search import PersonQuery, contact_open_to
from csp.agencies.models import Partnership, User
from csp.agencies.services import geography
from csp.audit.services import searched
from csp.core.text import count

ROWS = 3
PREFIXES = ("", "behalf-", *(f"{rows}-{n}-" for rows in ("affected", "subjects") for n in range(ROWS)))
PERSON_FIELDS = ("person", "name", "phone", "email", "address")
PLACE_FIELDS = ("where", "at_callers_address", "latitude", "longitude")
FIELDS = (*(prefix + field for prefix in PREFIXES for field in PERSON_FIELDS), *PLACE_FIELDS)
"""Boxes that the page sends along while they are typed in."""
MOST_ASKED = 4


@dataclasses.dataclass(frozen=True)
class Card:
    """Somebody who is known, as the panel shows them."""

    known: KnownPerson
    address: str
    may_call: bool
    """Found by what was typed of the caller, not of somebody else."""
    choose: str
    """What the button puts into the form, as its script reads it."""


@dataclasses.dataclass(frozen=True)
class KnownPanel:
    cards: tuple[Card, ...]
    nearby: tuple[KnownReport, ...]
    more_nearby: bool
    chosen: Person | None
    spot: Spot
    located: geography.Located | None

    @property
    def spoken(self) -> str:
        """For people who do not see the panel fill."""
        reports = len(self.nearby) + sum(len(card.known.reports) for card in self.cards)
        return f"{count(reports, 'earlier report')} known" if reports else ""

    @property
    def unknown_postcode(self) -> bool:
        return bool(self.spot.postcode and self.located and self.located.latitude is None)

    def __bool__(self) -> bool:
        return bool(self.cards or self.nearby or self.chosen or self.located)


def known_panel(
    *, user: User, partnership: Partnership, data: MultiValueDict[str, str], at: dt.datetime
) -> KnownPanel:
    caller, *others = (_query(data, prefix) for prefix in PREFIXES)
    queries = [caller, *(query for query in others if query != PersonQuery())][:MOST_ASKED]
    spot, located = _spot(partnership, data)
    found = known.known_while_typing(user=user, partnership=partnership, queries=queries, spot=spot, at=at)
    if found.people:
        words = " ".join(query.name or query.phone or query.email or query.address for query in queries)
        searched(user, "person", words, hits=len(found.people), partnership=partnership)
    chosen = _chosen(user, partnership, data)
    cards = cards_of(user, found.people)
    return KnownPanel(cards, found.nearby, found.more_nearby, chosen, spot, located)


def cards_of(user: User, people: tuple[KnownPerson, ...]) -> tuple[Card, ...]:
    fill = details_to_fill(user, [each.match.person for each in people])
    return tuple(
        Card(
            known=each,
            address=fill[each.match.person.pk].get("address", ""),
            may_call=each.match.asked == 0,
            choose=chosen_json(each.match.person, fill),
        )
        for each in people
    )


def chosen_json(person: Person, fill: dict[int, dict[str, str]]) -> str:
    return json.dumps({"replace": replaced_by(person), "fill": fill[person.pk]})


def replaced_by(person: Person) -> dict[str, str]:
    """Who it is stands whatever was typed; the rest only goes into boxes that are empty."""
    return {"person": str(person.pk), "name": person.name}


def _query(data: MultiValueDict[str, str], prefix: str) -> PersonQuery:
    typed = {name: str(data.get(prefix + name) or "").strip() for name in PERSON_FIELDS}
    address, postcode = split_postcode(typed["address"])
    return PersonQuery(
        name=typed["name"], phone=typed["phone"], email=typed["email"], address=address, postcode=postcode
    )


def _spot(partnership: Partnership, data: MultiValueDict[str, str]) -> tuple[Spot, geography.Located | None]:
    where = str(data.get("where") or "")
    if data.get("at_callers_address") and not where.strip():
        where = str(data.get("address") or "")
    address, postcode = split_postcode(where)
    point: dict[str, Any] = {"latitude": data.get("latitude"), "longitude": data.get("longitude")}
    if not (postcode or all(point.values())):
        return Spot(address=address), None
    located = geography.locate(partnership=partnership, postcode=postcode, **point)
    return Spot(
        address=address, postcode=postcode, latitude=located.latitude, longitude=located.longitude
    ), located


def _chosen(user: User, partnership: Partnership, data: MultiValueDict[str, str]) -> Person | None:
    """The caller, once they are chosen from who is known."""
    pk = str(data.get("person") or "")
    if not (pk.isascii() and pk.isdigit()):
        return None
    return Person.objects.filter(partnership=partnership, pk=pk[:18]).visible_to(user).first()


def details_to_fill(user: User, people: list[Person]) -> dict[int, dict[str, str]]:
    """What choosing a person puts into the boxes: protected contact only for the team that leads."""
    open_contact = contact_open_to(user, people)
    return {person.pk: _details(person, person.pk in open_contact) for person in people}


def _details(person: Person, with_contact: bool) -> dict[str, str]:
    place = person.place if with_contact else None
    contact: dict[str, Any] = {
        "phone": person.phone,
        "email": person.email,
        "address": place.full_address if place else "",
        "contact_method": person.contact_method,
        "contact_when": person.contact_when,
        "contact_avoid": person.contact_avoid,
    }
    return {name: value for name, value in contact.items() if value} if with_contact else {}
