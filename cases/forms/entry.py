"""A report as it stands on one page: the form with its lists of people and agencies."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.datastructures import MultiValueDict

from cases.enums import CallerKind
from cases.forms.log import EntryForm, LogForm, ReferForm
from cases.forms.parts import as_typed
from cases.forms.people import AffectedForm, PersonPart, SubjectForm, ToldForm
from cases.services.people import PersonEntry
from cases.services.reports import ReportDetails, ToldEntry
from csp.agencies.models import Partnership, User

MOST_ROWS = 12
TOP = "id_what_happened"
SHOWN_AT = {"person": "name"}
"""What is wrong with a hidden box is said at the box beside it."""

LISTS: dict[str, type[forms.Form]] = {"affected": AffectedForm, "subjects": SubjectForm, "told": ToldForm}
SAME_NAME = (
    "what_happened", "hate", "hate_strands", "in_danger", "children_present", "reported_before", "why_you",
    "how_affected", "effect", "who_affected", "subjects_known", "consent", "consent_note", "source_reference",
    "contact_method", "contact_when", "contact_avoid", "when_kind", "occurred_precision", "occurred_on",
    "occurred_at", "occurred_until_on", "occurred_until_at", "occurred_pattern",
)  # fmt: skip
"""Answers that a report keeps under the name the form gives them."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """One line of the error summary."""

    anchor: str
    words: str


class Entry:
    """`sent` is judged; `typed` (a draft, another row asked for) is shown again without a word."""

    form_class: type[EntryForm]

    def __init__(
        self,
        *,
        user: User,
        partnership: Partnership,
        now: dt.datetime,
        sent: MultiValueDict[str, str] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        typed: MultiValueDict[str, str] | None = None,
        more: str = "",
    ) -> None:
        self.partnership, self.now = partnership, now
        self._sent, self._files, self._typed, self._more = sent, files, typed, more
        self._who = {"user": user, "partnership": partnership}
        self.form = self._build_form()
        self.behalf = self._build(AffectedForm, {"prefix": "behalf", **self._who})
        self.lists = {name: self._build_list(name, kind) for name, kind in LISTS.items()}
        if sent is None and typed is None:
            # Whoever is on the phone types at once: the form has the cursor, at its first question.
            self.form.fields["in_danger"].widget.attrs["autofocus"] = ""

    def _build_form(self) -> EntryForm:
        return self._build(self.form_class, self._who, {"token": uuid.uuid4()})

    def _build(self, kind: type[Any], given: dict[str, Any], initial: dict[str, Any] | None = None) -> Any:
        if self._sent is not None:
            return kind(self._sent, self._files, **given)
        initial = dict(initial or {})
        if self._typed is not None:
            initial.update(as_typed(kind(**given), self._typed))
        return kind(initial=initial, **given)

    def _build_list(self, name: str, kind: type[forms.Form]) -> Any:
        who = self._who if issubclass(kind, PersonPart) else {}
        rows = self._typed_rows(name, kind, who)
        made = forms.formset_factory(kind, extra=len(rows), max_num=MOST_ROWS, absolute_max=MOST_ROWS)
        rows_form = made(self._sent, prefix=name, form_kwargs=who)
        for form, row in zip(rows_form.forms, rows, strict=False) if self._sent is None else ():
            form.initial = {**form.initial, **row}
        return rows_form

    def _typed_rows(self, name: str, kind: type[forms.Form], who: dict[str, Any]) -> list[dict[str, Any]]:
        if self._typed is None:
            return []
        count = self._typed.get(f"{name}-TOTAL_FORMS", "0")
        typed = min(int(count) if count.isascii() and count.isdigit() else 0, MOST_ROWS)
        rows = [as_typed(kind(prefix=f"{name}-{n}", **who), self._typed) for n in range(typed)]
        return rows + ([{}] if self._more == name and len(rows) < MOST_ROWS else [])

    def _parts(self) -> Iterator[Any]:
        yield self.form
        yield self.behalf
        for rows in self.lists.values():
            yield from rows.forms

    def is_valid(self) -> bool:
        answers = [self.form.is_valid(), self.behalf.is_valid()]
        return all(answers + [rows.is_valid() for rows in self.lists.values()])

    def refuse(self, words: str) -> None:
        """A rule said no to something that cannot be pinned to one box."""
        self.form.add_error(None, words)

    @property
    def problems(self) -> list[Problem]:
        if self._sent is None:
            return []
        found = []
        for part in self._parts():
            for name in [name for name in (None, *part.fields) if (name or NON_FIELD_ERRORS) in part.errors]:
                anchor = part[SHOWN_AT.get(name, name)].auto_id if name else TOP
                found += [Problem(anchor, str(words)) for words in part.errors[name or NON_FIELD_ERRORS]]
        for rows in self.lists.values():
            found += [Problem(TOP, str(words)) for words in rows.non_form_errors()]
        return found

    @property
    def files_lost(self) -> bool:
        """Files were chosen, and a page that comes back with problems cannot hold them."""
        return bool(self._files)

    @property
    def token(self) -> uuid.UUID:
        return self.form.cleaned_data["token"]

    @property
    def files(self) -> list[Any]:
        return self.form.cleaned_data["attachments"]

    def people(self) -> list[PersonEntry]:
        behalf = [self.behalf.entry(self.behalf.cleaned_data["role"])] if self.behalf.says_somebody() else []
        affected = [form.entry(form.cleaned_data["role"]) for form in self._rows("affected")]
        return [*behalf, *affected, *(form.entry(form.role) for form in self._rows("subjects"))]

    def told(self) -> list[ToldEntry]:
        rows = [form.cleaned_data for form in self.lists["told"].forms if form.cleaned_data.get("agency")]
        return [ToldEntry(agency=row["agency"], agency_reference=row["agency_reference"]) for row in rows]

    def _rows(self, name: str) -> list[Any]:
        return [form for form in self.lists[name].forms if form.cleaned_data and form.says_somebody()]

    def answers(self) -> dict[str, Any]:
        cleaned = self.form.cleaned_data
        kinds = {"categories": tuple(cleaned["categories"]), "hate_strands": tuple(cleaned["hate_strands"])}
        return {name: cleaned[name] for name in SAME_NAME} | kinds | self.form.spot()

    def details(self) -> ReportDetails:
        raise NotImplementedError


class LogEntry(Entry):
    form_class = LogForm

    def _build_form(self) -> EntryForm:
        given = {**self._who, "today": self.now.date()}
        initial = {"token": uuid.uuid4(), "received_at": self.now.replace(second=0, microsecond=0)}
        return self._build(self.form_class, given, initial)

    def details(self) -> ReportDetails:
        caller, cleaned = self.form.who_calls(), self.form.cleaned_data  # type: ignore[attr-defined]
        told = self.told()
        if cleaned["caller_kind"] == CallerKind.AGENCY and cleaned["agency_name"]:
            told.insert(
                0, ToldEntry(agency=cleaned["agency_name"], agency_reference=cleaned["source_reference"])
            )
        return ReportDetails(
            **self.answers(),
            caller_kind=cleaned["caller_kind"],
            people=tuple(self.people() if caller is None else [caller, *self.people()]),
            told=tuple(told),
            received_at=cleaned["received_at"],
        )


class ReferralEntry(Entry):
    form_class = ReferForm

    def details(self) -> ReportDetails:
        return ReportDetails(
            **self.answers(),
            caller_kind=CallerKind.AGENCY,
            people=tuple(self.people()),
            told=tuple(self.told()),
        )
