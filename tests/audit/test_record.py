import pytest
from django.db import transaction
from django.utils import timezone

from csp.agencies.enums import Role
from csp.audit import services
from csp.audit.bulk import record_each
from csp.audit.enums import Kind, kind_of
from csp.audit.models import Event
from csp.core.request import set_request_id
from tests.factories.agencies import MembershipFactory, PartnerFactory, UserFactory, user_at
from tests.factories.cases import ReportFactory

pytestmark = pytest.mark.django_db


def test_record_says_who_what_for_whom_and_in_which_request():
    report = ReportFactory()
    user = user_at(report.lead)
    other = PartnerFactory(partnership=report.partnership)
    set_request_id("abc123")

    services.record("report.shared", by=user, target=report, partner=other, reason="Joint visit", level=2)

    event = Event.objects.get()
    set_request_id("")
    assert (event.verb, event.kind, event.actor, event.target) == (
        "report.shared",
        "disclosure",
        user,
        report,
    )
    assert (event.actor_partner, event.partner, event.partnership) == (report.lead, other, report.partnership)
    assert (event.detail, event.request_id) == ({"level": 2}, "abc123")
    assert str(event) == f"report.shared {report.reference}"


@pytest.mark.parametrize(
    "verb", ["shared", "report.", "Report.shared", "report shared", "report.shared.twice", ""]
)
def test_record_refuses_what_is_not_a_verb(verb):
    with pytest.raises(ValueError, match=r"is not a verb such as report\.logged"):
        services.record(verb)


def test_record_of_the_system_has_no_actor():
    event = services.record("share.lapsed", partnership=PartnerFactory().partnership)

    assert (event.actor, event.actor_partner, event.target, event.target_type) == (None, None, None, "")


def test_record_goes_to_the_only_partnership_of_the_actor():
    partner = PartnerFactory()

    event = services.record("user.signed_in", by=user_at(partner))

    assert (event.partnership, event.actor_partner) == (partner.partnership, partner)


def test_record_names_no_partner_for_who_sits_at_two_of_the_partnership():
    partner = PartnerFactory()
    user = user_at(partner)
    MembershipFactory(user=user, partner=PartnerFactory(partnership=partner.partnership))

    event = services.record("report.viewed", by=user, partnership=partner.partnership)

    assert event.actor_partner is None


def test_record_names_no_partnership_for_who_works_in_two():
    user = user_at(PartnerFactory())
    MembershipFactory(user=user, partner=PartnerFactory())

    event = services.record("user.signed_in", by=user)

    assert (event.partnership, event.actor_partner) == (None, None)


def test_an_event_goes_when_its_change_is_undone():
    def change_and_fail():
        with transaction.atomic():
            services.record("report.logged")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()

    assert not Event.objects.exists()


def test_target_is_none_once_the_room_or_the_row_is_gone():
    event = services.record("user.changed", target=UserFactory())
    event.target_id = 0
    assert event.target is None
    event.target_type = "rooms.gone"
    assert event.target is None


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("report.viewed", Kind.CONSULTATION),
        ("person.searched", Kind.CONSULTATION),
        ("report.shared", Kind.DISCLOSURE),
        ("audit.exported", Kind.DISCLOSURE),
        ("report.logged", Kind.COLLECTION),
        ("person.merged", Kind.COMBINATION),
        ("draft.deleted", Kind.ERASURE),
        ("report.decided", Kind.ALTERATION),
        ("user.signed_in", Kind.ACCOUNT),
        ("membership.added", Kind.ACCOUNT),
        ("user.viewed", Kind.CONSULTATION),
    ],
)
def test_kind_of_follows_the_last_word_of_the_verb(verb, kind):
    assert kind_of(verb) == kind


def test_looked_at_is_written_once_however_often_the_page_is_opened():
    report = ReportFactory()
    user = user_at(report.lead)

    first = services.looked_at(user, report)
    again = services.looked_at(user, report)

    assert (first.verb, first.target) == ("report.viewed", report)
    assert again is None


def test_looked_at_is_written_for_each_person_record_reason_and_level():
    report, other = ReportFactory(), ReportFactory()
    user = user_at(report.lead)
    services.looked_at(user, report)

    services.looked_at(user_at(report.lead), report)
    services.looked_at(user, other)
    services.looked_at(user, report, "Broke the glass: child at risk")
    services.looked_at(user, report, level="full")

    assert Event.objects.count() == 5


def test_looked_at_is_written_again_after_ten_minutes(monkeypatch):
    report = ReportFactory()
    user = user_at(report.lead)
    services.looked_at(user, report)
    monkeypatch.setattr(services, "ONCE_IN", timezone.timedelta(0))

    assert services.looked_at(user, report) is not None


def test_searched_keeps_hits_and_no_words(settings):
    partner = PartnerFactory()
    user = user_at(partner)

    event = services.searched(user, "person", "Ann Brówn", hits=3, partnership=partner.partnership)

    assert (event.verb, event.kind, event.detail["hits"]) == ("person.searched", "consultation", 3)
    assert "ann" not in str(event.detail).lower()
    assert event.detail["words"] in services.fingerprints("ANN  brown")
    assert event.detail["words"] not in services.fingerprints("Ann Browne")
    assert services.searched(user, "person", "ann brown", hits=3, partnership=partner.partnership) is None
    assert services.searched(user, "place", "ann brown", hits=3) is not None


def test_fingerprints_reach_back_to_keys_before(settings):
    settings.SECRET_KEY = "old"
    before = services.fingerprint("Ann Brown")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]

    assert before in services.fingerprints("Ann Brown")
    assert before != services.fingerprint("Ann Brown")


def test_printed_exported_and_disclosed_are_disclosures():
    report = ReportFactory()
    user = user_at(report.lead, Role.MANAGER)
    other = PartnerFactory(partnership=report.partnership)

    services.printed(user, report, pages=2)
    services.exported(user, "report", rows=12, partnership=report.partnership, format="csv")
    services.disclosed(user, report, to=other, reason="Court asked for it")

    assert list(Event.objects.order_by("pk").values_list("verb", "kind", "partner")) == [
        ("report.printed", "disclosure", None),
        ("report.exported", "disclosure", None),
        ("report.disclosed", "disclosure", other.pk),
    ]


def test_disclosed_wants_its_reason():
    report = ReportFactory()

    with pytest.raises(ValueError, match="needs its reason"):
        services.disclosed(user_at(report.lead), report, to=report.lead, reason=" ")


def test_record_each_writes_one_event_for_each_row_of_a_query():
    report, other = ReportFactory(), ReportFactory()
    user = user_at(report.lead)
    rows = "SELECT id, reference, '', jsonb_build_object('row', 7) FROM cases_report WHERE id = ANY(%s)"
    about = {"by": user, "model": type(report), "partnership": report.partnership}

    assert record_each("report.imported", **about, targets=rows, params=[[report.pk, other.pk]]) == 2

    first, second = Event.objects.order_by("pk")
    assert [first.target, second.target] == [report, other]
    assert (first.verb, first.kind, first.reference) == ("report.imported", "collection", report.reference)
    assert (first.actor, first.actor_partner, first.detail) == (user, report.lead, {"row": 7})
    assert record_each("report.imported", **{**about, "by": None}, targets=rows, params=[[]]) == 0
