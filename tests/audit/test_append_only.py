import pghistory.models
import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from csp.audit.models import Event, Seal
from tests.factories.audit import EventFactory
from tests.factories.cases import ReportFactory

HISTORY = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]


def refused(sql):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE would fail for what is pending
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            cursor.execute(sql)
    return str(caught.value)


@pytest.fixture
def rows(db):
    EventFactory()
    Seal.objects.create(day="2026-01-31", count=0, marks=b"", digest="0" * 64)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
def test_the_database_refuses_to_change_or_remove_events_and_seals(table):
    assert "Cannot update or delete" in refused(f"UPDATE {table} SET id = id")
    assert "Cannot update or delete" in refused(f"DELETE FROM {table}")
    assert "never removed" in refused(f"TRUNCATE {table}")


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_remove_history():
    table = ReportFactory().pgh_event_model._meta.db_table

    assert "Cannot update or delete" in refused(f"UPDATE {table} SET pgh_label = 'x'")
    assert "Cannot update or delete" in refused(f"DELETE FROM {table}")
    assert "never removed" in refused(f"TRUNCATE {table}")


@pytest.mark.django_db
@pytest.mark.parametrize("model", HISTORY, ids=lambda model: model._meta.label)
def test_every_history_table_is_guarded(model):
    if not model._meta.managed:
        pytest.skip("a view over all history, without a table")
    guards = {trigger.name: trigger for _model, trigger in pgtrigger.registered() if _model is model}

    statuses = {name: guards[name].get_installation_status(model) for name in guards}

    assert statuses == {"append_only": ("INSTALLED", True), "no_truncate": ("INSTALLED", True)}


@pytest.mark.django_db
def test_the_database_dates_the_event_whatever_the_writer_says():
    before = timezone.now()

    event = Event.objects.create(verb="report.viewed", at=before - timezone.timedelta(days=3))

    event.refresh_from_db()
    assert abs(event.at - before) < timezone.timedelta(minutes=1)


@pytest.mark.django_db
def test_two_events_of_one_transaction_have_their_own_moments():
    assert EventFactory().at < EventFactory().at
