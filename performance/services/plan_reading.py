"""Reading a plan from YAML, in either shape that partnerships publish. `docs/plan-format.md` says how.

Nothing here knows the database: what comes out is the plan in its own words.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import yaml

from csp.core.calendar import financial_year
from csp.core.errors import RuleBroken
from csp.core.text import one_line, tidy
from performance.enums import Better, Frequency, MeasureKind, Youth
from performance.services.over_time import measure_over_time, measures_over_time
from performance.services.plan_actions import LONGEST, LONGEST_LINE, MeasureLine
from performance.services.plans import FigureLine

T = TypeVar("T")
LONGEST_OF_INDICATOR = {"name": 200, "unit": 60, "source": 160, "crime_type": 60, "measure": 40}
MOST = Decimal(10) ** 12


class CannotReadPlan(RuleBroken):
    """The file is no plan. The message says where and what to write there."""


@dataclass(frozen=True)
class ReadIndicator:
    name: str
    unit: str = "number"
    better: str = Better.NEITHER
    definition: str = ""
    source: str = ""
    crime_type: str = ""
    measure: str = ""


@dataclass(frozen=True)
class ReadAction:
    ref: str
    what: str
    how: str
    why: str
    youth: str
    youth_note: str
    leads: tuple[str, ...]
    due_on: dt.date | None
    frequency: str
    see_also: tuple[str, ...]
    measures: tuple[MeasureLine, ...]


@dataclass(frozen=True)
class ReadPriority:
    theme: str
    name: str
    objective: str
    figures: tuple[FigureLine, ...]
    indicators: tuple[ReadIndicator, ...]
    for_theme: bool
    """The indicators are those of the theme, not of this priority alone."""
    actions: tuple[ReadAction, ...]


@dataclass(frozen=True)
class ReadPlan:
    name: str
    starts_on: dt.date
    ends_on: dt.date
    about: str
    figures: tuple[FigureLine, ...]
    priorities: tuple[ReadPriority, ...]
    aliases: dict[str, str] = field(default_factory=dict)
    """Short names that the plan uses, and the long ones."""

    @property
    def actions(self) -> Iterator[ReadAction]:
        for priority in self.priorities:
            yield from priority.actions


def read_plan(text: str) -> ReadPlan:
    """Raises `CannotReadPlan`."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        place = getattr(problem, "problem_mark", None)
        where = f" on line {place.line + 1}" if place else ""
        raise CannotReadPlan(
            f"The file is not YAML{where}: {getattr(problem, 'problem', problem)}"
        ) from problem
    except (ValueError, OverflowError) as problem:
        raise CannotReadPlan(
            f"The file holds a day or a number that is none: {problem}. Write days like 2026-04-01"
        ) from problem
    if not isinstance(data, dict):
        raise CannotReadPlan("The file holds no plan. Begin it with its name, period and priorities")
    return Reader(data).plan()


