"""Merging cases and undoing it: nothing is lost, and nobody sees more or less than before."""

import datetime as dt

import pytest
from django.forms.models import model_to_dict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases.enums import CaseStatus
from cases.models import Case, CaseMerge, Note, Report
from cases.services import merging
from cases.services.cases import children
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from csp.core.errors import RuleBroken
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, ReportFactory
from tests.factories.casework import CaseNamedFactory, NoteFactory

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}
HELD = {"status": "on_hold", "held_from": "plan", "hold_reason": "In court", "hold_until": "2026-05-01"}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER)


def state(case):
    return model_to_dict(Case.objects.get(pk=case.pk), exclude=["categories"])


def merge(kept, gone, by):
    return merging.merge(kept=kept, gone=gone, reason="The same noise", by=by, at=NOON)


def undo(merged, by):
    return merging.undo_merge(merge=merged, reason="Two houses", by=by, at=NOON)


@pytest.mark.parametrize("fields", [{}, HELD, {"status": "new"}, {"status": "enforcement"}], ids=str)
def test_undoing_a_merge_puts_everything_back(team, ann, fields):
    kept, gone = CaseFactory(lead=team), CaseFactory(lead=team, **fields)
    before = state(gone)

    merged = merge(kept, gone, ann)

    gone.refresh_from_db()
    assert (gone.status, gone.merged_into, gone.ended_at) == (CaseStatus.CANCELLED, kept, NOON)
    assert list(kept.family.order_by("pk")) == [kept, gone]
    undo(merged, ann)
    assert state(gone) == before
    assert list(kept.family) == [kept]
    verbs = Event.objects.filter(target_id=gone.pk, target_type="cases.case").order_by("pk")
    assert [event.verb for event in verbs][-2:] == ["case.merged", "case.unmerged"]


DUE = NOON.date()
SOON, LATE = DUE + dt.timedelta(days=9), DUE - dt.timedelta(days=9)


def test_case_that_was_kept_has_its_own_clocks_again(team, ann):
    kept = CaseFactory(lead=team, update_due_on=SOON, risk_due_on=None)
    gone = CaseFactory(lead=team, update_due_on=LATE, risk_due_on=LATE, risk_due_because="New incident")

    merged = merge(kept, gone, ann)
    kept.refresh_from_db()
    assert (kept.update_due_on, kept.risk_due_on, kept.risk_due_because) == (LATE, LATE, "New incident")

    undo(merged, ann)
    kept.refresh_from_db()
    assert (kept.update_due_on, kept.risk_due_on, kept.risk_due_because) == (SOON, None, "")


def test_clock_that_was_set_since_the_merge_stays(team, ann):
    kept, gone = CaseFactory(lead=team, update_due_on=SOON), CaseFactory(lead=team, update_due_on=LATE)
    merged = merge(kept, gone, ann)
    Case.objects.filter(pk=kept.pk).update(update_due_on=DUE)

    undo(merged, ann)

    kept.refresh_from_db()
    assert kept.update_due_on == DUE


def test_a_merge_is_undone_once(team, ann):
    merged = merge(CaseFactory(lead=team), CaseFactory(lead=team), ann)
    undo(merged, ann)

    with pytest.raises(merging.CannotMerge, match="undone already"):
        undo(merged, ann)


def test_who_waits_to_hear_from_us_does_not_wait_longer(team, ann):
    kept = CaseFactory(lead=team, update_due_on="2026-04-10")
    gone = CaseFactory(lead=team, update_due_on="2026-04-02", risk_due_on="2026-04-03")

    merge(kept, gone, ann)

    kept.refresh_from_db()
    assert (str(kept.update_due_on), str(kept.risk_due_on)) == ("2026-04-02", "2026-04-03")


def refusal(kept, gone, by):
    with pytest.raises(merging.CannotMerge) as caught:
        merge(kept, gone, by)
    return str(caught.value)


def test_what_cannot_be_merged_says_why(team, ann):
    case, other, part = (CaseFactory(lead=team) for _ in range(3))
    soha = PartnerFactory(partnership=team.partnership, name="Soha")

    assert "into itself" in refusal(case, case, ann)
    assert "another partnership" in refusal(case, CaseFactory(), ann)
    assert "is led by Soha" in refusal(case, CaseFactory(lead=soha), ann)
    for status in (CaseStatus.CLOSED, CaseStatus.CANCELLED):
        ended = CaseFactory(lead=team, status=status, ended_at=NOON)
        assert "Only open cases can be merged" in refusal(case, ended, ann)
        assert "Only open cases can be merged" in refusal(ended, case, ann)
    pending = CaseFactory(lead=team, status=CaseStatus.PENDING)
    assert "Decide that first" in refusal(case, pending, ann)
    merge(other, part, ann)
    assert f"merge {case} into {other} instead" in refusal(case, other, ann)
    assert "round in a ring" in refusal(part, other, ann)
    assert f"is merged into {other}. Use that case" in refusal(case, part, ann)
    assert CaseMerge.objects.count() == 1


