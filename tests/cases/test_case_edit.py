"""Changing what a case says, and what two people do who change it at once."""

import dataclasses

import pytest

from cases.enums import CaseStatus
from cases.services import case_edits
from cases.services.case_edits import details_of, edit_case, prints_of, put_reference
from cases.services.prints import ChangedMeanwhile
from csp.agencies.enums import AreaKind, Role
from csp.audit.models import Event
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, CategoryFactory, PersonFactory, PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER)


@pytest.fixture
def case(team):
    made = CaseFactory(lead=team, title="Noise", summary="Music at night")
    made.categories.add(CategoryFactory(lead=team, label="Noise"))
    return made


def change(case, by, seen=None, **typed):
    before = details_of(case)
    details = dataclasses.replace(before, **typed)
    return edit_case(case=case, details=details, seen=seen or prints_of(before), by=by, at=NOON)


def test_every_part_of_what_it_says_can_change(case, team, ann):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    damage = CategoryFactory(lead=team, label="Damage")
    ward = AreaFactory(partnership=team.partnership, kind=AreaKind.WARD, name="Ladygrove")

    change(
        case,
        ann,
        title="Damage",
        summary="Windows",
        categories=(damage,),
        where="4 Mill Road, Didcot",
        area=ward,
        referring_partner=soha,
    )

    case.refresh_from_db()
    assert (case.title, case.summary, case.ward, case.referring_partner) == ("Damage", "Windows", ward, soha)
    assert list(case.categories.all()) == [damage]
    assert case.place.address == "4 Mill Road, Didcot"
    assert Event.objects.get(verb="case.edited").detail["fields"] == [
        "title",
        "summary",
        "categories",
        "where",
        "area",
        "referring_partner",
    ]


def test_a_ward_brings_its_local_area(case, team, ann):
    area = AreaFactory(partnership=team.partnership, kind=AreaKind.LOCAL_AREA, name="Didcot")
    ward = AreaFactory(partnership=team.partnership, kind=AreaKind.WARD, parent=area, name="Ladygrove")

    changed = change(case, ann, area=ward)
    assert changed.local_area == area
    moved = change(changed, ann, area=area)
    assert (moved.ward, moved.local_area) == (None, area)


def test_nothing_changed_leaves_no_event(case, ann):
    change(case, ann)

    assert not Event.objects.filter(verb="case.edited").exists()


def test_the_second_of_two_editors_learns_what_the_first_changed(case, team, ann):
    bea = user_at(team, Role.MANAGER)
    seen = prints_of(details_of(case))
    change(case, bea, summary="Music and shouting")

    with pytest.raises(ChangedMeanwhile, match="Somebody else changed this case") as clash:
        change(case, ann, seen=seen, title="Loud music")

    assert clash.value.fields == ["summary"]
    assert clash.value.details.summary == "Music and shouting"
    case.refresh_from_db()
    assert case.title == "Noise"


@pytest.mark.parametrize(
    ("status", "words"), [(CaseStatus.CLOSED, "Reopen it"), (CaseStatus.CANCELLED, "stays as it is")]
)
def test_what_has_ended_says_what_it_said(team, ann, status, words):
    ended = CaseFactory(lead=team, status=status, ended_at=NOON)

    with pytest.raises(case_edits.CannotEdit, match=words):
        change(ended, ann, title="Something else")


def test_a_place_is_protected_where_somebody_lives_who_must_not_be_found(case, team, ann):
    case.place = PlaceFactory(lead=team)
    assert not case_edits.place_is_protected(case)

    PersonFactory(lead=team, place=case.place, do_not_disclose=True)

    assert case_edits.place_is_protected(case)


def test_each_agency_keeps_its_own_reference(case, team, ann):
    soha = PartnerFactory(partnership=team.partnership)
    put = {"case": case, "by": ann, "at": NOON}

    for words in ("ASB-1", "ASB-2"):
        put_reference(partner=soha, reference=words, **put)
    put_reference(partner=team, reference="77", **put)
    assert set(case.agency_references.values_list("partner", "reference")) == {
        (soha.pk, "ASB-2"),
        (team.pk, "77"),
    }

    put_reference(partner=soha, reference="", **put)
    assert list(case.agency_references.values_list("reference", flat=True)) == ["77"]
