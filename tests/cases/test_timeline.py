"""The timeline: everything in order, cut to the reader, and the same on paper."""

import datetime as dt
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader

from cases.enums import (
    Audience,
    BreachResponse,
    CaseLinkKind,
    CaseStatus,
    ClosureReason,
    ContactMethod,
    ContactStatus,
    InterventionStatus,
    ReportStatus,
    RequestStatus,
    ServiceMethod,
)
from cases.enums.timeline import TimelineKind
from cases.models import (
    AccessRequest,
    CaseLink,
    CaseMerge,
    CaseNamed,
    CaseShare,
    Closure,
    Contact,
    DashAssessment,
    Decision,
    FurtherInformation,
    HandOver,
    InterventionBreach,
)
from cases.services import timeline
from cases.services.timeline import timeline_of
from csp.actions.enums import ActionStatus, UpdateKind
from csp.actions.models import ActionUpdate
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.access.records import TERMS
from tests.counting import queries_of
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, PlaceFactory, ReportFactory
from tests.factories.casework import (
    CaseContactFactory,
    EvidenceFactory,
    InterventionFactory,
    NoteFactory,
    RiskAssessmentFactory,
    RiskTemplateFactory,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


class Scene:
    """A case with something of every kind, its readers, and somebody kept safe from being found."""

    def __init__(self):
        self.team = PartnerFactory(receiving=True, name="Community Safety")
        self.officer = user_at(self.team, Role.OFFICER, name="Ada Officer")
        self.case = CaseFactory(lead=self.team, title="Noise at night")
        self.housing = self.share("Soha", ShareLevel.FULL)
        self.police = self.share("Police", ShareLevel.SUMMARY)
        self.template = RiskTemplateFactory(lead=self.team)
        self.at = NOON
        hidden = PlaceFactory(lead=self.team, address="17 Hidden Lane")
        self.person = PersonFactory(
            lead=self.team,
            name="Wilma Quarr",
            place=hidden,
            phone="07700 900417",
            email="wilma@quarr.example",
            do_not_disclose=True,
        )

    def share(self, name, level):
        partner = PartnerFactory(partnership=self.team.partnership, name=name)
        sharing.share(record=self.case, to_partner=partner, level=level, by=None, at=NOON, **TERMS)
        return user_at(partner, Role.PRACTITIONER, name=f"Colleague at {name}")

    def later(self):
        self.at += HOUR
        return self.at

    def fill(self):
        for part in (self.reports, self.writings, self.work, self.actions, self.access, self.joins, self.end):
            part()
        return self

    def reports(self):
        joined = {"case": self.case, "status": ReportStatus.JOINED, "clock_stopped_at": NOON}
        report = ReportFactory(lead=self.team, what_happened="Drums until two", **joined)
        sharing.grant(record=report, partner=self.housing.seats[0].partner, level=ShareLevel.FULL)
        FurtherInformation.objects.create(report=report, text="Drums again", at=self.later())
        Decision.objects.create(
            report=report,
            outcome=ReportStatus.JOINED,
            reason="Triage reason",
            case=self.case,
            by=self.officer,
            at=self.later(),
        )
        self.report = report

    def writings(self):
        given = {"case": self.case, "by": self.officer}
        NoteFactory(
            **given, text="Note for all", source="Mrs Gale", source_confidential=True, at=self.later()
        )
        NoteFactory(**given, text="Note for the team", audience=Audience.TEAM, at=self.later())
        EvidenceFactory(**given, description="Evidence for all", at=self.later())
        CaseContactFactory(
            **given, person=self.person, text="Talk for all", audience=Audience.SHARED, at=self.later()
        )
        CaseContactFactory(**given, text="Talk for the team", at=self.later())
        Contact.objects.create(
            partnership=self.team.partnership,
            case=self.case,
            person=self.person,
            method=ContactMethod.LETTER,
            subject="How your case goes",
            body="Letter body",
            address="17 Hidden Lane",
            status=ContactStatus.TO_DO,
            made_at=self.later(),
        )

    def work(self):
        given = {"case": self.case, "by": self.officer}
        RiskAssessmentFactory(
            **given, person=self.person, template=self.template, note="Risk words", at=self.later()
        )
        DashAssessment.objects.create(
            **given, person=self.person, done_on=NOON.date(), ticks=15, judgement="Dash words", at=NOON
        )
        power = InterventionFactory(
            case=self.case,
            made_by=self.officer,
            place=self.person.place,
            grounds="Power words",
            status=InterventionStatus.ENDED,
            served_at=self.later(),
            service_method=ServiceMethod.HAND,
            appealed_on=dt.date(2026, 3, 6),
            appeal_result="Appeal words",
            ended_on=dt.date(2026, 3, 7),
            outcome="Ended words",
        )
        InterventionBreach.objects.create(
            intervention=power,
            happened_on=dt.date(2026, 3, 5),
            what="Breach words",
            response=BreachResponse.WARNING,
            by=self.officer,
            at=NOON,
        )

    def actions(self):
        for user, text in ((self.housing, "Visit the tenant"), (self.police, "Patrol at night")):
            action = ActionFactory(
                lead=self.team,
                owner=user.seats[0].partner,
                target=self.case,
                text=text,
                asked_at=self.later(),
                due_on=dt.date(2026, 4, 1),
            )
            ActionUpdate.objects.create(
                action=action,
                kind=UpdateKind.PROGRESS,
                by=user,
                at=self.later(),
                text=f"Doing: {text}",
                status=ActionStatus.IN_PROGRESS,
            )

    def access(self):
        health = PartnerFactory(partnership=self.team.partnership, name="Health")
        share = sharing.share(
            record=self.case, to_partner=health, level=ShareLevel.SUMMARY, by=None, at=self.later(), **TERMS
        )
        sharing.end_share(share=share, reason="Health is done", by=self.officer, at=self.later())
        for user, why in ((self.housing, "Housing asks"), (self.police, "Police asks")):
            AccessRequest.objects.create(
                case=self.case,
                partner=user.seats[0].partner,
                level=ShareLevel.CONTRIBUTE,
                why=why,
                asked_by=user,
                asked_at=self.later(),
            )
        HandOver.objects.create(
            case=self.case,
            from_partner=self.team,
            to_partner=health,
            reason="Hand-over words",
            asked_by=self.officer,
            asked_at=self.later(),
            status=RequestStatus.DECLINED,
            answered_at=self.later(),
            answer="No nurse",
        )
        CaseNamed.objects.create(
            case=self.case, user=self.officer, reason="Named words", added_at=self.later(), ended_at=self.at
        )

    def joins(self):
        gone = CaseFactory(lead=self.team, merged_into=self.case, status="cancelled", ended_at=NOON)
        NoteFactory(case=gone, text="Note of the merged case", at=self.later())
        other = CaseFactory(lead=self.team)
        given = {"reason": "Merge words", "by": self.officer, "status_before": "open"}
        CaseMerge.objects.create(kept=self.case, gone=gone, at=self.later(), **given)
        CaseLink.objects.create(
            case=self.case,
            other=other,
            kind=CaseLinkKind.RELATED,
            why="Link words",
            made_by=self.officer,
            made_at=self.later(),
        )
        self.gone, self.other = gone, other

    def end(self):
        Closure.objects.create(
            case=self.case,
            reason=ClosureReason.FORMAL,
            note="Closing words",
            told_how="By letter",
            proposed_by=self.officer,
            proposed_at=self.later(),
            approved_by=self.officer,
            approved_at=self.later(),
        )
        self.case.move_to(CaseStatus.MONITORING)
        self.case.title = "Noise at night, and by day"
        self.case.save()


@pytest.fixture
def scene():
    with time_machine.travel(NOON, tick=False):
        yield Scene().fill()


def words(items):
    return "\n".join(f"{item.title}\n{item.text}\n{item.who}" for item in items)


EVERYBODY = ["The case was opened", "The case went from Open - investigating to Monitoring"]
FOR_READERS = [
    "Drums until two",
    "Drums again",
    "Note for all",
    "Evidence for all",
    "Talk for all",
    "Letter to Wilma Quarr: How your case goes",
    "Risk words",
    "DASH for Wilma Quarr: 15 of 24",
    "Power words",
    "served",
    "Appeal words",
    "Ended words",
    "Breach words",
    "Closing words",
    "Closing was agreed",
    "The case was changed: title",
]
FOR_THE_TEAM = [
    "Triage reason",
    "Note for the team",
    "Talk for the team",
    "Mrs Gale",
    "Health is done",
    "Shared with Health",
    "Hand-over words",
    "No nurse",
    "Named words",
    "Merge words",
    "Link words",
    "Note of the merged case",
]
OF_HOUSING = ["Visit the tenant", "Doing: Visit", "Shared with Soha: full", "Housing asks"]
OF_POLICE = ["Patrol at night", "Doing: Patrol", "Shared with Police: summary", "Police asks"]
ADDRESS = ["17 Hidden Lane", "07700 900417", "wilma@quarr.example"]
ALL = [*EVERYBODY, *FOR_READERS, *FOR_THE_TEAM, *OF_HOUSING, *OF_POLICE]
READS = {
    "officer": ALL,
    "housing": [*EVERYBODY, *FOR_READERS, *OF_HOUSING],
    "police": [*EVERYBODY, *OF_POLICE],
}


@pytest.mark.parametrize("reader", READS)
def test_each_reads_what_they_may_and_nothing_else(scene, reader):
    told = words(timeline_of(scene.case, getattr(scene, reader)))

    assert [each for each in READS[reader] if each not in told] == []
    assert [each for each in {*ALL, *ADDRESS} - set(READS[reader]) if each in told] == []


def test_a_summary_names_nobody(scene):
    told = words(timeline_of(scene.case, scene.police))

    assert "Wilma" not in told
    assert scene.report.reference not in told
    assert scene.gone.reference not in told


def test_there_is_something_of_every_kind_in_order(scene):
    items = timeline_of(scene.case, scene.officer)

    assert {item.kind for item in items} == set(TimelineKind)
    assert [item.at for item in items] == sorted((item.at for item in items), reverse=True)


@pytest.mark.parametrize("kind", TimelineKind)
def test_a_kind_is_the_part_of_the_whole(scene, kind):
    whole = timeline_of(scene.case, scene.officer)

    assert timeline_of(scene.case, scene.officer, kinds=[kind]) == [
        item for item in whole if item.kind == kind
    ]


def test_an_agency_is_the_part_of_the_whole(scene):
    soha = scene.housing.seats[0].partner

    items = timeline_of(scene.case, scene.officer, partner=soha)

    assert {item.partner for item in items} == {soha}
    assert "Doing: Visit the tenant" in words(items)


def test_the_number_of_queries_does_not_grow(scene):
    few = queries_of(lambda: timeline_of(scene.case, scene.officer))
    for _ in range(2):
        scene.writings()
        scene.work()
        scene.actions()

    assert len(queries_of(lambda: timeline_of(scene.case, scene.officer))) == len(few)


def open_page(client, scene, reader, name="timeline/", query=""):
    client.force_login(getattr(scene, reader))
    return client.get(f"/cases/{scene.case.reference}/{name}{query}")


def squeezed(text):
    return "".join(text.split())


@pytest.mark.parametrize("reader", READS)
def test_the_paper_says_what_the_page_says(client, scene, reader):
    user = getattr(scene, reader)
    page = squeezed(open_page(client, scene, reader).content.decode())
    paper = open_page(client, scene, reader, "timeline.pdf")
    read = PdfReader(BytesIO(paper.content))
    printed = squeezed("".join(sheet.extract_text() for sheet in read.pages))

    items = timeline_of(scene.case, user)
    for item in items:
        for said in (item.title, item.when, item.byline, *item.text.splitlines()):
            assert squeezed(said) in page
            assert squeezed(said) in printed
    hidden = {*ALL, *ADDRESS} - set(READS[reader])
    assert [each for each in hidden if squeezed(each) in printed or squeezed(each) in page] == []
    assert squeezed(f"Cut to what {user} may see, printed by {user} on 4 March 2026") in printed
    assert squeezed(f"Page 1 of {len(read.pages)}") in printed


def test_printing_is_recorded(client, scene):
    open_page(client, scene, "housing", "timeline.pdf", "?kind=note")

    event = Event.objects.get(verb="case.printed")
    assert event.actor == scene.housing
    assert event.detail == {"what": "timeline", "items": 1, "kinds": ["note"]}


def test_the_page_filters_and_turns_the_order_round(client, scene):
    page = open_page(client, scene, "officer", query="?kind=note&order=oldest").content.decode()

    assert page.index("Note for all") < page.index("Note for the team")
    assert "Drums until two" not in page
    soha = scene.housing.seats[0].partner.pk
    page = open_page(client, scene, "officer", query=f"?agency={soha}").content.decode()
    assert "Doing: Visit the tenant" in page
    assert "Doing: Patrol" not in page


def test_nonsense_narrows_nothing(client, scene):
    page = open_page(client, scene, "officer", query="?kind=zebra&agency=zebra&order=zebra")

    assert page.content.decode().count("moj-timeline__item") == len(timeline_of(scene.case, scene.officer))


def test_a_very_long_timeline_says_that_it_is_cut(client, scene, monkeypatch):
    monkeypatch.setattr("cases.views.timeline.MOST_ITEMS", 5)

    page = " ".join(open_page(client, scene, "officer").content.decode().split())

    left = len(timeline_of(scene.case, scene.officer)) - 5
    assert page.count("moj-timeline__item") == 5
    assert f"The newest 5 entries are shown, and {left} older ones are not" in page


def test_a_stranger_finds_no_timeline(client, scene):
    client.force_login(user_at(PartnerFactory(partnership=scene.team.partnership)))

    for name in ("timeline/", "timeline.pdf"):
        assert client.get(f"/cases/{scene.case.reference}/{name}").status_code == 404


def test_a_share_that_ended_closes_the_timeline(client, scene):
    share = CaseShare.objects.get(to_partner=scene.housing.seats[0].partner)
    sharing.end_share(share=share, reason="Done", by=scene.officer, at=NOON)

    assert open_page(client, scene, "housing").status_code == 404
    assert timeline_of(scene.case, scene.housing) == []


def test_sources_cover_every_kind():
    assert set(timeline.SOURCES) == set(TimelineKind)
