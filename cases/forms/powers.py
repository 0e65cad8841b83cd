"""What an officer types to draft a power: only what that kind of power needs."""

import datetime as dt
import uuid
from typing import Any, ClassVar

from crispy_forms_gds.layout import Div, Field
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.datastructures import MultiValueDict

from cases.enums import (
    CONSULTED_BEFORE,
    ESCALATION,
    MAY_BE_A_BODY,
    MAY_FOLLOW,
    MAY_NAME_A_PLACE,
    OF_A_PLACE,
    WITH_CONDITIONS,
    ConditionKind,
    InterventionKind,
    LinkRole,
    PowerLimit,
)
from cases.forms.entry import Problem
from cases.forms.parts import LONGEST_ANSWER, PartsForm, as_typed, line, text_box
from cases.models import Case, Intervention, Person
from cases.services.case_people import people_of
from cases.services.interventions import (
    NOT_DISCLOSED,
    LimitsBroken,
    PowerDetails,
    PowerRefused,
    address_of,
    powers_before,
)
from csp.agencies.models import Partner, User
from csp.core.calendar import local_day
from csp.core.forms import GDSForm
from csp.core.words import date_words

MOST_CONDITIONS = 30
TOP = "id_grounds"
KINDS = [(str(kind.value), kind.label) for _, kinds in ESCALATION for kind in kinds]
BEFORE_LABEL = {
    InterventionKind.CPN: "Which warning came before?",
    InterventionKind.CLOSURE_ORDER: "Which closure notice came before?",
    InterventionKind.FIXED_PENALTY: "What was breached?",
    InterventionKind.POSSESSION: "Which notice came before?",
}
SHOWN_AT = {PowerLimit.FOLLOWS: "follows", PowerLimit.YOUNGEST: "person"}


class KindForm(GDSForm):
    submit_text = "Continue"
    method = "get"

    kind = forms.ChoiceField(
        label="Which power?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Select a power", "invalid_choice": "Select a power from the list"},
    )


class ConditionForm(PartsForm):
    kind = forms.ChoiceField(label="They", choices=ConditionKind.choices, initial=ConditionKind.PROHIBITION)
    text = text_box("What", hint="One thing each, in words that can be kept or broken", most=1000)

    parts: ClassVar[dict[str, list[Any]]] = {
        "condition": [Field.select("kind"), Field.textarea("text")],
    }


