import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from csp.agencies.models import Partnership
from csp.audit.models import Event, Seal
from csp.audit.services import record
from tests import cleaning
from tests.factories.agencies import PartnerFactory, user_at


def everything_seeded():
    return set(Permission.objects.values_list()), set(ContentType.objects.values_list())


@pytest.mark.django_db(transaction=True)
def test_cleaning_takes_away_what_a_committing_test_left_and_gives_back_what_it_took():
    before = everything_seeded()
    partner = PartnerFactory()
    record("partner.added", by=user_at(partner), partnership=partner.partnership)
    Seal.objects.create(day="2026-01-31", count=0, digest="0" * 64)
    Permission.objects.filter(codename="view_report").delete()

    cleaning.restore_seeded_rows()

    assert everything_seeded() == before
    assert not any(model.objects.exists() for model in (Event, Seal, Partnership))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_a_committing_test_starts_clean(run):
    assert not Partnership.objects.exists()
    PartnerFactory()


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_aside_is_found_again_and_cleans_up_after_a_killed_run():
    PartnerFactory()

    cleaning.remember_seeded_rows()

    assert not Partnership.objects.exists()
