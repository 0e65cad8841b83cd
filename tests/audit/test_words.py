import pytest

from csp.audit.services import record
from csp.audit.words import BY_VERB, Line
from tests.factories.agencies import PartnerFactory, UserFactory, user_at
from tests.factories.cases import ReportFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return ReportFactory(reference="SV-R-26-000012", lead__name="Community Safety")


@pytest.fixture
def sentence(report):
    officer = user_at(report.lead, name="A. Officer")
    soha = PartnerFactory(name="Soha", partnership=report.partnership)

    def say(verb, **event):
        return str(Line.of(record(verb, **{"by": officer, "target": report, "partner": soha, **event})))

    return say


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("report.viewed", "opened report SV-R-26-000012"),
        ("report.logged", "logged report SV-R-26-000012"),
        ("report.shared", "shared report SV-R-26-000012 with Soha"),
        ("report.unshared", "stopped sharing report SV-R-26-000012 with Soha"),
        ("report.disclosed", "disclosed something of report SV-R-26-000012 to Soha"),
        ("report.person_added", "added a person to report SV-R-26-000012"),
        ("report.second_look_taken", "second look taken report SV-R-26-000012"),
        ("action.given", "gave action SV-R-26-000012 to Soha"),
    ],
)
def test_an_event_reads_as_a_sentence(sentence, verb, words):
    assert sentence(verb) == f"A. Officer (Community Safety) {words}"


def test_what_has_no_reference_has_its_number(sentence):
    person = UserFactory()

    assert sentence("user.disabled", target=person).endswith(f" disabled user {person.pk}")


def test_what_is_about_nothing_says_what_was_done(sentence):
    assert sentence("person.searched", target=None).endswith(" searched for a person")
    assert sentence("report.exported", target=None).endswith(" exported a list of reports")
    assert sentence("report.shared", partner=None).endswith(" with another agency")


def test_the_system_and_people_without_a_seat_are_named(sentence):
    assert sentence("report.routed", by=None) == "The system routed report SV-R-26-000012"
    assert sentence("report.viewed", by=UserFactory(name="B. Visitor")).startswith("B. Visitor opened")


def test_facts_hold_everything_else(report):
    event = record(
        "person.searched", words="5f3a", hits=0, old_words=None, kinds=["a", 1], hate=True, urgent=False
    )

    assert dict(Line.of(event).facts) == {
        "Event number": str(event.pk),
        "Recorded as": "person.searched",
        "Hits": "0",
        "Hate": "yes",
        "Kinds": "a, 1",
        "Urgent": "no",
        "Old words": "",
        "Request": "None",
    }


@pytest.mark.parametrize("verb", BY_VERB)
def test_every_phrase_can_be_filled(sentence, verb):
    assert "{" not in sentence(verb)
