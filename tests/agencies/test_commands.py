import json
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from cases.models import RepeatRule
from cases.services.categories import DEFAULT_CATEGORIES
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.models import Partnership, User
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.agencies.test_sharing import TERMS
from tests.factories.agencies import PartnerFactory, PartnershipFactory, UserFactory, user_at
from tests.factories.cases import NOON, ReportFactory

FOUNDING = {
    "name": "South and Vale",
    "slug": "south-and-vale",
    "code": "sv",
    "agency": "South Oxfordshire District Council",
    "email": "Admin@sv.example",
    "person": "A. Administrator",
}


def run(command, *arguments, **options):
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_who_can_see_says_who_how_much_and_why():
    report = ReportFactory()
    soha = PartnerFactory(partnership=report.partnership, name="Soha")
    sharing.share(record=report, to_partner=soha, level=ShareLevel.SUMMARY, by=None, at=NOON, **TERMS)
    user_at(soha, name="Ann Brown", email="ann@soha.example")
    user_at(soha, Role.BOARD, name="Board Member")

    words = run("who_can_see", report.reference.lower())

    assert words.splitlines() == [
        f"{report.lead}: Full, and may add to it. Leads it",
        "  Nobody there now",
        f"Soha: Summary. Shared by {report.lead}: Joint visit",
        "  Ann Brown <ann@soha.example>, partner practitioner",
    ]


@pytest.mark.django_db
def test_who_can_see_as_json():
    report = ReportFactory()

    found = json.loads(run("who_can_see", report.reference, "--json"))

    assert found["reference"] == report.reference
    assert [(each["partner"], each["why"]) for each in found["partners"]] == [(report.lead.name, "Leads it")]


@pytest.mark.django_db
@pytest.mark.parametrize("reference", ["SV-R-26-999999", "SV-X-26-000001", "nonsense"])
def test_who_can_see_says_that_there_is_no_such_record(reference):
    with pytest.raises(CommandError, match="There is no record"):
        run("who_can_see", reference)


@pytest.mark.django_db
@pytest.mark.usefixtures("eager")
def test_add_partnership_invites_the_first_administrator(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        said = run("add_partnership", **FOUNDING)

    assert "An invitation is on its way to Admin@sv.example" in said
    partnership = Partnership.objects.get(slug="south-and-vale")
    admin = User.objects.get(email="admin@sv.example")
    assert (partnership.code, partnership.receiving_partner.name) == ("SV", "Community Safety")
    assert admin.has_role(Role.ADMINISTRATOR, partnership=partnership)
    assert mail.outbox[0].to == ["admin@sv.example"]
    assert partnership.categories.count() == len(DEFAULT_CATEGORIES)
    assert RepeatRule.objects.filter(partnership=partnership).exists()
    assert set(Event.objects.values_list("verb", flat=True)) == {
        "agency.added",
        "partner.added",
        "partnership.added",
        "membership.added",
    }


@pytest.mark.django_db
def test_add_partnership_takes_somebody_who_has_an_account():
    UserFactory(email="admin@sv.example")

    run("add_partnership", **FOUNDING)

    assert User.objects.get().memberships.get().role == Role.ADMINISTRATOR


@pytest.mark.django_db
def test_add_partnership_answers_in_json():
    said = json.loads(run("add_partnership", **FOUNDING, json=True))

    assert (said["code"], said["invited"]) == ("SV", FOUNDING["email"])


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"slug": "south and vale"}, {"code": "TOOLONG"}, {"email": "nobody"}])
def test_add_partnership_refuses_and_leaves_nothing(wrong):
    with pytest.raises(CommandError):
        run("add_partnership", **{**FOUNDING, **wrong})

    assert not Partnership.objects.exists()


@pytest.mark.django_db
def test_add_partnership_refuses_a_code_that_is_taken():
    PartnershipFactory(code="SV")

    with pytest.raises(CommandError, match="code"):
        run("add_partnership", **FOUNDING)
