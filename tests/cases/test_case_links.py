import pytest

from cases.enums import CaseLinkKind
from cases.models import CaseLink
from cases.services.case_links import CannotLink, link_cases, links_of, unlink_cases
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from tests.cases.together import together
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory

pytestmark = pytest.mark.django_db
PARENT, RELATED = CaseLinkKind.PARENT, CaseLinkKind.RELATED
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER)


def link(case, other, by, kind=RELATED):
    return link_cases(case=case, other=other, kind=kind, why="The same people", by=by, at=NOON)


def test_both_cases_say_how_they_belong_together(team, ann):
    street, house = CaseFactory(lead=team), CaseFactory(lead=team)
    link(house, street, ann, PARENT)

    assert [(each.words, each.other) for each in links_of(house, ann)] == [("Part of", street)]
    assert [(each.words, each.other) for each in links_of(street, ann)] == [("Includes", house)]


def test_what_cannot_be_linked_says_why(team, ann):
    case, other, third = (CaseFactory(lead=team) for _ in range(3))
    hidden = CaseFactory(lead=PartnerFactory(partnership=team.partnership))
    elsewhere = CaseFactory()
    link(case, other, ann, PARENT)

    for first, second, kind, words in (
        (case, case, RELATED, "to itself"),
        (case, hidden, RELATED, "no case with this reference that you can see"),
        (case, elsewhere, RELATED, "no case with this reference that you can see"),
        (case, other, RELATED, "linked already"),
        (other, case, PARENT, "linked already"),
        (case, third, PARENT, f"part of {other} already"),
    ):
        with pytest.raises(CannotLink, match=words):
            link(first, second, ann, kind)
    assert CaseLink.objects.count() == 1


def test_parents_never_go_round_in_a_ring(team, ann):
    first, second, third = (CaseFactory(lead=team) for _ in range(3))
    link(first, second, ann, PARENT)
    link(second, third, ann, PARENT)

    with pytest.raises(CannotLink, match="round in a ring"):
        link(third, first, ann, PARENT)
    link(third, first, ann, RELATED)


def test_a_reader_sees_a_link_only_where_they_may_see_both(team, ann):
    soha = PartnerFactory(partnership=team.partnership)
    sam = user_at(soha)
    case, other = CaseFactory(lead=team), CaseFactory(lead=team)
    sharing.share(record=case, to_partner=soha, level=3, at=NOON, **TERMS)
    link(case, other, ann)

    assert links_of(case, sam) == []
    sharing.share(record=other, to_partner=soha, level=2, at=NOON, **TERMS)
    assert [each.other for each in links_of(case, sam)] == [other]


def test_a_link_is_taken_away_once(team, ann):
    made = link(CaseFactory(lead=team), CaseFactory(lead=team), ann)
    unlink_cases(link=made, by=ann, at=NOON)

    with pytest.raises(CannotLink, match="taken away already"):
        unlink_cases(link=CaseLink(pk=made.pk or 1), by=ann, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_no_ring_closes_between_two_people_at_once():
    team = PartnerFactory(receiving=True)
    ann = user_at(team, Role.OFFICER)
    a, b, c, d = (CaseFactory(lead=team) for _ in range(4))
    link(a, b, ann, PARENT)
    link(c, d, ann, PARENT)

    done, refused = together(lambda: link(b, c, ann, PARENT), lambda: link(d, a, ann, PARENT))

    assert (len(done), len(refused)) == (1, 1)
    assert "round in a ring" in str(refused[0])
