"""Every record with a status moves along the arrows of its table, and along no other."""

import pytest
from django.apps import apps

from csp.core.errors import InvalidTransition
from csp.core.models import Workflow

MODELS = [
    model
    for model in apps.get_models()
    if issubclass(model, Workflow) and not model.__name__.endswith("Event")
]


def statuses(model) -> list[str]:
    return [status for status, _ in model._meta.get_field("status").flatchoices]


GRID = [(model, before, after) for model in MODELS for before in statuses(model) for after in statuses(model)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_table_speaks_of_every_status_and_of_no_other(model):
    known = set(statuses(model))

    assert set(model.transitions) == known
    assert {after for arrows in model.transitions.values() for after in arrows} <= known


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_status_is_reached_from_where_records_begin(model):
    waiting, reached = list(first_statuses(model)), set()
    while waiting:
        status = waiting.pop()
        reached.add(status)
        waiting += model.transitions[status] - reached

    assert reached == set(statuses(model))


def first_statuses(model) -> set[str]:
    """The default, or where there is none, whatever no arrow leads to."""
    field = model._meta.get_field("status")
    if field.has_default():
        return {field.default}
    return set(statuses(model)) - {after for arrows in model.transitions.values() for after in arrows}


@pytest.mark.parametrize(("model", "before", "after"), GRID, ids=str)
def test_record_moves_along_the_arrows_alone(model, before, after):
    record = model(status=before)

    if after in model.transitions[before]:
        record.move_to(after)
        assert record.status == after
    else:
        with pytest.raises(InvalidTransition):
            record.move_to(after)
        assert record.status == before
