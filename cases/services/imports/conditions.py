"""Which rows of a file are wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

IS, IN, NOT = "is", "in", "not_in"
TESTS = {IS: "is", IN: "is one of", NOT: "is not"}


@dataclass(frozen=True)
class Condition:
    """A row is wanted where the column holds one of the values, or none of them."""

    column: str
    test: str
    values: tuple[str, ...]

    def holds(self, value: str) -> bool:
        """Case and blanks at the ends make no difference."""
        found = value.strip().casefold() in {each.strip().casefold() for each in self.values}
        return not found if self.test == NOT else found

    def as_dict(self) -> dict[str, Any]:
        return {"column": self.column, self.test: self.values[0] if self.test == IS else list(self.values)}


def read_conditions(given: Any, say: Callable[[str], None]) -> tuple[Condition, ...]:
    conditions = []
    for each in [given] if isinstance(given, Mapping) else given:
        tests = [test for test in TESTS if isinstance(each, Mapping) and test in each]
        if len(tests) != 1 or not isinstance(each.get("column"), str) or len(each) != 2:
            say("A filter names a column and one of is, in and not_in")
            continue
        values = each[tests[0]]
        values = (values,) if isinstance(values, str) else tuple(values) if isinstance(values, list) else ()
        if not values or not all(isinstance(value, str) for value in values):
            say(f"Enter the values of “{each['column']}” that rows must or must not have")
            continue
        conditions.append(Condition(each["column"].strip(), tests[0], values))
    return tuple(conditions)
