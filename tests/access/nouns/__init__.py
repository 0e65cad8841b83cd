"""What each noun of the casework adds to the access world: one module of this package for each.

A module may have any of these, and what it leaves out adds nothing:

- `TABLE`: lines as in `table.txt`.
- `ARGUMENTS`, `POSTED`: as in `addresses`, by the name of the address.
- `MAY_READ`: words in the records, with the roles that may read them anywhere, as in `secrets`.
- `records(world)`: the records its addresses point to, as a dict; `world` has all that was made before.
- `grow(world, number)`: one more row of each kind.
- `LISTS`, `PAGES`: lines of role, address and query, whose queries are counted as in `test_query_counts`.
- `READING`: verbs that reading may leave behind.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

NOUNS: list[ModuleType] = [
    import_module(f"{__name__}.{file.stem}")
    for file in sorted(Path(__file__).parent.glob("*.py"))
    if file.stem != "__init__"
]


def lines(name: str) -> str:
    return "\n".join(getattr(noun, name, "") for noun in NOUNS)


def merged(name: str) -> dict[str, Any]:
    return {key: value for noun in NOUNS for key, value in getattr(noun, name, {}).items()}


def functions(name: str) -> list[Any]:
    return [getattr(noun, name) for noun in NOUNS if hasattr(noun, name)]
