"""The limits of powers as the administrator edits them: a change in the law is a new row from its day."""

from typing import Any, ClassVar

from cases.enums import PowerLimit
from cases.forms.rules import RuleForm, whole_number
from cases.models import PowerRule
from csp.agencies.rulebook import RuleBook

WITHOUT_A_UNIT = (PowerLimit.YOUNGEST, PowerLimit.PENALTY)


class PowerRuleForm(RuleForm):
    class Meta:
        model = PowerRule
        fields: ClassVar[list[str]] = [
            "kind",
            "limit",
            "amount",
            "unit",
            "follows",
            "source",
            "is_law",
            "confirmed",
        ]
        labels: ClassVar[dict[str, str]] = {
            "kind": "Which power?",
            "limit": "Which limit?",
            "unit": "Of what?",
            "follows": "Which power must come before?",
            "source": "Where does it come from?",
            "is_law": "This is law: what breaks it is refused",
            "confirmed": "Somebody read it in the source itself",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "unit": "Leave it empty for an age or an amount of money",
            "follows": "Only for “Must follow another power”",
            "source": "The Act and its section, or whose practice it is",
            "is_law": "Practice only warns, and asks for a reason",
            "confirmed": "What nobody has confirmed only warns, too",
        }

    amount = whole_number("How much?", 1, 100_000, required=False, help_text="Years are typed as months")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        limit = given.get("limit")
        if limit == PowerLimit.FOLLOWS:
            self._need(given, "follows", "Select the power that must come before")
            given["amount"], given["unit"] = None, ""
            if given.get("follows") and given.get("follows") == given.get("kind"):
                self.add_error("follows", "A power cannot follow itself. Select another")
        elif limit:
            given["follows"] = ""
            self._need(given, "amount", "Enter how much")
            if limit in WITHOUT_A_UNIT:
                given["unit"] = ""
            else:
                self._need(given, "unit", "Select what the time is counted in")
        return given

    def _need(self, given: dict[str, Any], name: str, words: str) -> None:
        if not given.get(name) and name not in self.errors:
            self.add_error(name, words)


POWER_BOOK = RuleBook(
    slug="power-limits",
    title="Limits of powers",
    explanation="What the law and local practice set to warnings, notices and orders. A power is held to the "
    "limits of the day on which it is issued, a fixed penalty to those of the day of the conduct.",
    model=PowerRule,
    form_class=PowerRuleForm,
    columns=(
        ("Power", "kind"),
        ("Limit", "limit"),
        ("How much", "amount"),
        ("Of what", "unit"),
        ("Follows", "follows"),
        ("Source", "source"),
        ("Law", "is_law"),
        ("Confirmed", "confirmed"),
    ),
    same=("kind", "limit"),
    position=60,
)
