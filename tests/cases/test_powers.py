"""Powers drafted, served, extended, breached and ended, on their pages and by their rules."""

import datetime as dt
import uuid
from decimal import Decimal

import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone

from cases.enums import BreachResponse, InterventionKind, InterventionStatus, LinkRole, ServiceMethod
from cases.models import Intervention, InterventionBreach, PowerRule
from cases.services import power_clocks, power_steps
from cases.services.breaches import BreachDetails, record_breach
from cases.services.interventions import (
    LimitsBroken,
    PowerDetails,
    PowerRefused,
    Served,
    add_power,
    serve_power,
)
from cases.services.power_rules import STARTERS, install_power_rules, limit_words, source_words
from cases.services.power_sheet import WITHHELD, protected_names, without_names
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from csp.core.calendar import end_of_day, start_of_day
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, PersonFactory, PlaceFactory
from tests.factories.casework import CasePersonFactory, InterventionFactory

pytestmark = pytest.mark.django_db
K = InterventionKind
NOW = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
STOP = (("prohibition", "Play music after 11pm"),)


@pytest.fixture
def team():
    team = PartnerFactory(receiving=True)
    install_power_rules(team.partnership, dt.date(2026, 1, 1))
    return team


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER)


@pytest.fixture
def case(team):
    return CaseFactory(lead=team)


@pytest.fixture
def subject(case):
    person = PersonFactory(lead=case.lead, name="Danny Pryce", born_on=dt.date(1990, 1, 1))
    CasePersonFactory(case=case, person=person, role=LinkRole.SUBJECT)
    return person


def draft(case, by, kind=K.CPW, **says):
    given = {
        "issuer": case.lead,
        "issued_by": "A. Officer",
        "grounds": "Loud music",
        "conditions": STOP,
        **says,
    }
    return add_power(case=case, details=PowerDetails(kind=kind, **given), by=by, at=NOW)


def serve(power, by, at=NOW, reason="", **says):
    served = Served(**{"served_at": NOW, "service_method": ServiceMethod.HAND, **says})
    return serve_power(power=power, served=served, by=by, at=at, reason=reason)


def test_a_warning_then_a_notice_with_its_last_day_to_appeal(case, officer, subject):
    warning = serve(draft(case, officer, person=subject), officer)
    notice = serve(draft(case, officer, K.CPN, person=subject, follows=warning), officer)

    assert warning.ends_at == end_of_day(dt.date(2026, 9, 9))
    assert (notice.status, notice.appeal_by) == (InterventionStatus.IN_FORCE, dt.date(2026, 3, 30))
    assert notice.ends_at == end_of_day(dt.date(2027, 3, 9))
    assert Event.objects.filter(verb="power.served").count() == 2


def test_a_notice_without_a_warning_is_refused_and_leaves_nothing(case, officer, subject):
    with pytest.raises(LimitsBroken, match="Community Protection Warning that came before"):
        draft(case, officer, K.CPN, person=subject)

    assert not Intervention.objects.exists()


def test_what_only_warns_passes_with_a_reason_that_is_kept(case, officer, subject):
    long = {"ends_at": end_of_day(dt.date(2027, 1, 1))}
    power = draft(case, officer, person=subject)

    with pytest.raises(LimitsBroken) as refused:
        serve(power, officer, **long)
    assert refused.value.may_pass
    served = serve(power, officer, reason="Agreed with the magistrates' clerk", **long)

    (noted,) = served.limits_noted
    assert (noted["limit"], noted["reason"]) == ("lapses", "Agreed with the magistrates' clerk")


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ({"served_at": NOW + dt.timedelta(minutes=1)}, "in the future"),
        ({"ends_at": NOW - dt.timedelta(minutes=1)}, "cannot end before it starts"),
        ({"review_on": dt.date(2026, 3, 9)}, "cannot come before it is served"),
    ],
)
def test_times_out_of_order_each_have_their_sentence(case, officer, subject, says, words):
    with pytest.raises(PowerRefused, match=words):
        serve(draft(case, officer, person=subject), officer, **says)


