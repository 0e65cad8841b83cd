"""Migrations of many tables at once.

Django draws every model again after each operation, so a migration of sixty tables costs the square of sixty.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, AlterUniqueTogether, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

PARTS_OF_A_TABLE = (AddField, AddIndex, AddConstraint, AlterUniqueTogether)
ADDING = (CreateModel, AddTrigger, *PARTS_OF_A_TABLE)


def in_few_steps(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations, with each run of those that only add taken as one step."""
    return list(_steps(operations))


def _steps(operations: Iterable[Operation]) -> Iterator[Operation]:
    for adds, run in groupby(operations, key=lambda one: isinstance(one, ADDING)):
        if adds:
            yield AddTogether(list(run))
        else:
            yield from run


class AddTogether(Operation):
    """Tables and what belongs to them; a new table is made at once with all that the others add to it."""

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations
        self.new = {one.name_lower for one in operations if isinstance(one, CreateModel)}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # drawn again when next asked for, and not once for each operation
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            if not self._is_in_its_new_table(operation):
                operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self.operations):
            if not self._is_in_its_new_table(operation):
                # A trigger asks for its model as it was before, when a new table was not there.
                before = from_state if isinstance(operation, AddTrigger) else to_state
                operation.database_backwards(app_label, schema_editor, from_state, before)

    def _is_in_its_new_table(self, operation: Operation) -> bool:
        if isinstance(operation, AddField):
            return operation.model_name_lower in self.new
        if isinstance(operation, AlterUniqueTogether):
            return operation.name_lower in self.new
        return isinstance(operation, (AddIndex, AddConstraint)) and operation.model_name_lower in self.new

    def describe(self) -> str:
        return f"Add {len(self.operations)} things together"