class PowerForm(PartsForm):
    token = forms.UUIDField(widget=forms.HiddenInput)
    follows = forms.ModelChoiceField(
        label="", queryset=Intervention.objects.none(), required=False, empty_label="Choose"
    )
    person = forms.ModelChoiceField(
        label="Who is it about?",
        help_text="Somebody who is not in the list is added to the case first",
        queryset=Person.objects.none(),
        required=False,
        empty_label="Choose",
    )
    body = line("Or a company or other body", 160, hint="Its name as it is registered")
    where = line("Address of the premises", 300, hint="With its postcode, if there is one")
    area = line(
        "Area or extent, in words", 300, hint="Such as: the whole building, or the streets round the park"
    )
    grounds = forms.CharField(
        label="Grounds",
        help_text="The conduct, and why this step is right and proportionate",
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4, "class": "app-grows"}),
        error_messages={"required": "Enter the grounds"},
    )
    consulted = text_box("Who was consulted or told before, and when")
    issuer = forms.ModelChoiceField(
        label="Which agency issues it?", queryset=Partner.objects.none(), empty_label=None
    )
    issued_by = forms.CharField(
        label="Name and post of who issues it",
        max_length=120,
        error_messages={"required": "Enter the name and post of who issues it"},
    )

    parts: ClassVar[dict[str, list[Any]]] = {
        "before": [Field.select("follows")],
        "who": [Div(Field.select("person"), Field("body"), css_class="app-fields")],
        "person": [Field.select("person")],
        "where": [Field("where"), Field("area")],
        "why": [Field.textarea("grounds")],
        "consulted": [Field.textarea("consulted")],
        "issuer": [Div(Field.select("issuer"), Field("issued_by"), css_class="app-fields")],
    }

    def __init__(
        self, *args: Any, case: Case, kind: str, at: dt.datetime, before: list[Intervention], **kwargs: Any
    ) -> None:
        self.case, self.kind, self.at = case, kind, at
        super().__init__(*args, partnership=case.partnership, **kwargs)
        self._offer(before)
        for name in self.left_out():
            del self.fields[name]

    def left_out(self) -> list[str]:
        kind = self.kind
        about_place = kind in OF_A_PLACE
        kept = {
            "follows": kind in MAY_FOLLOW,
            "person": not about_place,
            "body": kind in MAY_BE_A_BODY,
            "where": kind in MAY_NAME_A_PLACE,
            "area": kind in MAY_NAME_A_PLACE,
            "consulted": kind in CONSULTED_BEFORE,
        }
        return [name for name, keep in kept.items() if not keep]

    def _offer(self, before: list[Intervention]) -> None:
        user: Any = self.user
        fields: Any = self.fields
        links = people_of(self.case, user).filter(person__merged_into=None).select_related("person")
        roles: dict[Person, list[str]] = {}
        for link in sorted(links, key=lambda each: (each.role != LinkRole.SUBJECT, each.person.name)):
            roles.setdefault(link.person, []).append(link.get_role_display())
        fields["person"].queryset = Person.objects.filter(pk__in=[person.pk for person in roles])
        fields["person"].choices = [
            ("", "Choose"),
            *((person.pk, f"{person}, {', '.join(has).lower()}") for person, has in roles.items()),
        ]
        fields["follows"].queryset = Intervention.objects.filter(pk__in=[power.pk for power in before])
        earlier = [(power.pk, before_words(power, user)) for power in before]
        fields["follows"].choices = [("", "Choose"), *earlier]
        fields["follows"].label = BEFORE_LABEL.get(InterventionKind(self.kind), "")
        partners = Partner.objects.current(local_day(self.at)).filter(partnership=self.case.partnership_id)
        if self.case.lead_id not in user.partner_ids:
            partners = partners.filter(pk__in=user.partner_ids)
        fields["issuer"].queryset = partners.order_by("name")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        about = "person" if "person" in self.fields else "where"
        others = {"person": "body", "where": "area"}
        if not (given.get(about) or given.get(others[about])) and about not in self.errors:
            words = {"person": "Choose who it is about", "where": "Enter the premises or the area"}
            self.add_error(about, words[about])
        return given

    def details(self, conditions: tuple[tuple[str, str], ...]) -> PowerDetails:
        given = self.cleaned_data
        return PowerDetails(
            kind=self.kind,
            issuer=given["issuer"],
            issued_by=given["issued_by"],
            grounds=given["grounds"],
            person=given.get("person"),
            body=given.get("body") or "",
            where=given.get("where") or "",
            area=given.get("area") or "",
            follows=given.get("follows"),
            consulted=given.get("consulted") or "",
            conditions=conditions,
        )


def before_words(power: Intervention, user: User) -> str:
    """One line by which to choose it."""
    served = f"served {date_words(local_day(power.served_at))}" if power.served_at else "not served"
    subject = power.person or power.body or address_of(power, user) or power.area
    return f"{power}, {subject}, {served}, {power.get_status_display().lower()}"


def initial_of(power: Intervention) -> dict[str, Any]:
    names = ("person", "body", "area", "grounds", "consulted", "issuer", "issued_by", "follows")
    given = {name: getattr(power, name) for name in names}
    return given | {"where": power.place.full_address if power.place else ""}


def rows_of(power: Intervention) -> list[dict[str, str]]:
    return [{"kind": row.kind, "text": row.text} for row in power.conditions.order_by("position")]


