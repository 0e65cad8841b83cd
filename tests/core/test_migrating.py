import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from csp.core.migrating import AddTogether, in_few_steps

KEY = ("id", models.AutoField(primary_key=True))
TABLE = migrations.CreateModel("Lamp", [KEY, ("name", models.CharField(max_length=9))])
POST = migrations.CreateModel("Post", [KEY, ("lamp", models.ForeignKey("away.Lamp", models.CASCADE))])
BACK = migrations.AddField("lamp", "post", models.ForeignKey("away.Post", models.CASCADE, null=True))
INDEX = migrations.AddIndex("lamp", models.Index(fields=["name"], name="lamp_name"))
RULE = migrations.AddConstraint("post", models.UniqueConstraint(fields=["lamp"], name="one_post"))
SQL = migrations.RunSQL("SELECT 1")


def run(operations, state):
    with connection.schema_editor() as editor:
        for operation in operations:
            before = state.clone()
            operation.state_forwards("away", state)
            operation.database_forwards("away", editor, before, state)


def undo(operations, state):
    """As Django does: each with the state after it and the state before it."""
    taken = []
    for operation in operations:
        before = state.clone()
        operation.state_forwards("away", state)
        taken.insert(0, (operation, state.clone(), before))
    with connection.schema_editor() as editor:
        for operation, after, before in taken:
            operation.database_backwards("away", editor, after, before)


def shape(table):
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        rules = connection.introspection.get_constraints(cursor, table)
    return columns, {(tuple(one["columns"]), one["unique"], one["foreign_key"]) for one in rules.values()}


def test_only_what_adds_is_taken_together_and_the_order_stays():
    steps = in_few_steps([TABLE, POST, SQL, BACK])

    assert [type(step) for step in steps] == [AddTogether, migrations.RunSQL, AddTogether]
    assert [step.operations for step in (steps[0], steps[2])] == [[TABLE, POST], [BACK]]


@pytest.mark.django_db(transaction=True)
def test_tables_in_one_step_are_those_of_many():
    every = [TABLE, POST, BACK, INDEX, RULE]
    found = []
    for operations in (every, in_few_steps(every), [*in_few_steps(every[:2]), *in_few_steps(every[2:])]):
        run(operations, ProjectState())
        found.append([shape("away_lamp"), shape("away_post")])
        undo(operations, ProjectState())
        assert not {"away_lamp", "away_post"} & set(connection.introspection.table_names())

    assert found[0] == found[1] == found[2]
    assert (("post_id",), False, ("away_post", "id")) in found[0][0][1]
