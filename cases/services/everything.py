"""The one search: words in cases, reports, notes and evidence, and agencies' own references.

Each part passes its own gate, in one question to the database. Restricted cases and what belongs to them are
never found by words, not even by those named on them.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import F, FloatField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from cases.models import Case, CaseReference, Evidence, Note, Report
from cases.models.cases import CASE_WORDS
from cases.models.notes import EVIDENCE_WORDS, NOTE_WORDS
from cases.models.reports import REPORT_WORDS
from csp.agencies.models import Partnership, User

MOST_SHOWN = 6
MOST_RANKED = 60
"""Of each kind, the newest so many are ranked: a word that is everywhere must not cost all that it finds."""

MARK_FROM, MARK_TO = "\ue000", "\ue001"
"""Signs that nobody types, round each hit, until the page turns them into marks."""

NEXT = Value(". ", output_field=TextField())
KINDS = ("case", "reference", "report", "note", "evidence")


@dataclass(frozen=True)
class Piece:
    """Some words of a text, and whether they are what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Hit:
    kind: str
    reference: str
    title: list[Piece]
    pieces: list[Piece]


@dataclass
class Found:
    """What the words found, by kind. `more` names the kinds of which there is more than is shown."""

    hits: dict[str, list[Hit]] = field(default_factory=dict)
    more: set[str] = field(default_factory=set)

    @property
    def number(self) -> int:
        return sum(map(len, self.hits.values()))


def find_words(*, user: User, partnership: Partnership, text: str) -> Found:
    """The best of what the words find, each kind on its own."""
    if not text:
        return Found()
    query = SearchQuery(text, config="english", search_type="websearch")
    cases = Case.objects.visible_to(user).filter(partnership=partnership, restricted=False)
    on_cases = {"case__partnership": partnership, "case__restricted": False}
    notes = Note.objects.visible_to(user).filter(**on_cases)
    evidence = Evidence.objects.visible_to(user).filter(**on_cases)
    title, of_case = F("title"), F("case__title")
    parts = [
        _best(
            "case",
            cases.order_by("-opened_at", "-pk"),
            CASE_WORDS,
            query,
            title,
            Concat("title", NEXT, "summary", output_field=TextField()),
        ),
        _best(
            "report", _reports(user, partnership, query), REPORT_WORDS, query, Value(""), F("what_happened")
        ),
        _best("note", notes.order_by("-at", "-pk"), NOTE_WORDS, query, of_case, F("text")),
        _best("evidence", evidence.order_by("-at", "-pk"), EVIDENCE_WORDS, query, of_case, F("description")),
        _own_references(cases, user, text),
    ]
    return _sorted(parts[0].union(*parts[1:], all=True))


def _reports(user: User, partnership: Partnership, query: SearchQuery) -> QuerySet[Report]:
    """Open to the user in full. Where it happened may be a protected address, found by who leads alone."""
    told = SearchVector("what_happened", config="english")
    reports = Report.objects.readable_by(user).filter(partnership=partnership).annotate(told=told)
    reports = reports.filter(Q(case=None) | Q(case__restricted=False))
    reports = reports.filter(Q(lead__in=user.partner_ids) | Q(told=query))
    return reports.order_by("-received_at", "-pk")


def _best(
    kind: str, records: QuerySet[Any], words: SearchVector, query: SearchQuery, title: Any, text: Any
) -> QuerySet[Any]:
    newest = records.annotate(words=words).filter(words=query).values("pk")[:MOST_RANKED]
    found = records.model.objects.filter(pk__in=newest).annotate(rank=SearchRank(words, query))
    shown = SearchHeadline(
        text, query, config="english", start_sel=MARK_FROM, stop_sel=MARK_TO, max_words=30, min_words=12
    )
    reference = "reference" if kind in ("case", "report") else "case__reference"
    return _rows(found, kind, F(reference), title, shown, F("rank")).order_by("-rank")[: MOST_SHOWN + 1]


def _own_references(cases: QuerySet[Case], user: User, text: str) -> QuerySet[Any]:
    known = Q(partner__in=user.partner_ids) | Q(case__lead__in=user.partner_ids)
    own = CaseReference.objects.filter(known, reference__in={text, text.upper()}, case__in=cases)
    said = Concat(
        F("partner__name"), Value(": " + MARK_FROM), F("reference"), Value(MARK_TO), output_field=TextField()
    )
    best = Value(1.0, output_field=FloatField())
    return _rows(own, "reference", F("case__reference"), F("case__title"), said, best)[: MOST_SHOWN + 1]


def _rows(
    records: QuerySet[Any], kind: str, reference: Any, title: Any, text: Any, rank: Any
) -> QuerySet[Any]:
    """Of the same shape for each kind, so that one question asks for all."""
    return records.values(
        kind_=Value(kind, output_field=TextField()),
        reference_=Cast(reference, TextField()),
        title_=Cast(title, TextField()),
        text_=Cast(text, TextField()),
        rank_=Cast(rank, FloatField()),
    )


def _sorted(rows: QuerySet[Any]) -> Found:
    found = Found({kind: [] for kind in KINDS})
    for row in sorted(rows, key=lambda row: -row["rank_"]):
        hits = found.hits[row["kind_"]]
        if len(hits) == MOST_SHOWN:
            found.more.add(row["kind_"])
            continue
        hits.append(hit_of(row))
    return found


def hit_of(row: dict[str, Any]) -> Hit:
    """What was found of a case begins with its title, which is said once."""
    title, found = row["title_"], pieces(row["text_"])
    titled = [Piece(title, is_hit=False)] if title else []
    if row["kind_"] == "case":
        head = "".join(piece.text for piece in found).partition(". ")[0]
        if head.rstrip(" .") == title:
            titled = cut(found, 0, len(title))
        if title.endswith(head.rstrip(" .")):
            found = cut(found, len(head) + len(". "))
    return Hit(row["kind_"], row["reference_"], titled, found)


def cut(found: list[Piece], start: int, stop: int | None = None) -> list[Piece]:
    """The signs from `start` to before `stop`."""
    left, at = [], 0
    for piece in found:
        end = None if stop is None else max(0, stop - at)
        if text := piece.text[max(0, start - at) : end]:
            left.append(Piece(text, piece.is_hit))
        at += len(piece.text)
    return left


def pieces(text: str) -> list[Piece]:
    """The text cut at the signs round the hits."""
    first, *rest = text.split(MARK_FROM)
    made = [Piece(first, is_hit=False)]
    for part in rest:
        hit, _, after = part.partition(MARK_TO)
        made += [Piece(hit, is_hit=True), Piece(after, is_hit=False)]
    return [piece for piece in made if piece.text]
