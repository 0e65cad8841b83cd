"""Two people found to be one, and told apart again."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases.enums import LinkRole
from cases.models import Alias, CasePerson, Person, PersonMerge, Report, ReportPerson, RiskAssessment
from cases.services.people import PersonEntry, add_person, link_person
from cases.services.person_merging import CannotMerge, merge_people, unmerge_people
from cases.services.search import search_people
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, ReportFactory, ReportPersonFactory
from tests.factories.casework import (
    CasePersonFactory,
    InterventionFactory,
    RiskAssessmentFactory,
    RiskTemplateFactory,
)

TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "They visit", "consent": "given"}


@pytest.fixture
def team(db):
    return PartnerFactory(receiving=True)


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER)


def person(team, report=None, **fields):
    made = PersonFactory(partnership=team.partnership, **fields)
    ReportPersonFactory(report=report or ReportFactory(lead=team), person=made)
    return made


def merge(kept, gone, by, reason="Same phone"):
    return merge_people(kept=kept, gone=gone, reason=reason, by=by, at=NOON)


def unmerge(merged, by):
    return unmerge_people(merge=merged, reason="They are twins", by=by, at=NOON)


def test_merge_keeps_everything_about_both(team, officer):
    ann, anne = person(team, name="Ann Brown"), person(team, name="Anne Braun")
    case = CaseFactory(lead=team)
    CasePersonFactory(case=case, person=anne)
    assessment = RiskAssessmentFactory(case=case, person=anne)
    step = InterventionFactory(case=case, person=anne)
    Alias.objects.create(person=anne, name="Annie", added_at=NOON)

    merged = merge(ann, anne, officer)

    anne.refresh_from_db()
    assert anne.merged_into == ann
    assert (ann.links.count(), ann.case_links.count(), ann.aliases.get().name) == (2, 1, "Annie")
    assert (ann.assessments.get(), ann.interventions.get()) == (assessment, step)
    event = Event.objects.get(verb="person.merged")
    assert (event.target_id, event.reason) == (ann.pk, "Same phone")
    assert event.detail == {"gone": anne.pk, "merge": merged.pk}


def test_merge_fills_gaps_and_keeps_the_stricter(team, officer):
    ann = person(team, phone="07700 900123", phone_key="07700900123", contact_warning="A dog")
    anne = person(
        team, phone="07700 900999", email="anne@example.org", born_on=dt.date(1990, 4, 3),
        do_not_disclose=True, contact_warning="Her brother is violent", vulnerability=["personal"],
    )  # fmt: skip

    merged = merge(ann, anne, officer)

    ann.refresh_from_db()
    assert (ann.phone, ann.email, ann.born_on) == ("07700 900123", "anne@example.org", dt.date(1990, 4, 3))
    assert (ann.do_not_disclose, ann.vulnerability) == (True, ["personal"])
    assert ann.contact_warning == "A dog. Her brother is violent"

    unmerge(merged, officer)

    ann.refresh_from_db()
    assert (ann.email, ann.born_on, ann.do_not_disclose, ann.vulnerability) == ("", None, False, [])
    assert ann.contact_warning == "A dog"


def test_unmerge_leaves_what_came_since(team, officer):
    ann, anne = person(team), person(team)
    merged = merge(ann, anne, officer)
    Person.objects.filter(pk=ann.pk).update(language="Polish")
    new = ReportPersonFactory(report=ReportFactory(lead=team), person=ann)

    unmerge(merged, officer)

    ann.refresh_from_db()
    assert ann.language == "Polish"
    assert ReportPerson.objects.get(pk=new.pk).person == ann
    assert anne.links.count() == 1


def test_who_is_in_one_report_twice_is_in_it_once_and_twice_again(team, officer):
    report = ReportFactory(lead=team)
    ann = PersonFactory(partnership=team.partnership)
    ReportPersonFactory(report=report, person=ann, is_caller=False)
    anne = person(team, report=report)

    merged = merge(ann, anne, officer)
    assert [(link.person, link.is_caller) for link in report.links.all()] == [(ann, True)]

    unmerge(merged, officer)
    assert {(link.person, link.is_caller) for link in report.links.all()} == {(ann, False), (anne, True)}


def test_search_finds_the_kept_one_by_the_old_name_until_it_is_undone(team, officer):
    ann, zoe = person(team, name="Ann Brown"), person(team, name="Zoe Quill")

    def found():
        return [m.person for m in search_people(user=officer, partnership=team.partnership, text="Zoe Quill")]

    merged = merge(ann, zoe, officer)
    assert found() == [ann]

    unmerge(merged, officer)
    assert found() == [zoe]


def test_known_person_who_was_merged_meanwhile_is_the_one_kept(team, officer):
    ann, anne = person(team), person(team)
    merge(ann, anne, officer)

    entry = PersonEntry(role=LinkRole.VICTIM, person_id=anne.pk)
    linked = link_person(report=ReportFactory(lead=team), entry=entry, may_change=True, by=officer, at=NOON)

    assert linked.person == ann


def test_nobody_is_merged_with_themselves_in_a_ring_or_twice(team, officer):
    one, two, three = person(team, name="One"), person(team, name="Two"), person(team, name="Three")
    with pytest.raises(CannotMerge, match="one and the same"):
        merge(one, one, officer)

    merge(one, two, officer)

    with pytest.raises(CannotMerge, match="Two was found to be One already"):
        merge(two, one, officer)
    with pytest.raises(CannotMerge, match="Two was found to be One already"):
        merge(three, two, officer)
    with pytest.raises(CannotMerge, match="different partnerships"):
        merge(one, person(PartnerFactory(receiving=True)), officer)


def test_merge_is_undone_once_and_the_later_first(team, officer):
    one, two, three = person(team, name="One"), person(team, name="Two"), person(team, name="Three")
    first = merge(two, three, officer)
    second = merge(one, two, officer)

    with pytest.raises(CannotMerge, match="Two was found to be One later"):
        unmerge(first, officer)

    unmerge(second, officer)
    unmerge(first, officer)
    with pytest.raises(CannotMerge, match="undid this already"):
        unmerge(first, officer)
    assert Event.objects.filter(verb="person.unmerged").count() == 2


def test_who_is_protected_by_another_team_is_not_merged(team, officer):
    soha = PartnerFactory(partnership=team.partnership)
    theirs = ReportFactory(lead=soha)
    hidden = person(team, report=theirs, do_not_disclose=True)
    sharing.share(record=theirs, to_partner=team, level=ShareLevel.FULL, by=None, at=NOON, **TERMS)

    with pytest.raises(CannotMerge, match="another team keeps it"):
        merge(person(team), hidden, officer)


def test_warnings_that_do_not_fit_together_are_refused(team, officer):
    with pytest.raises(CannotMerge, match="too long to stand together"):
        merge(person(team, contact_warning="a" * 200), person(team, contact_warning="b" * 200), officer)


PEOPLE, REPORTS = range(4), range(3)
links = st.sets(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(REPORTS), st.sampled_from(LinkRole.values[:2]))
)
callers = st.lists(st.sampled_from(PEOPLE), min_size=3, max_size=3)
steps = st.lists(st.tuples(st.booleans(), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=10)


class AnySequence(TestCase):
    """Whatever is merged and told apart again: nothing is lost, and the gate says what the links say."""

    @settings(max_examples=25, deadline=None)
    @given(
        in_reports=links, in_cases=links, callers=st.lists(st.sampled_from(PEOPLE), min_size=3), steps=steps
    )
    def test_nothing_is_lost(self, in_reports, in_cases, callers, steps):
        world = World(in_reports, in_cases, callers)
        before = world.everything()
        for do, one, other in steps:
            world.merge(one, other) if do else world.unmerge(one)
            world.check()
        while world.standing():
            for number in PEOPLE:
                world.unmerge(number)
        assert world.everything() == before


class World:
    def __init__(self, in_reports, in_cases, callers):
        self.team = PartnerFactory(receiving=True)
        self.soha = PartnerFactory(partnership=self.team.partnership)
        self.officer, self.reader = user_at(self.team, Role.OFFICER), user_at(self.soha)
        self.people = [
            add_person(
                partnership=self.team.partnership,
                entry=PersonEntry(
                    role=LinkRole.VICTIM,
                    name=f"Person {n}",
                    phone="07700 900123" if n % 2 else "",
                    contact_warning=f"Warning {n}" if n else "",
                    do_not_disclose=n == 1,
                ),
                by=None,
                at=NOON,
            )
            for n in PEOPLE
        ]
        self.reports = [ReportFactory(lead=self.team) for _ in REPORTS]
        self.cases = [CaseFactory(lead=self.team) for _ in REPORTS]
        for n in PEOPLE:  # each is known to the team, so that it may merge them
            ReportPersonFactory(report=ReportFactory(lead=self.team), person=self.people[n])
        sharing.share(
            record=self.reports[0], to_partner=self.soha, level=ShareLevel.FULL, by=None, at=NOON, **TERMS
        )
        for n, report, role in sorted(in_reports):
            caller = callers[report] == n and not self.reports[report].links.filter(is_caller=True).exists()
            ReportPersonFactory(
                report=self.reports[report], person=self.people[n], role=role, is_caller=caller
            )
        template = RiskTemplateFactory(lead=self.team)
        for n, case, role in sorted(in_cases):
            CasePersonFactory(case=self.cases[case], person=self.people[n], role=role)
            RiskAssessmentFactory(case=self.cases[case], person=self.people[n], template=template)
        self.told = set(ReportPerson.objects.values_list("person", "report", "role"))

    def standing(self):
        return PersonMerge.objects.filter(undone_at=None)

    def merge(self, one, other):
        try:
            merge(self.people[one], self.people[other], self.officer)
        except CannotMerge:
            return

    def unmerge(self, number):
        for each in self.standing().filter(gone=self.people[number]):
            try:
                unmerge(each, self.officer)
            except CannotMerge:
                return

    def root(self, pk):
        up = dict(Person.objects.values_list("pk", "merged_into"))
        while up[pk]:
            pk = up[pk]
        return pk

    def check(self):
        now = list(ReportPerson.objects.values_list("person", "report", "role"))
        assert sorted(now) == sorted({(self.root(p), report, role) for p, report, role in self.told})
        shared = {self.root(p) for p, report, _ in self.told if report == self.reports[0].pk}
        assert set(Person.objects.visible_to(self.reader).values_list("pk", flat=True)) == shared
        assert Report.objects.readable_by(self.reader).get() == self.reports[0]
        hidden = Person.objects.get(pk=self.root(self.people[1].pk))
        assert hidden.do_not_disclose

    def everything(self):
        models = (Person, ReportPerson, CasePerson, RiskAssessment, Alias)
        return [list(model.objects.order_by("pk").values()) for model in models]