@pytest.mark.parametrize(("day", "fits"), [(dt.date(2026, 3, 9), False), (dt.date(2026, 3, 10), True)])
def test_a_longer_dispersal_is_lawful_from_the_day_the_law_changed(case, officer, day, fits):
    changes = dt.date(2026, 3, 10)
    _change(case, K.DISPERSAL, "longest", changes, 72)
    power = draft(case, officer, K.DISPERSAL, area="The park", conditions=())
    at = start_of_day(day) + dt.timedelta(hours=9)
    times = {"served_at": at, "ends_at": at + dt.timedelta(hours=72)}

    if fits:
        assert serve(power, officer, **times).status == InterventionStatus.IN_FORCE
    else:
        with pytest.raises(LimitsBroken, match="48 hours"):
            serve(power, officer, **times)


@pytest.mark.parametrize(("day", "fits"), [(dt.date(2026, 3, 9), False), (dt.date(2026, 3, 10), True)])
def test_a_penalty_is_held_to_the_law_of_the_day_of_the_conduct(case, officer, subject, day, fits):
    early = {"served_at": NOW - dt.timedelta(days=5)}
    warning = serve(draft(case, officer, person=subject), officer, **early)
    notice = serve(draft(case, officer, K.CPN, person=subject, follows=warning), officer, **early)
    _change(case, K.CPN, "penalty", dt.date(2026, 3, 10), 500)
    details = BreachDetails(
        happened_on=day, what="Music", response=BreachResponse.FIXED_PENALTY, penalty=Decimal(500)
    )

    if fits:
        assert record_breach(power=notice, details=details, by=officer, at=NOW).penalty == 500
    else:
        with pytest.raises(LimitsBroken, match="£100 at most on 9 March 2026"):
            record_breach(power=notice, details=details, by=officer, at=NOW)


def _change(case, kind, limit, on, amount):
    """A new row from the day, as if it had been planned in time."""
    old = PowerRule.objects.get(partnership=case.partnership, kind=kind, limit=limit)
    new = {
        "partnership": case.partnership,
        "kind": kind,
        "limit": limit,
        "unit": old.unit,
        "source": "A new Act",
    }
    with pgtrigger.ignore("cases.PowerRule:never_rewritten"):
        PowerRule.objects.filter(pk=old.pk).update(ends_on=on)
    PowerRule.objects.create(starts_on=on, amount=amount, **new)


def test_extending_past_six_months_is_refused_and_what_ran_out_is_not_brought_back(case, officer):
    notice = serve(
        draft(case, officer, K.CLOSURE_NOTICE, where="4 Mill Road", conditions=()),
        officer,
        ends_at=NOW + dt.timedelta(hours=24),
        hearing_at=NOW + dt.timedelta(hours=47),
    )
    made = draft(case, officer, K.CLOSURE_ORDER, where="4 Mill Road", follows=notice, conditions=())
    order = serve(made, officer, ends_at=end_of_day(dt.date(2026, 6, 9)))
    extend = {"power": order, "why": "The court", "by": officer, "at": NOW}

    with pytest.raises(LimitsBroken, match="6 months"):
        power_steps.extend_power(ends_at=end_of_day(dt.date(2026, 9, 10)), **extend)
    longer = power_steps.extend_power(ends_at=end_of_day(dt.date(2026, 9, 9)), **extend)
    assert longer.ends_at == end_of_day(dt.date(2026, 9, 9))
    late = NOW + dt.timedelta(days=300)
    with pytest.raises(PowerRefused, match="ran out"):
        power_steps.extend_power(**{**extend, "at": late, "ends_at": late + dt.timedelta(days=9)})


