"""Pages of a person: everything for those allowed, putting right, merging, and who is in a case."""

import datetime as dt
import json

import pytest

from cases.enums import LinkRole
from cases.models import Alias, CasePerson, InterventionBreach, Person, PersonMerge
from cases.services.person_candidates import candidates_for, likely_duplicates
from cases.services.person_edits import details_of, edit_person, prints_of
from cases.services.person_merging import merge_people
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import (
    NOON,
    CaseFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)
from tests.factories.casework import (
    CasePersonFactory,
    InterventionFactory,
    RiskAssessmentFactory,
    RiskTemplateFactory,
)

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "They visit", "consent": "given"}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def officer(team, client):
    user = user_at(team, Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def ann(team):
    person = PersonFactory(partnership=team.partnership, name="Ann Brown", contact_warning="A dog")
    ReportPersonFactory(report=ReportFactory(lead=team), person=person)
    return person


def shared(record, level=ShareLevel.FULL, partner=None):
    partner = partner or PartnerFactory(partnership=record.partnership)
    sharing.share(record=record, to_partner=partner, level=level, by=None, at=NOON, **TERMS)
    return user_at(partner)


def page_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def typed_of(person, **changed):
    """The form of the edit page as it would be sent."""
    details = details_of(person)
    typed = {
        name: value
        for name, value in vars(details).items()
        if isinstance(value, str) and value and name != "aliases"
    }
    return typed | {"aliases": "\n".join(details.aliases), "seen": json.dumps(prints_of(details))} | changed


def test_subject_page_shows_what_was_done_first(client, officer, team, ann):
    case = CaseFactory(lead=team)
    CasePersonFactory(case=case, person=ann, role=LinkRole.SUBJECT)
    step = InterventionFactory(case=case, person=ann)
    InterventionBreach.objects.create(
        intervention=step, happened_on=dt.date(2026, 3, 1), what="Threw a bottle", response="warning",
        by=officer, at=NOON,
    )  # fmt: skip

    page = page_of(client, f"/people/{ann.pk}/")

    assert page.index("Named as subject in") < page.index(step.get_kind_display()) < page.index("Also in")
    assert "Threw a bottle" in page
    assert case.reference in page


def test_victim_page_shows_risk_over_time_of_cases_the_reader_reads(client, officer, team, ann):
    case, theirs = CaseFactory(lead=team), CaseFactory(lead=PartnerFactory(partnership=team.partnership))
    template = RiskTemplateFactory(lead=team)
    for each in (case, theirs):
        CasePersonFactory(case=each, person=ann)
        RiskAssessmentFactory(case=each, person=ann, template=template)

    page = page_of(client, f"/people/{ann.pk}/")

    assert "Score 14" in page
    assert case.reference in page
    assert theirs.reference not in page


def test_page_of_somebody_merged_leads_to_the_one_kept(client, officer, team, ann):
    anne = PersonFactory(partnership=team.partnership)
    ReportPersonFactory(report=ReportFactory(lead=team), person=anne)
    merge_people(kept=ann, gone=anne, reason="Same", by=officer, at=NOON)

    assert client.get(f"/people/{anne.pk}/").url == f"/people/{ann.pk}/"
    client.force_login(user_at(PartnerFactory(partnership=team.partnership)))
    assert client.get(f"/people/{anne.pk}/").status_code == 404


def test_edit_saves_every_field_and_is_recorded_by_field(client, officer, ann):
    answer = client.post(
        f"/people/{ann.pk}/edit/",
        typed_of(ann, aliases="Annie\n annie \nNan", born_on="3.4.1990", phone="07700 900123",
                 address="4 Mill Road, OX11 7AA", do_not_disclose="on", vulnerability=["personal"]),
    )  # fmt: skip

    assert answer.url == f"/people/{ann.pk}/"
    ann.refresh_from_db()
    assert (ann.born_on, ann.phone_key, ann.do_not_disclose) == (dt.date(1990, 4, 3), "07700900123", True)
    assert [str(alias) for alias in ann.aliases.order_by("pk")] == ["annie", "Nan"]
    assert (ann.place.address, ann.place.postcode) == ("4 Mill Road", "OX11 7AA")
    assert "nan" in ann.search_key
    event = Event.objects.get(verb="person.changed")
    assert "born_on" in event.detail["fields"]
    assert "1990" not in str(event.detail)


@pytest.mark.parametrize(
    ("born", "words"),
    [
        ("31.12.1899", "Date of birth must be 1 January 1900 or later"),
        ("1.1.2999", "Date of birth must be today or in the past"),
        ("31.2.1990", "Date of birth must be a real date"),
    ],
)
def test_edit_refuses_a_day_nobody_was_born_on_and_keeps_the_rest(client, officer, ann, born, words):
    page = client.post(
        f"/people/{ann.pk}/edit/", typed_of(ann, born_on=born, known_as="Nan")
    ).content.decode()

    assert words in page
    assert 'value="Nan"' in page
    assert not Event.objects.filter(verb="person.changed").exists()


def test_edit_accepts_the_first_day_of_1900(client, officer, ann):
    assert client.post(f"/people/{ann.pk}/edit/", typed_of(ann, born_on="1.1.1900")).status_code == 302


def test_edit_warns_of_an_incident_before_birth(client, officer, ann):
    ann.reports.update(occurred_on=dt.date(2026, 3, 1))

    page = client.post(
        f"/people/{ann.pk}/edit/", typed_of(ann, born_on="2.3.2026"), follow=True
    ).content.decode()

    assert "tells of something before they were born" in page


def test_edit_of_two_at_once_tells_the_second(client, officer, ann):
    mine = typed_of(ann, known_as="Nan")
    other = details_of(ann)
    edit_person(
        person=ann,
        details=type(other)(**vars(other) | {"language": "Polish"}),
        seen=prints_of(other),
        by=officer,
        at=NOON,
    )

    page = client.post(f"/people/{ann.pk}/edit/", mine).content.decode()

    assert "Somebody else changed this person while you had it open" in page
    assert 'value="Nan"' in page
    assert 'value="Polish"' in page
    ann.refresh_from_db()
    assert (ann.known_as, ann.language) == ("", "Polish")


def test_edit_is_for_the_team_that_leads_something_with_them(client, officer, ann):
    client.force_login(shared(ann.reports.get(), ShareLevel.CONTRIBUTE))
    assert client.get(f"/people/{ann.pk}/edit/").status_code == 403

    theirs = PartnerFactory(partnership=ann.partnership)
    CasePersonFactory(case=CaseFactory(lead=theirs), person=ann)
    client.force_login(user_at(theirs))
    assert client.get(f"/people/{ann.pk}/edit/").status_code == 200

    client.force_login(user_at(PartnerFactory(partnership=ann.partnership)))
    assert client.get(f"/people/{ann.pk}/edit/").status_code == 404


def known_twice(team, **fields):
    other = PersonFactory(partnership=team.partnership, **fields)
    ReportPersonFactory(report=ReportFactory(lead=team), person=other)
    return other


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"born_on": dt.date(1990, 4, 3)}, {"name": "Anne Browne", "born_on": dt.date(1990, 4, 3)},
         "same date of birth and a like name"),
        ({"phone_key": "07700900123"}, {"name": "Zoe", "phone_key": "07700900123"}, "same phone"),
        ({"email": "a@b.example"}, {"name": "Zoe", "email": "a@b.example"}, "same e-mail"),
        ({}, {"name": "Anne Braun"}, "name sounds alike"),
    ],
)  # fmt: skip
def test_candidates_say_why(team, officer, ann, one, other, reason):
    Person.objects.filter(pk=ann.pk).update(**one)
    ann.refresh_from_db()
    second = known_twice(team, **other)

    (found,) = candidates_for(ann, officer)
    assert found.other == second
    assert reason in found.reasons
    assert [{pair.person, pair.other} for pair in likely_duplicates(officer, team.partnership)] == [
        {ann, second}
    ]


