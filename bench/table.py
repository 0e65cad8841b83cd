from typing import Any

GOALS = """
Goals: page at the large size no slower than 1.3 x the small; our gate at least 50 x faster than
get_objects_for_user; one agency's page within 1.2 x of the manager's; database time within 3 x of SQL
by hand."""


def as_table(figures: dict[str, Any]) -> str:
    head = f"{'':34}{figures['small']:>12,} rows {figures['large']:>24,} rows{'ratio':>12}"
    lines = [head, f"{'':34}{'ms':>8}{'db ms':>8}{'queries':>9}{'ms':>12}{'db ms':>8}{'queries':>9}"]
    pages = figures["pages"]
    for name, sizes in pages.items():
        small, large = sizes["at_small"], sizes["at_large"]
        lines.append(
            f"{name:34}{small['total']:8.1f}{small['database']:8.1f}{small['queries']:9}"
            f"{large['total']:12.1f}{large['database']:8.1f}{large['queries']:9}"
            f"{large['total'] / small['total']:12.2f}"
        )
    lines += ["", *_ratios(pages), *_report(pages), *_import(figures["import"]), *_police(figures["police"])]
    lines.append(GOALS)
    return "\n".join(lines)


def _ratios(pages: dict[str, Any]) -> list[str]:
    return [
        line
        for what, lists in (("queue", "queue"), ("case", "case list"))
        for line in _of(pages, what, lists)
    ]


def _of(pages: dict[str, Any], what: str, lists: str) -> list[str]:
    def at_large(name: str, figure: str = "total") -> float:
        return float(pages[name]["at_large"][figure])

    gate = at_large(f"{what} rows, our gate", "database")
    guardian = at_large(f"{what} rows, get_objects_for_user", "database")
    ratios = {
        "our gate / SQL by hand, database time": gate / at_large(f"{what} rows, SQL by hand", "database"),
        "get_objects_for_user / our gate, database": guardian / gate,
        "police page / manager's page": at_large(f"{lists}, county-wide police")
        / at_large(f"{lists}, manager"),
        "housing page / manager's page": at_large(f"{lists}, small housing user")
        / at_large(f"{lists}, manager"),
    }
    return [f"{what + ': ' + name:52}{ratio:8.2f}" for name, ratio in ratios.items()]


def _report(pages: dict[str, Any]) -> list[str]:
    def ratio(name: str, other: str, figure: str) -> float:
        return float(pages[name]["at_large"][figure] / pages[other]["at_large"][figure])

    ours, hand = "cases by area and quarter, ours", "cases by area and quarter, SQL"
    made, static = "quarter's PDF, counted", "quarter's PDF, static HTML"
    return [
        f"{'report: our measure / SQL by hand, database time':52}{ratio(ours, hand, 'database'):8.2f}",
        f"{'report: PDF / PDF from static HTML':52}{ratio(made, static, 'total'):8.2f}",
    ]


def _import(figures: dict[str, Any]) -> list[str]:
    return ["", _beside_copy(f"import of {figures['rows']:,} rows", figures)]


def _police(figures: dict[str, Any]) -> list[str]:
    return [_beside_copy(f"{figures['files']} police files, {figures['rows']:,} rows", figures)]


def _beside_copy(what: str, figures: dict[str, Any]) -> str:
    return (
        f"{what}: {figures['rows_per_second']:,.0f} rows a second, "
        f"{figures['times_copy']:.1f} x the time of COPY of the same rows"
    )