class Reader:
    def __init__(self, data: dict[Any, Any]) -> None:
        self.data = data

    def plan(self) -> ReadPlan:
        first, last = self._period()
        given = _list(self.data.get("priorities"), "priorities")
        if not given:
            raise CannotReadPlan("priorities: list at least one")
        priorities = tuple(self._priority(place, each) for place, each in enumerate(given, start=1))
        plan = ReadPlan(
            name=self._name(first),
            starts_on=first,
            ends_on=last,
            about=self._about(),
            figures=_figures(self.data.get("context_figures"), "context_figures"),
            priorities=priorities,
            aliases=self._aliases(),
        )
        refs = [each.ref for each in plan.actions]
        if twice := sorted({ref for ref in refs if refs.count(ref) > 1}):
            raise CannotReadPlan(f"Two actions have the number {twice[0]}. Give each its own")
        return plan

    def _period(self) -> tuple[dt.date, dt.date]:
        period = self.data.get("period")
        if not isinstance(period, dict) or not {"from", "to"} <= period.keys():
            raise CannotReadPlan("period: write the first day as `from` and the last as `to`")
        first, last = _day(period["from"], "period, from"), _day(period["to"], "period, to")
        if last < first:
            raise CannotReadPlan("period: the last day is before the first")
        return first, last

    def _name(self, first: dt.date) -> str:
        if self.data.get("name"):
            return _text(self.data["name"], "name", 160)
        kind = _text(self.data.get("plan_kind") or "Plan", "plan_kind", 140)
        return f"{kind[:1].upper()}{kind[1:]} {financial_year(first)}"

    def _about(self) -> str:
        """What the plan says of itself, a line for each."""
        data = self.data
        review, pcc = _dict(data.get("review")), _dict(data.get("pcc_plan"))
        lines = [
            tidy(str(data.get("about") or "")).strip(),
            _labelled("Rests on", data.get("legal_basis")),
            _labelled("Evidence", data.get("evidence_base")),
            _labelled("Police and crime plan", pcc.get("name")),
            _labelled("Reviewed", review.get("frequency")),
            _labelled("Reports each year to", review.get("annual_report_to")),
            _labelled("Members", "; ".join(map(str, _list(data.get("members"), "members")))),
            *(_labelled("Note", note) for note in _list(data.get("notes"), "notes")),
        ]
        return "\n".join(filter(None, lines))

    def _aliases(self) -> dict[str, str]:
        """From a list of abbreviations, and from members written as Thames Valley Police (TVP)."""
        found = {
            str(short): str(long) for short, long in _dict(self.data.get("abbreviations")).items() if long
        }
        for member in map(str, _list(self.data.get("members"), "members")):
            long, bracket, short = member.partition("(")
            if bracket:
                found[short.strip(" )")] = long.strip()
        return found

    def _objective(self, theme: str) -> str:
        """The objectives stand in the order of the themes that have one."""
        themes = [str(each) for each in _list(self.data.get("pcc_themes"), "pcc_themes")]
        objectives = _list(self.data.get("pcc_objectives"), "pcc_objectives")
        for name, objective in zip(themes, objectives, strict=False):
            if theme.startswith(name):
                return str(objective)
        return ""

    def _priority(self, place: int, given: Any) -> ReadPriority:
        where = f"priorities, number {place}"
        data = _must_be_dict(given, where)
        theme = _text(data.get("theme"), f"{where}, theme", 200)
        name = _text(_first(data, "name", "topic", "priority"), f"{where}, name", 200)
        if not name:
            raise CannotReadPlan(f"{where}: give it a name")
        rows = _list(_first(data, "actions", "rows"), f"{where}, actions")
        indicators = _list(data.get("indicators"), f"{where}, indicators")
        return ReadPriority(
            theme=theme,
            name=name,
            objective=_text(data.get("objective"), f"{where}, objective", 300) or self._objective(theme),
            figures=_figures(data.get("current_position"), f"{where}, current_position"),
            indicators=tuple(_indicator(each, f"{where}, indicators") for each in indicators),
            for_theme=data.get("indicators_scope") == "theme",
            actions=tuple(
                _action(each, f"{place}.{number}", f"{where}, action {number}")
                for number, each in enumerate(rows, start=1)
            ),
        )


def _action(given: Any, ref: str, where: str) -> ReadAction:
    data = _must_be_dict(given, where)
    what = _long(_first(data, "action", "what"), f"{where}, what")
    if not what:
        raise CannotReadPlan(f"{where}: write what will be done, as `action` or `what`")
    youth, note = _youth(data.get("youth"), f"{where}, youth")
    measures = [_measure(each, where) for each in _list(data.get("measures"), f"{where}, measures")]
    if data.get("target") is not None:
        measures = _with_target(measures, data, where)
    return ReadAction(
        ref=_text(data.get("ref") or ref, f"{where}, ref", 12),
        what=what,
        how=_long(data.get("how"), f"{where}, how"),
        why=_long(data.get("why"), f"{where}, why"),
        youth=youth,
        youth_note=note,
        leads=tuple(one_line(str(each)) for each in _list(_first(data, "lead", "who"), f"{where}, lead")),
        due_on=_day(data["due"], f"{where}, due") if data.get("due") else None,
        frequency=_frequency(data, where),
        see_also=tuple(str(each) for each in _list(_first(data, "cross_refs", "see_also"), where)),
        measures=tuple(measures),
    )


def _frequency(data: dict[Any, Any], where: str) -> str:
    given = str(data.get("frequency") or Frequency.QUARTERLY)
    if given not in Frequency.values:
        raise CannotReadPlan(f"{where}, frequency: write one of {', '.join(Frequency.values)}")
    return given


def _youth(given: Any, where: str) -> tuple[str, str]:
    """Yes, no or universal; anything else is a sentence, kept as it stands. YAML reads yes as true."""
    if given is None:
        return "", ""
    if isinstance(given, bool):
        return (Youth.YES if given else Youth.NO), ""
    if not isinstance(given, str):
        raise CannotReadPlan(f"{where}: write yes, no, universal, or a sentence")
    said = _text(given, where, LONGEST_LINE)
    return (said.lower(), "") if said.lower() in Youth.values else ("", said)


def _measure(given: Any, where: str) -> MeasureLine:
    if not isinstance(given, dict):
        return MeasureLine(_long(given, where, LONGEST_LINE))
    kind = str(given.get("kind") or (MeasureKind.COUNT if "target" in given else MeasureKind.NARRATIVE))
    if kind not in MeasureKind.values:
        raise CannotReadPlan(f"{where}, kind of a measure: write one of {', '.join(MeasureKind.values)}")
    text = _long(given.get("text"), where, LONGEST_LINE)
    if not text:
        raise CannotReadPlan(f"{where}: write the `text` of each measure")
    return MeasureLine(
        text,
        kind,
        _text(given.get("unit"), f"{where}, unit", 120),
        _number(given.get("target"), f"{where}, target"),
        _number(given.get("baseline"), f"{where}, baseline"),
        _measure_name(given.get("measure"), f"{where}, measure"),
    )