def test_powers_run_out_once_and_reminders_go_once(case, officer, subject, mailoutbox):
    case.officer = officer
    case.save()
    power = serve(draft(case, officer, person=subject), officer, ends_at=NOW + dt.timedelta(days=20))

    assert [power_clocks.remind(at=NOW), power_clocks.remind(at=NOW)] == [1, 0]
    (mail,) = mailoutbox
    assert mail.to == [officer.email]
    assert "Danny" not in mail.body
    assert power_clocks.end_those_that_ran_out(at=power.ends_at) == 0
    after = power.ends_at + dt.timedelta(minutes=1)
    assert [power_clocks.end_those_that_ran_out(at=after) for _ in range(2)] == [1, 0]
    power.refresh_from_db()
    assert (power.status, power.ended_on) == (InterventionStatus.ENDED, dt.date(2026, 3, 30))
    assert Event.objects.filter(verb="power.ran_out").count() == 1


def test_an_appeal_that_quashes_it_ends_it(case, officer, subject):
    warning = serve(draft(case, officer, person=subject), officer)
    notice = serve(draft(case, officer, K.CPN, person=subject, follows=warning), officer)
    day = dt.date(2026, 3, 10)

    with pytest.raises(PowerRefused, match="no appeal against a Community Protection Warning"):
        power_steps.lodge_appeal(power=warning, appealed_on=day, by=officer, at=NOW)
    power_steps.lodge_appeal(power=notice, appealed_on=day, by=officer, at=NOW)
    done = power_steps.decide_appeal(
        power=notice, stands=False, result="Too vague", on=day, by=officer, at=NOW
    )

    assert (done.status, done.ended_on) == (InterventionStatus.WITHDRAWN, day)


