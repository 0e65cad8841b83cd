import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import LinkRole, ReleaseDecision
from cases.models import Person
from cases.services import subject_access
from cases.services.gathering import TAKEN_OUT, gather, take_out
from cases.services.subject_access import CannotAnswer
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, PersonFactory, PlaceFactory, ReportFactory, ReportPersonFactory
from tests.factories.casework import CaseNamedFactory, CasePersonFactory, NoteFactory

NOON = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def officer(team):
    return user_at(team, Role.AUDITOR)


@pytest.fixture
def subject(team):
    return PersonFactory(lead=team, name="Danny Pryce")


@pytest.fixture
def held(team, subject):
    place = PlaceFactory(lead=team, address="4 Mill Road, Didcot")
    caller = PersonFactory(lead=team, name="Ann Brown", phone="01235 555 0101", place=place)
    report = ReportFactory(lead=team, what_happened="Danny Pryce shouted at ANN, of 4 Mill Road, brownly")
    ReportPersonFactory(report=report, person=caller)
    ReportPersonFactory(report=report, person=subject, role=LinkRole.SUBJECT, is_caller=False)
    return report


def opened(subject, team, by, received_on=dt.date(2026, 1, 31)):
    return subject_access.open_access(
        person=subject, partner=team, received_on=received_on, identity="Passport seen", by=by, at=NOON
    )


@pytest.mark.django_db
def test_gathers_what_the_team_leads_and_proposes_it_without_others(team, officer, subject, held):
    elsewhere = ReportFactory(lead=PartnerFactory(partnership=team.partnership), what_happened="Not ours")
    ReportPersonFactory(report=elsewhere, person=subject, role=LinkRole.SUBJECT, is_caller=False)

    found = gather(subject, team, officer)

    (said,) = [each for each in found if each.source == f"Report {held}, what happened"]
    assert said.without_others == (f"Danny Pryce shouted at {TAKEN_OUT}, of {TAKEN_OUT}, brownly")
    assert not any("Not ours" in each.text for each in found)


@pytest.mark.django_db
def test_a_confidential_source_is_not_even_gathered(team, officer, subject):
    case = CaseFactory(lead=team)
    CasePersonFactory(case=case, person=subject, role=LinkRole.SUBJECT)
    NoteFactory(case=case, text="Seen at the gate", source="Mrs Ali", source_confidential=True)

    texts = " ".join(each.text for each in gather(subject, team, officer))

    assert "Seen at the gate" in texts
    assert "Ali" not in texts


@pytest.mark.django_db
@pytest.mark.parametrize("named", [True, False])
def test_what_is_restricted_is_for_those_named_to_release(team, officer, subject, named):
    case = CaseFactory(lead=team, restricted=True, restricted_because="Sensitive")
    CasePersonFactory(case=case, person=subject, role=LinkRole.SUBJECT)
    report = ReportFactory(lead=team, case=case, status="joined", what_happened="Words of a closed report")
    ReportPersonFactory(report=report, person=subject, role=LinkRole.SUBJECT, is_caller=False)
    NoteFactory(case=case, text="Words of a closed note")
    if named:
        CaseNamedFactory(case=case, user=officer)

    texts = " ".join(each.text for each in gather(subject, team, officer))

    assert ("Words of a closed report" in texts, "Words of a closed note" in texts) == (named, named)
    assert ("This case is restricted" in texts) != named


@pytest.mark.django_db
def test_a_note_for_named_people_is_for_them_to_release(team, officer, subject):
    case = CaseFactory(lead=team)
    CasePersonFactory(case=case, person=subject, role=LinkRole.SUBJECT)
    NoteFactory(case=case, text="For two of us", audience="named")

    texts = " ".join(each.text for each in gather(subject, team, officer))

    assert "For two of us" not in texts
    assert "A note for named people" in texts


@pytest.mark.django_db
def test_what_is_held_under_a_merged_name_is_gathered_too(team, officer, subject, held):
    kept = PersonFactory(lead=team, name="Daniel Pryce")
    Person.objects.filter(pk=subject.pk).update(merged_into=kept)

    assert any(each.source.startswith(f"Report {held}") for each in gather(kept, team, officer))


@given(name=st.sampled_from(["Ann Brown", "O'Neill", "Zoë (Bo)"]), around=st.text("ab ", max_size=9))
def test_a_whole_name_is_always_taken_out(name, around):
    text = f"{around} {name.upper()}, {around}"

    assert name.casefold() not in take_out(text, [name]).casefold()


