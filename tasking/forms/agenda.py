"""What is typed on the agenda: the minutes of each item, what an item says, and for whom it is tabled."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any, ClassVar

from crispy_forms_gds.layout import Field, Size
from django import forms
from django.db.models import Q

from cases.forms.parts import line
from cases.forms.sharing import LEVELS, box, radios
from cases.models import Category
from cases.services.prints import Prints
from csp.agencies.enums import AreaKind, Consent, Gateway, ShareLevel
from csp.agencies.models import Area, Partner
from csp.core.calendar import local_day
from csp.core.forms import GDSForm
from tasking.enums import ItemKind
from tasking.models import AgendaItem, Meeting, ReferralGroup
from tasking.services.agenda import MOST_MINUTES, ItemDetails, values_of
from tasking.services.referral_subjects import names_somebody
from tasking.services.tabling import REASON_NEEDED, TablingTerms

AREAS = (AreaKind.DISTRICT, AreaKind.LOCAL_AREA)


def minutes_box(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_MINUTES,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-3", "inputmode": "numeric", "autocomplete": "off"}
        ),
        error_messages={
            "required": f"Enter the {label.lower()} as a number, such as 10",
            "invalid": f"Enter the {label.lower()} as a number, such as 10",
            "min_value": f"Enter the {label.lower()} as 0 or more",
            "max_value": f"Enter the {label.lower()} as {MOST_MINUTES} or fewer",
        },
    )


class AgendaForm(GDSForm):
    """The minutes of each item, in place, and the order in which the items were sent."""

    submit_text = ""

    def __init__(self, data: Any = None, *, items: Sequence[AgendaItem]) -> None:
        self.items = {item.reference: item for item in items}
        self.sent = data
        first = {self.name_of(item): item.minutes for item in items}
        super().__init__(data, initial=first)
        for item in items:
            self.fields[self.name_of(item)] = minutes_box(f"Minutes for “{item.title}”")

    @staticmethod
    def name_of(item: AgendaItem) -> str:
        return f"minutes-{item.reference}"

    def add_prefix(self, field_name: str) -> str:
        return field_name

    def minutes(self) -> dict[int, int]:
        """By item, of a form that is valid."""
        return {item.pk: self.cleaned_data[self.name_of(item)] for item in self.items.values()}

    def order(self) -> list[int]:
        """Items as they were sent. What is not on the agenda any more is passed over."""
        sent = self.sent.getlist("order")
        return [self.items[reference].pk for reference in sent if reference in self.items]


class ItemForm(GDSForm):
    """`now` is what the item says, where the form shows something else."""

    title = line(
        "Title",
        160,
        hint="Without names or house numbers: each agency that it is tabled for reads it",
    )
    gist = box("What is going on, in two lines", hint="Agencies prepare with this")
    wanted = box("What is asked of the meeting")
    tried = box("What has been tried")
    group = forms.ModelChoiceField(
        label="Group", queryset=ReferralGroup.objects.none(), required=False, empty_label="None of these"
    )
    issue = forms.ModelChoiceField(
        label="Main kind of behaviour",
        help_text="Every agency invited reads kind and area, unless it is in the closed part",
        queryset=Category.objects.none(),
        required=False,
        empty_label="None of these",
    )
    area = forms.ModelChoiceField(
        label="Area", queryset=Area.objects.none(), required=False, empty_label="The whole partnership"
    )
    minutes = minutes_box("Minutes")
    closed = forms.BooleanField(
        label="Take it in the closed part",
        help_text="Agencies that it is not tabled for do not learn that it is on the agenda",
        required=False,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    layout: ClassVar[list[Any]] = [
        Field.text("title"),
        Field.textarea("gist"),
        Field.textarea("wanted"),
        Field.textarea("tried"),
        Field.select("group"),
        Field.select("issue"),
        Field.select("area"),
        Field.text("minutes"),
        Field.checkbox("closed"),
        "seen",
    ]

    def __init__(
        self, *args: Any, meeting: Meeting, details: ItemDetails, seen: Prints, person: Any = None,
        submit: str = "Save changes", **kwargs: Any,
    ) -> None:  # fmt: skip
        self.submit_text = submit
        self.person = person
        first = values_of(details) | {"seen": json.dumps(seen)}
        super().__init__(*args, initial=first, **kwargs)
        self.fields["title"].required = True
        self.fields["title"].error_messages["required"] = "Enter a title without names"
        here = Q(partnership=meeting.partnership_id)
        current = here & (Q(retired_on=None) | Q(retired_on__gt=local_day(meeting.starts_at)))
        labels = ("position", "label")
        for name, rows in (
            ("group", ReferralGroup.objects.filter(self._or_now(current, details.group)).order_by(*labels)),
            ("issue", Category.objects.filter(self._or_now(current, details.issue)).order_by(*labels)),
            (
                "area",
                Area.objects.filter(self._or_now(here & Q(kind__in=AREAS), details.area)).order_by("name"),
            ),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    @staticmethod
    def _or_now(wanted: Q, chosen: Any) -> Q:
        """What was chosen stays to be chosen, though it is on the list no more."""
        return wanted | Q(pk=chosen.pk) if chosen else wanted

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if self.person is not None and names_somebody(title, self.person):
            raise forms.ValidationError("The title names the person. Enter one without names")
        return title

    def details(self) -> ItemDetails:
        """Of a form that is valid."""
        return ItemDetails(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class TableForm(GDSForm):
    submit_text = "See what each of them will see"

    partners = forms.ModelMultipleChoiceField(
        label="Which agencies need it?",
        queryset=Partner.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Select the agencies that need it",
            "invalid_choice": "Select agencies that are invited and do not see it yet",
        },
    )
    level = radios(
        "How much of the case do they see?", LEVELS[1:], "Select how much of the case they see", coerce=int
    )
    gateway = forms.ChoiceField(
        label="Which law allows it?",
        choices=[("", "Choose the law"), *Gateway.choices],
        error_messages={"required": "Select the law that allows this"},
    )
    purpose = box("What do they need it for?", "Enter what they need it for", rows=2)
    necessity = box("Why is it necessary and proportionate?", "Enter why it is necessary and proportionate")
    consent = radios(
        "Does the person affected agree?", Consent.choices, "Select whether the person affected agrees"
    )
    consent_note = box("How they agreed, or why it is shared without", rows=2)
    handling = box("Handling conditions", hint="Such as: do not say who reported it", rows=2)
    layout: ClassVar[list[Any]] = [
        Field.checkboxes("partners", small=True, legend_size=Size.SMALL),
        Field.radios("level", small=True, legend_size=Size.SMALL),
        Field.select("gateway"),
        Field.textarea("purpose"),
        Field.textarea("necessity"),
        Field.radios("consent", small=True, legend_size=Size.SMALL),
        Field.textarea("consent_note"),
        Field.textarea("handling"),
    ]

    def __init__(
        self, *args: Any, item: AgendaItem, partners: Any, terms: TablingTerms, **kwargs: Any
    ) -> None:
        first = dataclasses.asdict(terms)
        kwargs["initial"] = first | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["partners"].queryset = partners  # type: ignore[attr-defined]
        if item.kind != ItemKind.CASE:
            del self.fields["level"]
            self.helper.layout.fields = [each for each in self.layout if "level" not in each.fields]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("consent") in REASON_NEEDED and not given.get("consent_note"):
            self.add_error("consent_note", "Enter why it is shared without their consent")
        return given

    def terms(self) -> TablingTerms:
        """Of a form that is valid."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "partners"}
        given["level"] = ShareLevel(given.get("level", ShareLevel.SUMMARY))
        return TablingTerms(**given)


class UntableForm(GDSForm):
    submit_text = "Close it to them"
    reason = box("Why do they no longer need it?", "Enter why they no longer need it", rows=2)


class OffForm(GDSForm):
    submit_text = "Take it off the agenda"
    reason = box("Why does it come off the agenda?", "Enter why it comes off the agenda", rows=2)


class FindForm(GDSForm):
    """What an item is about. It changes nothing, so it is asked with GET."""

    method = "get"
    submit_text = "Find"
    q = line(
        "Case, person or place", 160, hint="A reference, words of a title, a name, or an address or postcode"
    )
