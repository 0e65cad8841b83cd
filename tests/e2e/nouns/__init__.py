"""What each noun of the casework adds to the pages that a browser looks at: one module for each.

A module has `WHO` and `NO_PAGE` as in `pages`, and `ARGUMENTS` as in `samples`: functions without arguments
that find what an address points to in the demo. `QUERIES` may say what follows the path.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType

NOUNS: list[ModuleType] = [
    import_module(f"{__name__}.{file.stem}")
    for file in sorted(Path(__file__).parent.glob("*.py"))
    if file.stem != "__init__"
]
