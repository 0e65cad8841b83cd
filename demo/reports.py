"""Made-up reports around today, logged and decided through the same services as the pages."""

import datetime as dt

from cases.enums import Channel, LinkRole, Precision, WhenKind
from cases.models import Category, Person, Report
from cases.services.keys import name_key
from cases.services.reports import PersonEntry, ReportDetails, ToldEntry, log_report
from csp.agencies.models import Partnership, User
from demo.case_stories import ALL_STORIES
from demo.stories import PEOPLE, Story, Who


def load(partnership: Partnership, now: dt.datetime) -> list[Report]:
    officer = User.objects.get(email="officer@demo.example")
    categories = {category.code: category for category in Category.objects.filter(partnership=partnership)}
    return [_log(story, partnership, categories, officer, now) for story in ALL_STORIES]


def _log(
    story: Story,
    partnership: Partnership,
    categories: dict[str, Category],
    officer: User,
    now: dt.datetime,
) -> Report:
    at = now - dt.timedelta(hours=story.hours_ago)
    by = officer if story.channel == "phone" else None
    details = ReportDetails(
        what_happened=story.what,
        caller_kind=story.caller_kind,  # type: ignore[arg-type]
        contact_method=story.contact,
        contact_avoid=story.avoid,
        when_kind=WhenKind.REPEATING if story.pattern else WhenKind.ONCE,
        occurred_precision=Precision.DAY,
        occurred_on=(at - dt.timedelta(hours=12)).date(),
        occurred_pattern=story.pattern,
        address=story.where,
        postcode=story.postcode,
        location=story.where,
        categories=tuple(categories[code] for code in story.categories),
        hate=bool(story.hate),
        hate_strands=story.hate,
        in_danger=story.in_danger,
        reported_before=story.before,
        why_you=story.why,
        effect=story.effect,
        people=_people(story, partnership),
        told=(ToldEntry(agency=story.told[0], agency_reference=story.told[1]),) if story.told else (),
        received_at=at,
    )
    return log_report(partnership=partnership, details=details, channel=Channel(story.channel), by=by, at=at)


def _people(story: Story, partnership: Partnership) -> tuple[PersonEntry, ...]:
    entries = []
    if story.caller and story.caller_kind == "behalf":
        entries.append(_entry(PEOPLE[story.caller], LinkRole.VICTIM, partnership, is_caller=False))
    elif story.caller:
        entries.append(_entry(PEOPLE[story.caller], LinkRole.COMPLAINANT, partnership, is_caller=True))
    if story.subject:
        entries.append(_entry(PEOPLE[story.subject], LinkRole.SUBJECT, partnership, is_caller=False))
    return tuple(entries)


def _entry(who: Who, role: LinkRole, partnership: Partnership, *, is_caller: bool) -> PersonEntry:
    known = Person.objects.filter(partnership=partnership, search_key=name_key(who.name, "")).first()
    return PersonEntry(
        role=role,
        person_id=known.pk if known else None,
        name=who.name,
        phone=who.phone,
        email=who.email,
        address=who.address,
        postcode=who.postcode,
        vulnerability=who.vulnerability,
        do_not_disclose=who.do_not_disclose,
        contact_warning=who.contact_warning,
        is_caller=is_caller,
    )