def _measure_name(given: Any, where: str) -> str:
    name = _text(given, where, 40)
    if name and measure_over_time(name) is None:
        names = ", ".join(sorted(each.name for each in measures_over_time()))
        raise CannotReadPlan(f"{where}: none that counts a period is called {name}. Write one of {names}")
    return name


def _with_target(measures: list[MeasureLine], data: dict[Any, Any], where: str) -> list[MeasureLine]:
    """A target that stands beside the measures belongs to the first of them."""
    unit = _text(data.get("target_unit"), f"{where}, target_unit", 120)
    text = measures[0].text if measures else unit or str(data["target"])
    first = MeasureLine(text, MeasureKind.COUNT, unit, _number(data["target"], f"{where}, target"))
    return [first, *measures[1:]]


def _indicator(given: Any, where: str) -> ReadIndicator:
    if not isinstance(given, dict):
        return ReadIndicator(_text(given, where, 200))
    known = {
        name: _text(given[name], f"{where}, {name}", LONGEST_OF_INDICATOR[name])
        if name in LONGEST_OF_INDICATOR
        else _long(given[name], f"{where}, {name}")
        for name in ReadIndicator.__annotations__
        if given.get(name)
    }
    _measure_name(known.get("measure"), f"{where}, measure")
    if "crime_type" in known and "measure" in known:
        raise CannotReadPlan(f"{where}: count each by a `crime_type` or by a `measure`, not by both")
    if "name" not in known or known.get("better", Better.NEITHER) not in Better.values:
        raise CannotReadPlan(f"{where}: give each a name, and as `better` one of {', '.join(Better.values)}")
    return ReadIndicator(**known)


def _figures(given: Any, where: str) -> tuple[FigureLine, ...]:
    return tuple(_figure(_must_be_dict(each, where), where) for each in _list(given, where))


def _figure(data: dict[Any, Any], where: str) -> FigureLine:
    label = _text(data.get("label"), f"{where}, label", 300)
    value = _number(data.get("value"), f"{where}, {label}")
    if not label or value is None:
        raise CannotReadPlan(f"{where}: give each figure a label and a value")
    period = _text(_first(data, "period", "year"), f"{where}, period", 40)
    return FigureLine(label, period, value, _text(data.get("unit"), f"{where}, unit", 60))


def _first(data: dict[Any, Any], *names: str) -> Any:
    return next((data[name] for name in names if data.get(name) is not None), None)


def _list(given: Any, where: str) -> list[Any]:
    """One thing alone is a list of one."""
    if isinstance(given, dict):
        raise CannotReadPlan(f"{where}: write a list, each line beginning with a hyphen")
    return given if isinstance(given, list) else [] if given in (None, "") else [given]


def _dict(given: Any) -> dict[Any, Any]:
    return given if isinstance(given, dict) else {}


def _must_be_dict(given: Any, where: str) -> dict[Any, Any]:
    if not isinstance(given, dict):
        raise CannotReadPlan(f"{where}: write names and values, such as `name: Burglary`")
    return given


def _text(given: Any, where: str, most: int) -> str:
    text = one_line("" if given is None else str(given))
    if len(text) > most:
        raise CannotReadPlan(f"{where}: use {most} characters or fewer")
    return text


def _long(given: Any, where: str, most: int = LONGEST) -> str:
    """As it stands, over several lines where it is."""
    text = tidy(str(given or "")).strip()
    if len(text) > most:
        raise CannotReadPlan(f"{where}: use {most} characters or fewer")
    return text


def _labelled(label: str, given: Any) -> str:
    return f"{label}: {one_line(str(given))}" if given else ""


def _number(given: Any, where: str) -> Decimal | None:
    if given is None or given == "":
        return None
    try:
        number = Decimal(str(given).replace(",", ""))
    except InvalidOperation as problem:
        raise CannotReadPlan(f"{where}: {given} is not a number") from problem
    if isinstance(given, bool) or not number.is_finite():
        raise CannotReadPlan(f"{where}: {given} is not a number")
    if abs(number) >= MOST:
        raise CannotReadPlan(f"{where}: {given} is too large a number")
    return number.quantize(Decimal("0.01")).normalize() + 0


def _day(given: Any, where: str) -> dt.date:
    if isinstance(given, dt.date):
        return given if not isinstance(given, dt.datetime) else given.date()
    try:
        return dt.date.fromisoformat(str(given))
    except ValueError as problem:
        raise CannotReadPlan(f"{where}: write a day like 2026-04-01") from problem
