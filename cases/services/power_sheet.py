"""The conditions of a power on paper: for who must keep to them, so without a word about who complained."""

import datetime as dt
import re

from cases.enums import AFFECTED_ROLES, LinkRole
from cases.models import CasePerson, Intervention
from cases.services.power_limits import until_words
from csp.agencies.models import User
from csp.audit.services import printed
from csp.core.pdf import render_pdf

WITHHELD = "[name withheld]"
PROTECTED = (*AFFECTED_ROLES, LinkRole.WITNESS, LinkRole.REPRESENTATIVE)


def power_sheet(*, power: Intervention, by: User, at: dt.datetime) -> bytes:
    """Printing it is recorded. The grounds stay out: they tell what others said."""
    hidden = protected_names(power)
    conditions = [
        {"must": row.get_kind_display(), "text": without_names(row.text, hidden)}
        for row in power.conditions.order_by("position")
    ]
    context = {
        "power": power,
        "conditions": conditions,
        "area": without_names(power.area, hidden),
        "until": until_words(power.ends_at) if power.ends_at else "",
        "printed_at": at,
    }
    printed(by, power.case, power=power.pk)
    return render_pdf("cases/power_sheet.pdf.html", context, title=f"{power}: conditions")


def protected_names(power: Intervention) -> list[str]:
    """Everybody in the case who complained, suffers or saw it, under every name, but for its subject."""
    links = CasePerson.objects.filter(case__in=power.case.family, role__in=PROTECTED)
    people = links.exclude(person=power.person_id) if power.person_id else links
    found: set[str] = set()
    for link in people.select_related("person").prefetch_related("person__aliases"):
        person = link.person
        found |= {person.name, person.known_as, *(alias.name for alias in person.aliases.all())}
    return sorted(filter(None, found), key=len, reverse=True)


def without_names(text: str, names: list[str]) -> str:
    for name in names:
        text = re.sub(rf"\b{re.escape(name)}\b", WITHHELD, text, flags=re.IGNORECASE)
    return text