def test_the_same_form_sent_twice_makes_one(case, officer, subject, client):
    client.force_login(officer)
    sent = form(case, subject)

    answers = [client.post(reverse("cases:power_add", args=[case.reference, "cpw"]), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Intervention.objects.get().conditions.get().text == "Play music after 11pm"
    power = Intervention.objects.get()
    serve(power, officer)
    url = reverse("cases:power_breach", args=[case.reference, power.pk])
    breach = {"token": uuid.uuid4(), "happened_on": "10 March 2026", "what": "Music", "response": "warning"}
    assert [client.post(url, breach).status_code for _ in range(2)] == [302, 302]
    assert InterventionBreach.objects.count() == 1


def form(case, subject, **says):
    rows = {"conditions-TOTAL_FORMS": "1", "conditions-INITIAL_FORMS": "0"}
    rows |= {"conditions-0-kind": "prohibition", "conditions-0-text": "Play music after 11pm"}
    given = {"token": uuid.uuid4(), "person": subject.pk, "grounds": "Loud music", "issuer": case.lead_id}
    return {**rows, **given, "issued_by": "A. Officer", **says}


def test_a_refused_form_keeps_what_was_typed_and_another_row_saves_nothing(case, officer, subject, client):
    client.force_login(officer)
    url = reverse("cases:power_add", args=[case.reference, "cpw"])

    refused = client.post(url, form(case, subject, grounds="", body="Snug Bar")).content.decode()
    more = client.post(url, form(case, subject, add="conditions")).content.decode()

    assert "Enter the grounds" in refused
    assert "Snug Bar" in refused
    assert "Play music after 11pm" in refused
    assert "conditions-1-text" in more
    assert "Play music after 11pm" in more
    assert not Intervention.objects.exists()


def test_a_partner_that_may_add_records_its_own_and_edits_no_other(case, officer, subject, client):
    police = PartnerFactory(partnership=case.partnership)
    terms = {"gateway": "cda_115", "purpose": "x", "necessity": "x", "consent": "given", "by": None}
    sharing.share(record=case, to_partner=police, level=ShareLevel.CONTRIBUTE, at=timezone.now(), **terms)
    sergeant = user_at(police, Role.PRACTITIONER)
    ours = draft(case, officer, person=subject)
    client.force_login(sergeant)
    add = reverse("cases:power_add", args=[case.reference, "cpw"])

    assert client.get(reverse("cases:power_edit", args=[case.reference, ours.pk])).status_code == 403
    assert client.post(add, form(case, subject)).status_code == 200
    assert client.post(add, form(case, subject, issuer=police.pk)).status_code == 302
    own = Intervention.objects.get(issuer=police)
    assert client.get(reverse("cases:power_edit", args=[case.reference, own.pk])).status_code == 200


def test_premises_where_somebody_is_kept_safe_are_told_to_those_who_deal_with_it(case, officer, client):
    refuge = PlaceFactory(lead=case.lead, address="9 Refuge Row")
    PersonFactory(lead=case.lead, place=refuge, do_not_disclose=True)
    police = PartnerFactory(partnership=case.partnership)
    terms = {"gateway": "cda_115", "purpose": "x", "necessity": "x", "consent": "given", "by": None}
    sharing.share(record=case, to_partner=police, level=ShareLevel.CONTRIBUTE, at=timezone.now(), **terms)
    fields = {"place": refuge, "status": "in_force", "served_at": NOW, "starts_at": NOW, "made_by": officer}
    notice = InterventionFactory(case=case, kind=K.CLOSURE_NOTICE, **fields)
    order = InterventionFactory(case=case, kind=K.CLOSURE_ORDER, follows=notice, **fields)
    pages = [
        reverse("cases:powers", args=[case.reference]),
        reverse("cases:power", args=[case.reference, order.pk]),
        reverse("cases:power_add", args=[case.reference, "closure_order"]),
    ]

    for user, told in ((officer, True), (user_at(police), False)):
        client.force_login(user)
        shown = [client.get(page).content.decode() for page in pages]
        assert ["9 Refuge Row" in page for page in shown] == [told] * 3


def test_the_sheet_names_nobody_who_complained(case, officer, subject):
    ann = PersonFactory(lead=case.lead, name="Ann Brown")
    CasePersonFactory(case=case, person=ann, role=LinkRole.COMPLAINANT)
    power = draft(case, officer, person=subject)

    names = protected_names(power)

    assert names == ["Ann Brown"]
    assert without_names("Never speak to ann brown again", names) == f"Never speak to {WITHHELD} again"


def test_the_list_of_limits_in_the_docs_is_the_one_in_force(settings):
    rules = [PowerRule(**vars(starter)) for starter in STARTERS]
    table = "\n".join(
        f"| {rule.get_kind_display()} | {limit_words(rule)} | {source_words(rule)} |" for rule in rules
    )

    assert table in (settings.BASE_DIR / "docs" / "powers.md").read_text()


def test_the_administrator_plans_a_change_of_the_law(team, client):
    client.force_login(user_at(team, Role.ADMINISTRATOR))
    url = reverse("agencies:add_rule", args=["power-limits"])
    says = {"kind": "cpn", "limit": "penalty", "amount": "500", "source": "A new Act", "is_law": "on"}

    assert "Enter how much" in client.post(url, {**says, "amount": "", "starts_on": "today"}).content.decode()
    assert client.post(url, {**says, "starts_on": "today"}).status_code == 302

    old, new = PowerRule.objects.filter(kind="cpn", limit="penalty").order_by("starts_on")
    assert (old.amount, old.ends_on) == (100, new.starts_on)
    assert (new.amount, new.confirmed) == (500, False)


def test_a_power_needs_somebody_when_it_ends_soon(case, officer, subject, client):
    power = serve(draft(case, officer, person=subject), officer)
    Intervention.objects.filter(pk=power.pk).update(ends_at=timezone.now() + dt.timedelta(days=27))
    client.force_login(officer)

    assert "Community Protection Warning" in client.get(reverse("home")).content.decode()
    Intervention.objects.filter(pk=power.pk).update(ends_at=timezone.now() + dt.timedelta(days=29))
    assert "Community Protection Warning" not in client.get(reverse("home")).content.decode()
