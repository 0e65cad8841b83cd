"""Everything held about one person in the records that one team leads, as items somebody can decide on."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from cases.enums import Audience, Vulnerability
from cases.models import (
    Case,
    CaseContact,
    CaseNamed,
    CasePerson,
    Contact,
    DashAssessment,
    Evidence,
    Intervention,
    Note,
    Person,
    Report,
    ReportPerson,
    RiskAssessment,
)
from csp.agencies.models import Partner, User
from csp.core.words import date_words

TAKEN_OUT = "[another person]"
SHORTEST_NAME = 3
RESTRICTED = (
    "This case is restricted. Ask somebody who is named on it what is released of it, and enter that here"
)
FOR_NAMED = "A note for named people. Ask one of them what is released of it, and enter that here"


@dataclass(frozen=True)
class Held:
    """One thing held about the person. `others` are words about other people that stand in it."""

    source: str
    text: str
    at: dt.datetime | None = None
    others: tuple[str, ...] = ()

    @property
    def without_others(self) -> str:
        """As a first proposal: somebody reads each of them before anything is released."""
        return take_out(self.text, self.others)


def gather(person: Person, team: Partner, user: User) -> list[Held]:
    """In order of time. What other partners lead is theirs to release, and what of a restricted case is
    released is for somebody named on it to say: `user` learns only that there is something.
    """
    who = [person, *person.merged.all()]
    closed = _closed_to(who, team, user)
    reports = [report for report in _reports(who, team) if report.case_id not in closed]
    cases = [case for case in _cases(who, team) if case.pk not in closed]
    names = _words_about_others(who, reports, cases)
    found = [
        *_about(who),
        *_of_reports(reports, who, names),
        *_of_cases(cases, who, names, user),
        *(Held(f"Case {case}", RESTRICTED, case.opened_at) for case in closed.values()),
    ]
    beginning = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted((each for each in found if each.text.strip()), key=lambda each: each.at or beginning)


def _closed_to(who: list[Person], team: Partner, user: User) -> dict[int, Case]:
    """Restricted cases on which the user is not named, by key."""
    named = CaseNamed.objects.current().filter(user=user).values("case")
    return {
        case.pk: case
        for case in _cases(who, team)
        if case.restricted and not named.filter(case=case).exists()
    }


def take_out(text: str, words: Iterable[str]) -> str:
    """Each whole name, address, number and e-mail of another person, however it is written in small or
    capital letters; longest first, so that no half of a name stays.
    """
    for word in sorted(set(words), key=len, reverse=True):
        bounded = rf"(?<!\w){re.escape(word)}(?!\w)"
        text = re.sub(bounded, TAKEN_OUT, text, flags=re.IGNORECASE)
    return text


def _reports(who: list[Person], team: Partner) -> list[Report]:
    links = ReportPerson.objects.filter(person__in=who).values("report")
    return list(Report.objects.filter(lead=team, pk__in=links).order_by("received_at", "pk"))


def _cases(who: list[Person], team: Partner) -> list[Case]:
    links = CasePerson.objects.filter(person__in=who).values("case")
    direct = Q(pk__in=links) | Q(reports__links__person__in=who)
    return list(Case.objects.filter(direct, lead=team).distinct().order_by("opened_at", "pk"))


def _words_about_others(who: list[Person], reports: list[Report], cases: list[Case]) -> tuple[str, ...]:
    others = Person.objects.filter(
        Q(links__report__in=reports) | Q(case_links__case__in=cases) | Q(links__report__case__in=cases)
    ).exclude(pk__in=[each.pk for each in who])
    words: set[str] = set()
    for other in others.distinct().select_related("place").prefetch_related("aliases"):
        names = [other.name, other.known_as, *(alias.name for alias in other.aliases.all())]
        parts = [part for name in names for part in name.split()]
        place = [other.place.address, other.place.address.split(",")[0]] if other.place else []
        words |= {*names, *parts, *place, other.phone, other.email}
    own = {part for each in who for part in [each.name, *each.name.split()]}
    if any(each.place for each in who):
        own |= {each.place.address for each in who if each.place}
    return tuple(sorted(word for word in words - own if len(word) >= SHORTEST_NAME))


def _about(who: list[Person]) -> Iterator[Held]:
    for person in who:
        lines = [
            ("Name", person.name),
            ("Also known as", person.known_as),
            ("Other names", ", ".join(alias.name for alias in person.aliases.all())),
            ("Date of birth", date_words(person.born_on) if person.born_on else ""),
            ("Phone", person.phone),
            ("E-mail", person.email),
            ("Address", person.place.full_address if person.place else ""),
            ("Safe contact", " ".join([person.contact_when, person.contact_avoid]).strip()),
            ("Warning to staff", person.contact_warning),
            ("What makes harm worse for them", ", ".join(_words(person.vulnerability))),
            ("Language", person.language),
            ("Gender", person.gender),
        ]
        text = "\n".join(f"{label}: {value}" for label, value in lines if value)
        yield Held("Person record", text, person.created_at)


def _words(kinds: Iterable[str]) -> list[str]:
    return [str(Vulnerability(kind).label) for kind in kinds]


def _of_reports(reports: list[Report], who: list[Person], others: tuple[str, ...]) -> Iterator[Held]:
    for report in reports:
        for label, text in (
            ("what happened", report.what_happened),
            ("reported before", report.reported_before),
            ("why the caller thinks it happens", report.why_you),
            ("how it affects the caller", report.how_affected),
            ("who else is affected", report.who_affected),
            ("who is doing it", report.subjects_known),
        ):
            yield Held(f"Report {report}, {label}", text, report.received_at, others)
        for added in report.further_information.order_by("at"):
            yield Held(f"Report {report}, added later", added.text, added.at, others)
        for decision in report.decisions.order_by("at"):
            yield Held(f"Report {report}, decision", decision.reason, decision.at, others)
        for contact in Contact.objects.filter(report=report).order_by("made_at"):
            yield Held(f"Report {report}, message: {contact.subject}", contact.body, contact.made_at, others)


def _of_cases(cases: list[Case], who: list[Person], others: tuple[str, ...], user: User) -> Iterator[Held]:
    for case in cases:
        yield Held(f"Case {case}, what is going on", case.summary, case.opened_at, others)
    for note in Note.objects.filter(case__in=cases).select_related("case"):
        if note.audience == Audience.NAMED and not note.named.filter(pk=user.pk).exists():
            yield Held(f"Case {note.case}, note", FOR_NAMED, note.at)
            continue
        source = "" if note.source_confidential else note.source
        text = f"{note.text}\nSource: {source}" if source else note.text
        yield Held(f"Case {note.case}, note ({note.get_kind_display().lower()})", text, note.at, others)
    for evidence in Evidence.objects.filter(case__in=cases).select_related("case"):
        yield Held(f"Case {evidence.case}, evidence", evidence.description, evidence.at, others)
    for entry in CaseContact.objects.filter(case__in=cases, person__in=who).select_related("case"):
        yield Held(f"Case {entry.case}, contact log", entry.text, entry.at, others)
    for message in Contact.objects.filter(case__in=cases, person__in=who).select_related("case"):
        source = f"Case {message.case}, message: {message.subject}"
        yield Held(source, message.body, message.made_at, others)
    yield from _assessed(cases, who, others)
    for step in Intervention.objects.filter(case__in=cases, person__in=who).select_related("case"):
        conditions = "\n".join(str(each) for each in step.conditions.order_by("position"))
        text = f"{step.get_kind_display()}\n{step.grounds}\n{conditions}\n{step.outcome}".strip()
        yield Held(f"Case {step.case}, power used", text, step.made_at, others)


def _assessed(cases: list[Case], who: list[Person], others: tuple[str, ...]) -> Iterator[Held]:
    scored = RiskAssessment.objects.filter(case__in=cases, person__in=who).select_related("case")
    for assessment in scored.prefetch_related("answers__question", "answers__option"):
        answers = "\n".join(str(answer) for answer in assessment.answers.all())
        text = f"{assessment.get_risk_display()}, score {assessment.score}\n{answers}\n{assessment.note}"
        text = f"{text}\n{assessment.override_reason}".strip()
        yield Held(f"Case {assessment.case}, risk assessment", text, assessment.at, others)
    for dash in DashAssessment.objects.filter(case__in=cases, person__in=who).select_related("case"):
        text = f"{dash.ticks} of {dash.questions} ticks\n{dash.judgement}".strip()
        yield Held(f"Case {dash.case}, DASH", text, dash.at, others)