def test_a_restricted_case_becomes_no_part_of_one_that_more_people_see(team, ann):
    kept, gone = CaseFactory(lead=team), CaseFactory(lead=team, restricted=True, restricted_because="Kin")
    CaseNamedFactory(case=gone, user=ann)

    assert "is open to more people" in refusal(kept, gone, ann)
    Case.objects.filter(pk=kept.pk).update(restricted=True, restricted_because="Kin")
    other = CaseNamedFactory(case=kept, user=user_at(team))
    assert "is open to more people" in refusal(kept, gone, ann)
    other.delete()
    CaseNamedFactory(case=kept, user=ann)
    merge(kept, gone, ann)


def test_children_of_the_family_show_each_through_its_own_gate(team, ann):
    soha = PartnerFactory(partnership=team.partnership)
    tenant_officer = user_at(soha)
    kept, gone = CaseFactory(lead=team), CaseFactory(lead=team)
    sharing.share(record=kept, to_partner=soha, level=3, at=NOON, **TERMS)
    notes = [NoteFactory(case=kept), NoteFactory(case=gone)]
    merge(kept, gone, ann)

    assert set(children(Note, kept, ann)) == set(notes)
    assert list(children(Note, kept, tenant_officer)) == notes[:1]


def test_the_preview_says_which_agencies_see_only_one_of_them(team, ann):
    soha, police = (PartnerFactory(partnership=team.partnership, name=name) for name in ("Soha", "Police"))
    kept, gone = CaseFactory(lead=team), CaseFactory(lead=team)
    for case, partner in ((kept, soha), (gone, police), (kept, ann.seats[0].partner)):
        if partner != team:
            sharing.share(record=case, to_partner=partner, level=3, at=NOON, **TERMS)
    ReportFactory(lead=team, status="joined", case=gone)

    shown = merging.preview(kept=kept, gone=gone, at=NOON)

    assert (shown.only_kept, shown.only_gone, shown.reports, shown.actions) == ([soha], [police], 1, 0)


CASES = 4
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.integers(0, CASES - 1), st.integers(0, CASES - 1)),
        st.tuples(st.just("undo"), st.integers(0, 20), st.just(0)),
    ),
    max_size=12,
)


class AnySequence(TestCase):
    """Whatever is merged and undone, in whatever order."""

    def setUp(self):
        team = PartnerFactory(receiving=True)
        soha = PartnerFactory(partnership=team.partnership)
        self.ann, self.sam = user_at(team, Role.OFFICER), user_at(soha)
        fields = [{}, HELD, {"status": "plan"}, {"status": "new"}]
        self.cases = [CaseFactory(lead=team, **each) for each in fields]
        for case in self.cases[:2]:
            sharing.share(record=case, to_partner=soha, level=3, at=NOON, **TERMS)
        for case in self.cases:
            NoteFactory(case=case)
            ReportFactory(lead=team, status="joined", case=case)

    def seen(self):
        """What each of them sees of every kind: a merge must change none of it."""
        return {
            (user.pk, model): set(model.objects.visible_to(user).values_list("pk", flat=True))
            for user in (self.ann, self.sam)
            for model in (Case, Note, Report)
        }

    def do(self, step):
        verb, first, second = step
        if verb == "merge":
            merge(self.cases[first], self.cases[second], self.ann)
        else:
            merges = list(CaseMerge.objects.order_by("pk"))
            if merges:
                undo(merges[first % len(merges)], self.ann)

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_nothing_is_lost_and_nobody_sees_more_or_less(self, steps):
        before, seen = [state(case) for case in self.cases], self.seen()

        for step in steps:
            try:
                self.do(step)
            except RuleBroken:
                continue
            finally:
                assert self.seen() == seen
                self.no_chain()
        for merged in CaseMerge.objects.filter(undone_at=None):
            undo(merged, self.ann)

        assert [state(case) for case in self.cases] == before

    def no_chain(self):
        """A case is part of one that is part of nothing: so there is no ring either."""
        for case in Case.objects.exclude(merged_into=None).select_related("merged_into"):
            assert case.merged_into.merged_into_id is None
            assert case.merges_away.filter(undone_at=None).get().kept_id == case.merged_into_id
        families = [set(case.family) for case in Case.objects.filter(merged_into=None)]
        assert sum(len(family) for family in families) == Case.objects.count()
