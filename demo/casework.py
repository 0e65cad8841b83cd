"""What the made-up team and its partners have done in their cases."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.base import ContentFile

from cases.enums import (
    AssessmentKind,
    Audience,
    ClosureReason,
    ConditionKind,
    ContactResult,
    ContactWay,
    EvidenceKind,
    InterventionKind,
    NoteKind,
    Risk,
    ServiceMethod,
)
from cases.models import Case, CaseOutcome, Person, Report
from cases.services import (
    access_requests,
    case_edits,
    contact_log,
    hand_overs,
    problem,
    restricting,
    statuses,
)
from cases.services.case_edits import CaseDetails
from cases.services.case_people import victims_of
from cases.services.case_sharing import Terms, share_case
from cases.services.closing import Ending, propose_closing
from cases.services.evidence import EvidenceDetails, add_evidence
from cases.services.interventions import PowerDetails, Served, add_power, serve_power
from cases.services.notes import NoteDetails, add_note
from cases.services.risk import latest_assessments
from cases.services.risk_scoring import score_person
from cases.services.risk_templates import questions_of, sorted_options, template_on
from csp.agencies.enums import Consent, Gateway, ShareLevel
from csp.agencies.models import Partner, Partnership, SharingAgreement, User
from csp.agencies.services.agreements import add_agreement, sign
from csp.core.calendar import local_day
from demo.case_stories import ENDED, HANDED_OVER, LONG_AGO, RESTRICTED

DIARY = b"Friday 11.40pm to 3am: music, shouting. Saturday 11pm to 4am: music, bottles.\n"


@dataclass(frozen=True)
class Cast:
    """Who acts in the demo, and when it is."""

    partnership: Partnership
    now: dt.datetime
    people: dict[str, User]
    partners: dict[str, Partner]

    def ago(self, days: float) -> dt.datetime:
        return self.now - dt.timedelta(days=days)


def load(partnership: Partnership, now: dt.datetime) -> None:
    users = User.objects.filter(memberships__partner__partnership=partnership).distinct()
    cast = Cast(
        partnership=partnership,
        now=now,
        people={user.email.split("@")[0]: user for user in users},
        partners={partner.name: partner for partner in Partner.objects.filter(partnership=partnership)},
    )
    agreement = _agreements(cast)
    _mill_road(cast, _case("Shouting in the street, a window"), agreement)
    _ock_street(cast, _case("Followed home from the bus stop"), agreement)
    _restricted(cast, _case(RESTRICTED))
    _handed_over(cast, _case(HANDED_OVER))
    _ended(cast, _case(ENDED), opened_ago=118, closed_ago=9)
    _ended(cast, _case(LONG_AGO), opened_ago=365 * 7 - 2, closed_ago=365 * 6 + 40)


def _case(began: str) -> Case:
    case = Report.objects.get(what_happened__startswith=began).case
    assert case is not None  # noqa: S101 -- triage opened it a moment ago
    return case


def _agreements(cast: Cast) -> SharingAgreement:
    """One in force, one whose review is overdue."""
    admin, today = cast.people["admin"], local_day(cast.now)
    main = add_agreement(
        partnership=cast.partnership,
        by=admin,
        at=cast.now,
        title="Community safety information-sharing agreement",
        signed_on=today - dt.timedelta(days=160),
        review_on=today + dt.timedelta(days=205),
        covers="Crime and disorder: what is necessary to protect victims and deal with those who harm them",
    )
    old = add_agreement(
        partnership=cast.partnership,
        by=admin,
        at=cast.now,
        title="Housing providers' protocol",
        signed_on=today - dt.timedelta(days=900),
        review_on=today - dt.timedelta(days=170),
        covers="Tenancy action in cases of anti-social behaviour",
    )
    for agreement, names in (
        (main, ("Community Safety", "Police", "Soha", "Social Care", "Health")),
        (old, ("Community Safety", "Soha", "Sovereign")),
    ):
        for name in names:
            sign(
                agreement=agreement,
                partner=cast.partners[name],
                signed_by="Head of service",
                signed_on=agreement.signed_on,
                by=admin,
                at=cast.now,
            )
    return main


def _mill_road(cast: Cast, case: Case, agreement: SharingAgreement) -> None:
    """The case that everything happens in: noise and threats between neighbours."""
    officer, housing = cast.people["officer"], cast.people["housing"]
    _describe(case, cast, 19, "Loud music and shouting at night, a broken window. Two households suffer.")
    _share(cast, case, "Police", ShareLevel.SUMMARY, "Patrols at the times reported", agreement, 18)
    _share(cast, case, "Soha", ShareLevel.CONTRIBUTE, "Joint visit and tenancy action", agreement, 18)
    for days, kind, options in (
        (19, AssessmentKind.INTAKE, 1),
        (9, AssessmentKind.INCIDENT, 2),
        (2, AssessmentKind.REVIEW, 2),
    ):
        _score(cast, case, victims_of(case)[0], days, kind, options)
    _notes(cast, case, officer, housing)
    _contacts(cast, case, officer)
    _warning(cast, case, officer)
    _sheet(cast, case, officer)
    statuses.move(
        case=case,
        to="enforcement",
        reason="The warning is served; next is a notice if it goes on",
        by=officer,
        at=cast.ago(10),
    )
    access_requests.ask(
        case=case,
        level=ShareLevel.FULL,
        why="Officers meet the household on Friday and need to know who is at risk",
        by=cast.people["police"],
        at=cast.ago(1),
    )


def _describe(case: Case, cast: Cast, days: float, summary: str) -> None:
    before = case_edits.details_of(case)
    after = CaseDetails(**{**before.__dict__, "summary": summary})
    case_edits.edit_case(
        case=case,
        details=after,
        seen=case_edits.prints_of(before),
        by=cast.people["officer"],
        at=cast.ago(days),
    )


def _share(
    cast: Cast,
    case: Case,
    name: str,
    level: ShareLevel,
    purpose: str,
    agreement: SharingAgreement,
    days: float,
) -> None:
    terms = Terms(
        partner=cast.partners[name],
        level=level,
        gateway=Gateway.CDA_115,
        purpose=purpose,
        necessity="They can act where we cannot, and need no more than this to do so",
        consent=Consent.GIVEN,
        agreement=agreement,
        handling="Do not contact the complainant without us",
        ends_at=cast.now + dt.timedelta(days=160),
    )
    share_case(case=case, terms=terms, by=cast.people["officer"], at=cast.ago(days))


def _score(
    cast: Cast,
    case: Case,
    person: Person,
    days: float,
    kind: AssessmentKind,
    option: int,
    risk: Risk | None = None,
) -> None:
    """Each question answered with its option of that number, or its last one."""
    at = cast.ago(days)
    template = template_on(case.partnership, local_day(at))
    assert template is not None  # noqa: S101 -- each new partnership gets one
    answers = {}
    for question in questions_of(template):
        options = sorted_options(question)
        answers[question] = options[min(option, len(options) - 1)]
    latest = latest_assessments(case).get(person.pk)
    score_person(
        case=case,
        person=person,
        template=template,
        kind=kind,
        answers=answers,
        seen=latest.pk if latest else None,
        risk=risk,
        override_reason="The landlord has moved the household away" if risk else "",
        by=cast.people["officer"],
        at=at,
    )


def _notes(cast: Cast, case: Case, officer: User, housing: User) -> None:
    written = (
        (
            officer,
            17,
            NoteKind.FACT,
            "Saw the broken window and the bottles in the garden.",
            Audience.SHARED,
            "",
        ),
        (
            officer,
            12,
            NoteKind.OPINION,
            "The caller plays it down; she seemed frightened when he walked past.",
            Audience.TEAM,
            "",
        ),
        (
            housing,
            11,
            NoteKind.INFORMATION,
            "Two tenancy cautions in the last year, both for noise.",
            Audience.SHARED,
            "A neighbour who does not want to be known",
        ),
    )
    for by, days, kind, text, audience, source in written:
        details = NoteDetails(
            kind=kind, text=text, audience=audience, source=source, source_confidential=bool(source)
        )
        add_note(case=case, details=details, by=by, at=cast.ago(days))
    diary = EvidenceDetails(
        kind=EvidenceKind.DIARY,
        description="Diary sheets of two weekends",
        obtained_on=local_day(cast.ago(8)),
        source="The complainant",
    )
    file = ContentFile(DIARY, name="diary-sheets.txt")
    add_evidence(case=case, details=diary, files=[file], by=officer, at=cast.ago(8))


def _contacts(cast: Cast, case: Case, officer: User) -> None:
    first, *others = victims_of(case)
    spoke = (first, 19, ContactResult.SPOKE, "Explained what we do next. She keeps a diary.")
    missed = [(person, days, ContactResult.NO_ANSWER, "") for person in others[:1] for days in (6, 3)]
    for person, days, result, text in (spoke, *missed):
        contact_log.log_contact(
            case=case,
            person=person,
            way=ContactWay.PHONE,
            result=result,
            text=text,
            by=officer,
            at=cast.ago(days),
        )


def _warning(cast: Cast, case: Case, officer: User) -> None:
    subject = Person.objects.get(partnership=case.partnership, name="Danny Pryce")
    warning = add_power(
        case=case,
        details=PowerDetails(
            kind=InterventionKind.CPW,
            issuer=case.lead,
            issued_by="Alex Officer, community safety officer",
            person=subject,
            grounds="Loud music and shouting on nine nights, which goes on after two talks",
            conditions=(
                (ConditionKind.PROHIBITION, "play music that can be heard outside the flat after 11pm"),
                (ConditionKind.PROHIBITION, "shout at or threaten any neighbour"),
            ),
        ),
        by=officer,
        at=cast.ago(11),
    )
    served = Served(
        served_at=cast.ago(10), service_method=ServiceMethod.HAND, served_to="Him, at the door of the flat"
    )
    serve_power(
        power=warning, served=served, by=officer, at=cast.ago(10), reason="Age confirmed from the tenancy"
    )


def _sheet(cast: Cast, case: Case, officer: User) -> None:
    before = problem.sheet_of(case)
    after = problem.Sheet(
        objective="Quiet nights for both households by the end of the quarter",
        measure="Nights with noise in the diaries, each fortnight",
        problem="Noise and threats from one flat, worst when two visitors stay",
        pattern="Friday and Saturday, 11pm to 4am",
        victim="Two households; one person lives alone. The landlord and we look in",
        offender="A tenant on his own. His probation officer and landlord have a hold on him",
        location="Thin walls, no lock on the yard. The landlord manages the yard",
        tried="Two talks, a letter from the landlord",
        hypothesis="The visitors bring it; without them he is quiet",
        count_what="nights with noise in a fortnight",
        count_before=6,
    )
    problem.edit_sheet(case=case, sheet=after, seen=problem.prints_of(before), by=officer, at=cast.ago(7))


def _ock_street(cast: Cast, case: Case, agreement: SharingAgreement) -> None:
    """A hate case whose victim must not be found, and of which Health knows only that it exists."""
    _describe(case, cast, 158, "A person is followed and abused because of who they are.")
    _share(cast, case, "Police", ShareLevel.FULL, "To investigate a hate crime", agreement, 158)
    _share(cast, case, "Fire and Rescue", ShareLevel.SUMMARY, "Home fire safety visit", agreement, 60)
    _share(cast, case, "Health", ShareLevel.EXISTENCE, "So that they ask us if she comes", agreement, 30)
    _score(cast, case, victims_of(case)[0], 158, AssessmentKind.INTAKE, 2)


def _restricted(cast: Cast, case: Case) -> None:
    restricting.restrict(
        case=case,
        people=[cast.people["second.officer"]],
        reason="The subject is the son of a councillor whom colleagues know",
        by=cast.people["officer"],
        at=cast.ago(69),
    )


def _handed_over(cast: Cast, case: Case) -> None:
    hand_overs.ask_to_take_over(
        case=case,
        to_partner=cast.partners["Soha"],
        reason="The walkways and the bin store are theirs, and their officer is there each week",
        by=cast.people["officer"],
        at=cast.ago(2),
    )


def _ended(cast: Cast, case: Case, *, opened_ago: float, closed_ago: float) -> None:
    officer, manager = cast.people["officer"], cast.people["manager"]
    _describe(case, cast, opened_ago, "Noise in the street outside one house, which has stopped.")
    for person in victims_of(case):
        _score(cast, case, person, opened_ago, AssessmentKind.INTAKE, 1)
        _score(cast, case, person, closed_ago + 1, AssessmentKind.CLOSING, 0)
    statuses.move(
        case=case, to="monitoring", reason="Quiet for a month", by=officer, at=cast.ago(closed_ago + 30)
    )
    outcomes = CaseOutcome.objects.filter(partnership=case.partnership).order_by("position")
    ending = Ending(
        reason=ClosureReason.EARLY,
        note="We talked to both families and a mediator helped them to agree on times.",
        outcomes=list(outcomes[:2]),
        told_how="Told on the phone on the day it was closed, with how to report again",
    )
    propose_closing(case=case, ending=ending, by=manager, at=cast.ago(closed_ago))