def test_same_address_counts_with_a_like_name_alone(team, officer, ann):
    home = PlaceFactory(partnership=team.partnership)
    Person.objects.filter(pk=ann.pk).update(place=home)
    ann.refresh_from_db()
    like, _ = known_twice(team, name="Ann Brownn", place=home), known_twice(team, name="Zoe Q", place=home)

    (found,) = candidates_for(ann, officer)

    assert (found.other, found.reasons[0]) == (like, "same address and a like name")


def test_candidates_keep_strangers_and_protected_contact_out(team, officer, ann):
    soha = PartnerFactory(partnership=team.partnership)
    Person.objects.filter(pk=ann.pk).update(phone_key="07700900123")
    ann.refresh_from_db()
    theirs = ReportFactory(lead=soha)
    hidden = PersonFactory(
        partnership=team.partnership, name="Zoe", phone_key="07700900123", do_not_disclose=True
    )
    ReportPersonFactory(report=theirs, person=hidden)
    assert candidates_for(ann, officer) == []

    shared(theirs, partner=team)
    assert candidates_for(ann, officer) == []


def test_merge_page_shows_both_and_makes_them_one(client, officer, team, ann):
    anne = known_twice(team, name="Anne Braun")
    path = f"/people/{ann.pk}/merge/{anne.pk}/"

    page = page_of(client, path)
    assert "Ann Brown" in page
    assert "name sounds alike" in page

    refused = client.post(path, {"keep": str(ann.pk)}).content.decode()
    assert "Enter how you know that they are the same person" in refused
    client.post(path, {"keep": str(ann.pk), "reason": "Same phone"})
    anne.refresh_from_db()
    assert anne.merged_into == ann

    shown = page_of(client, f"/people/{ann.pk}/")
    merge = PersonMerge.objects.get()
    assert f"/people/merges/{merge.pk}/undo/" in shown
    client.post(f"/people/merges/{merge.pk}/undo/", {"reason": "Twins"})
    anne.refresh_from_db()
    assert anne.merged_into is None


