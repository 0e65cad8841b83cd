import pytest

from csp.agencies.models import Partner, User
from csp.core.tallies import tally
from tests.factories.agencies import PartnerFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_tally_counts_each_question_by_itself_in_one_query(django_assert_num_queries):
    PartnerFactory.create_batch(2)
    UserFactory.create_batch(3)

    with django_assert_num_queries(1):
        found = tally(
            [User.objects.order_by("name"), Partner.objects.filter(pk=0), Partner.objects.all()], most=9
        )

    assert (found[0], found[1], found[2]) == (3, 0, 2)


def test_tally_counts_no_further_than_it_is_told():
    UserFactory.create_batch(3)

    assert tally([User.objects.all()], most=2)[0] == 2


def test_questions_that_cannot_have_an_answer_are_not_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not tally([], most=1)
        assert not tally([User.objects.none(), User.objects.filter(pk__in=[])], most=1)
