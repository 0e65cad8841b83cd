"""A case with something of every kind in it, and what each reader may read of it."""

import datetime as dt

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
from cases.models import (
    AccessRequest,
    CaseLink,
    CaseMerge,
    CaseNamed,
    Closure,
    Contact,
    DashAssessment,
    Decision,
    FurtherInformation,
    HandOver,
    InterventionBreach,
)
from csp.actions.enums import ActionStatus, UpdateKind
from csp.actions.models import ActionUpdate
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from tests.access.records import TERMS
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