def test_merge_of_somebody_with_themselves_gets_its_sentence(client, officer, ann):
    page = client.post(
        f"/people/{ann.pk}/merge/{ann.pk}/", {"keep": str(ann.pk), "reason": "x"}
    ).content.decode()

    assert "This is one and the same record" in page


def test_merging_is_for_the_team_that_receives_reports(client, team, ann):
    report = ann.reports.get()
    other = PersonFactory(partnership=team.partnership)
    ReportPersonFactory(report=report, person=other, role=LinkRole.WITNESS, is_caller=False)
    client.force_login(shared(report))

    assert client.get(f"/people/{ann.pk}/merge/{other.pk}/").status_code == 403
    assert client.get("/people/duplicates/").status_code == 403


def test_duplicates_page_lists_pairs(client, officer, team, ann):
    assert "Nobody seems to be known twice" in page_of(client, "/people/duplicates/")
    known_twice(team, name="Anne Braun")

    assert "Name sounds alike" in page_of(client, "/people/duplicates/")


@pytest.fixture
def case(team, ann):
    case = CaseFactory(lead=team)
    CasePersonFactory(case=case, person=ann, role=LinkRole.VICTIM)
    return case


def test_people_of_a_case_stand_by_role_with_their_warnings(client, officer, case):
    CasePersonFactory(case=case, role=LinkRole.SUBJECT, person__name="Barnaby Otter")

    page = page_of(client, f"/cases/{case.reference}/people/")

    assert page.index("Victims") < page.index("Ann Brown") < page.index("Subjects") < page.index("Barnaby")
    assert "Warning for staff: A dog" in page


def test_people_of_a_case_are_for_full_readers_without_protected_contact(client, case, ann):
    Person.objects.filter(pk=ann.pk).update(do_not_disclose=True, phone="07700 900123")
    client.force_login(shared(case))
    page = page_of(client, f"/cases/{case.reference}/people/")
    assert "Ann Brown" in page
    assert "07700" not in page
    assert "Change role" not in page

    client.force_login(shared(case, ShareLevel.SUMMARY))
    assert client.get(f"/cases/{case.reference}/people/").status_code == 403
    client.force_login(user_at(PartnerFactory(partnership=case.partnership)))
    assert client.get(f"/cases/{case.reference}/people/").status_code == 404


def test_person_is_added_to_a_case_known_or_new(client, officer, case):
    path = f"/cases/{case.reference}/people/add/"
    refused = client.post(path, {"name": "Zoe Quill"}).content.decode()
    assert "Select what they are in this case" in refused
    assert 'value="Zoe Quill"' in refused

    client.post(path, {"name": "Zoe Quill", "role": "witness"})

    assert case.links.get(role=LinkRole.WITNESS).person.name == "Zoe Quill"


def test_person_in_a_case_changes_role_and_is_taken_out(client, officer, case):
    link = case.links.get()
    path = f"/cases/{case.reference}/people/{link.pk}"
    client.post(f"{path}/role/", {"role": "complainant"})
    link.refresh_from_db()
    assert link.role == LinkRole.COMPLAINANT

    assert "Enter why they are taken out" in client.post(f"{path}/remove/", {"reason": ""}).content.decode()
    RiskAssessmentFactory(case=case, person=link.person)
    page = client.post(f"{path}/remove/", {"reason": "Wrong Ann"}).content.decode()
    assert "cannot be taken out of this role" in page
    assert "Wrong Ann" in page
    assert CasePerson.objects.filter(pk=link.pk).exists()

    client.force_login(shared(case, ShareLevel.CONTRIBUTE))
    assert client.post(f"{path}/remove/", {"reason": "x"}).status_code == 403


def test_place_page_has_everything_there(client, officer, team, ann):
    place = PlaceFactory(partnership=team.partnership)
    Person.objects.filter(pk=ann.pk).update(place=place)
    case = CaseFactory(lead=team, place=place)
    step = InterventionFactory(case=case, place=place)

    page = page_of(client, f"/places/{place.pk}/")

    for words in (case.reference, "Ann Brown", step.get_kind_display(), "last 12 months"):
        assert words in page


def test_place_where_somebody_is_kept_safe_says_nothing_of_what_others_lead_there(client, officer, team):
    """An agency with a case of its own there does not learn that the other is about the same address."""
    place = PlaceFactory(partnership=team.partnership)
    PersonFactory(partnership=team.partnership, place=place, do_not_disclose=True)
    case = CaseFactory(lead=team, place=place)
    step = InterventionFactory(case=case, place=place)
    worker = shared(case, ShareLevel.FULL)
    own = CaseFactory(lead=worker.seats[0].partner, place=place)
    client.force_login(worker)

    page = page_of(client, f"/places/{place.pk}/")

    assert own.reference in page
    assert case.reference not in page
    assert step.get_kind_display() not in page


def test_alias_is_shown(client, officer, ann):
    Alias.objects.create(person=ann, name="Nan of the Lane", added_at=NOON)

    assert "Nan of the Lane" in page_of(client, f"/people/{ann.pk}/")