class PowerEntry:
    """The form with its list of conditions. `sent` is judged; `typed` is shown again without a word."""

    def __init__(
        self,
        *,
        case: Case,
        kind: str,
        user: User,
        at: dt.datetime,
        power: Intervention | None = None,
        sent: MultiValueDict[str, str] | None = None,
        typed: MultiValueDict[str, str] | None = None,
        button: str = "",
    ) -> None:
        self.case, self.kind, self.user, self.at = case, kind, user, at
        self.before = powers_before(case, kind, user)
        self._given: dict[str, Any] = {
            "case": case,
            "kind": kind,
            "user": user,
            "at": at,
            "before": self.before,
        }
        initial, rows = self._first(power)
        if typed is not None:
            initial = as_typed(PowerForm(**self._given), typed)
            rows = self._typed_rows(typed, more=button == "conditions")
            if button == "copy":
                initial, rows = self._copied(initial, rows)
        self.form = PowerForm(sent, initial=initial, **self._given)
        self.conditions = self._formset(sent, rows) if kind in WITH_CONDITIONS else None

    def _first(self, power: Intervention | None) -> tuple[dict[str, Any], list[dict[str, str]]]:
        """What the page holds at first. One warning that could come before is as good as chosen."""
        if power is not None:
            return {**initial_of(power), "token": uuid.uuid4()}, rows_of(power)
        own = [pk for pk in self.user.partner_ids if pk == self.case.lead_id] or list(self.user.partner_ids)
        initial: dict[str, Any] = {"token": uuid.uuid4(), "issuer": own[0] if own else None}
        initial["issued_by"] = self.user.name
        if len(self.before) == 1:
            initial["follows"] = self.before[0].pk
            return self._copied(initial, [])
        return initial, []

    def _copied(
        self, initial: dict[str, Any], rows: list[dict[str, str]]
    ) -> tuple[dict[str, Any], list[dict[str, str]]]:
        """Who, where and the conditions, from the power that came before."""
        chosen = str(initial.get("follows") or "")
        before = next((power for power in self.before if str(power.pk) == chosen), None)
        if before is None:
            return initial, rows
        known = {name: value for name, value in initial_of(before).items() if name in COPIED}
        if address_of(before, self.user) == NOT_DISCLOSED:
            del known["where"]
        return {**initial, **known}, rows_of(before)

    def _typed_rows(self, typed: MultiValueDict[str, str], *, more: bool) -> list[dict[str, str]]:
        total = typed.get("conditions-TOTAL_FORMS", "0")
        number = min(int(total) if total.isascii() and total.isdigit() else 0, MOST_CONDITIONS)
        rows = [as_typed(ConditionForm(prefix=f"conditions-{n}"), typed) for n in range(number)]
        return rows + ([{}] if more and len(rows) < MOST_CONDITIONS else [])

    def _formset(self, sent: MultiValueDict[str, str] | None, rows: list[dict[str, str]]) -> Any:
        made = forms.formset_factory(
            ConditionForm, extra=max(len(rows), 1), max_num=MOST_CONDITIONS, absolute_max=MOST_CONDITIONS
        )
        formset = made(sent, prefix="conditions")
        for form, row in zip(formset.forms, rows, strict=False) if sent is None else ():
            form.initial = {**form.initial, **row}
        return formset

    def is_valid(self) -> bool:
        answers = [self.form.is_valid(), self.conditions is None or self.conditions.is_valid()]
        return all(answers)

    def details(self) -> PowerDetails:
        rows = [form.cleaned_data for form in self.conditions.forms] if self.conditions else []
        given = tuple((row["kind"], row["text"]) for row in rows if row.get("text"))
        return self.form.details(given)

    def refuse(self, problem: Exception) -> None:
        if isinstance(problem, LimitsBroken):
            for each in problem.problems:
                field = SHOWN_AT.get(PowerLimit(each.limit))
                self.form.add_error(field if field in self.form.fields else None, str(each))
            return
        field = problem.field if isinstance(problem, PowerRefused) else None
        self.form.add_error(field if field in self.form.fields else None, str(problem))

    @property
    def problems(self) -> list[Problem]:
        """Every line of the error summary, in the order of the page."""
        if not self.form.is_bound:
            return []
        parts = [self.form, *(self.conditions.forms if self.conditions else [])]
        found = []
        for part in parts:
            for name, words in part.errors.items():
                anchor = TOP if name == NON_FIELD_ERRORS else part[name].auto_id
                found += [Problem(anchor, str(each)) for each in words]
        return found

    @property
    def needs_one_before(self) -> list[str]:
        """What must be recorded first, where nothing on the case could come before this."""
        return [kind.label for kind in MAY_FOLLOW.get(self.kind, ())] if not self.before else []


COPIED = ("person", "body", "where", "area")
