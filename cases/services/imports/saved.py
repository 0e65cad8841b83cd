"""Mappings to choose from: those this partnership saved, and those that come with the product."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from cases.models import ImportMapping
from cases.services.imports.mapping import (
    ImportSpec,
    MappingInvalid,
    from_toml,
    problems_with_header,
    read_spec,
)
from csp.agencies.models import Partnership

FROM_PRODUCT = "shipped-"
SHIPPED = Path(__file__).resolve().parent.parent.parent / "mappings"


@dataclass(frozen=True)
class Offered:
    key: str
    name: str
    spec: ImportSpec

    @property
    def spec_to_change(self) -> ImportSpec:
        """What comes with the product is not saved under its own name beside it."""
        return replace(self.spec, name="") if self.key.startswith(FROM_PRODUCT) else self.spec


@cache
def shipped() -> tuple[Offered, ...]:
    read = [
        (path.stem, from_toml(path.read_text(encoding="utf-8"))) for path in sorted(SHIPPED.glob("*.toml"))
    ]
    return tuple(Offered(f"{FROM_PRODUCT}{stem}", spec.name, spec) for stem, spec in read)


def mappings_for(partnership: Partnership, header: Iterable[str]) -> list[Offered]:
    """Those whose columns are all in the file: the partnership's own first, the newest of them first."""
    own = []
    for saved in ImportMapping.objects.filter(partnership=partnership).order_by("-saved_at", "name"):
        try:
            own.append(Offered(f"saved-{saved.pk}", saved.name, read_spec(saved.spec)))
        except MappingInvalid:
            continue  # from before a change of what a mapping may hold
    header = list(header)
    return [each for each in (*own, *shipped()) if not problems_with_header(each.spec, header)]