@pytest.mark.django_db
def test_the_answer_is_due_in_a_month(team, officer, subject):
    access = opened(subject, team, officer)

    assert access.due_on == dt.date(2026, 2, 28)
    assert Event.objects.get().verb == "subject_access.opened"


@pytest.mark.django_db
def test_request_from_the_future_and_a_second_one_are_refused(team, officer, subject):
    with pytest.raises(CannotAnswer, match="today or in the past"):
        opened(subject, team, officer, dt.date(2026, 2, 1))
    opened(subject, team, officer)
    with pytest.raises(CannotAnswer, match="being answered already"):
        opened(subject, team, officer)


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "allowed"), [(27, True), (28, True), (29, False)])
def test_time_is_extended_once_and_only_while_it_runs(team, officer, subject, day, allowed):
    access = opened(subject, team, officer)
    at = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=day - 1)

    if not allowed:
        with pytest.raises(CannotAnswer, match="It was due on 28 February 2026"):
            subject_access.extend_access(access=access, because="Many files", by=officer, at=at)
        return
    later = subject_access.extend_access(access=access, because="Many files", by=officer, at=at)
    assert later.due_on == dt.date(2026, 4, 30)
    with pytest.raises(CannotAnswer, match="extended already"):
        subject_access.extend_access(access=access, because="More", by=officer, at=at)


@pytest.mark.django_db
def test_nothing_is_ready_before_each_item_is_decided(team, officer, subject, held):
    access = opened(subject, team, officer)
    with pytest.raises(CannotAnswer, match="Decide the 2 items"):
        subject_access.make_ready(access=access, by=officer, at=NOON)
    with pytest.raises(CannotAnswer, match="ready first"):
        subject_access.access_pdf(access=access, by=officer, at=NOON)

    for item in access.items.all():
        subject_access.decide_item(item=item, decision=ReleaseDecision.RELEASE, by=officer, at=NOON)
    ready = subject_access.make_ready(access=access, by=officer, at=NOON)

    assert ready.status == "ready"
    assert subject_access.mark_sent(access=access, by=officer, at=NOON).ended_by == officer


@pytest.mark.django_db
@pytest.mark.parametrize("decision", [ReleaseDecision.REDACT, ReleaseDecision.WITHHOLD])
def test_what_is_kept_back_says_why(team, officer, subject, held, decision):
    item = opened(subject, team, officer).items.last()
    given = {"item": item, "decision": decision, "released": "Some words", "by": officer, "at": NOON}

    for missing in ({"exemption": "", "reason": "x"}, {"exemption": "crime", "reason": " "}):
        with pytest.raises(CannotAnswer, match="Choose the exemption"):
            subject_access.decide_item(**given, **missing)
    kept = subject_access.decide_item(**given, exemption="crime", reason="Enquiry under way")

    assert kept.released == ("" if decision == ReleaseDecision.WITHHOLD else "Some words")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("left", "refusal"),
    [
        ("{0}", "Nothing has been taken out"),
        ("{0}\r\n", "Nothing has been taken out"),
        (" ", "Nothing is left"),
    ],
)
def test_redacting_takes_something_out_and_leaves_something(team, officer, subject, held, left, refusal):
    item = opened(subject, team, officer).items.last()

    with pytest.raises(CannotAnswer, match=refusal):
        subject_access.decide_item(
            item=item, decision=ReleaseDecision.REDACT, exemption="crime", reason="x", by=officer, at=NOON,
            released=left.format(item.text.replace("\n", "\r\n")),
        )  # fmt: skip


@pytest.mark.django_db
def test_person_record_says_all_that_is_kept_about_them(team, officer):
    kept = {
        "name": "Zoe Zander", "known_as": "Zed", "phone": "01235 000111", "email": "zoe@home.example",
        "contact_when": "mornings", "contact_avoid": "not on Fridays", "contact_warning": "A dog",
        "language": "Sign language", "gender": "Woman",
    }  # fmt: skip
    person = PersonFactory(partnership=team.partnership, vulnerability=["situational"], **kept)

    (about,) = [each.text for each in gather(person, team, officer) if each.source == "Person record"]

    assert [words for words in kept.values() if words not in about] == []
    assert "What makes harm worse for them: Lives alone, isolated" in about
