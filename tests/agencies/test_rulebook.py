import datetime as dt

import pytest
from django.db import InternalError, transaction
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from cases.models import Category, RepeatRule, TriageStandard
from csp.agencies import rulebook
from csp.agencies.enums import Role
from csp.agencies.models import Term, term
from csp.agencies.services import rulebook as services
from csp.agencies.services.rulebook import CannotChangeRule
from csp.audit.models import Event
from csp.core.clocks import Unit
from tests.factories.agencies import PartnerFactory, PartnershipFactory, user_at
from tests.factories.cases import CategoryFactory

NOW = timezone.now()  # the database looks at its own clock, so these tests stand at no other
TODAY = timezone.localdate(NOW)
DAY = dt.timedelta(days=1)
STANDARD = {"risk": 3, "amount": 1, "unit": Unit.WORKING_DAYS, "amber_percent": 75}


@pytest.fixture
def partner():
    return PartnerFactory()


@pytest.fixture
def here(partner):
    return partner.partnership


@pytest.fixture
def administrator(partner, client):
    user = user_at(partner, Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.fixture
def names():
    return rulebook.book("names")


def call_it(here, label, starts_on, ends_on=None):
    return Term.objects.create(
        partnership=here, key="case_review", label=label, starts_on=starts_on, ends_on=ends_on
    )


def add(names, here, administrator, label, starts_on, **more):
    return services.add_rule(
        book=names,
        partnership=here,
        values={"key": "case_review", "label": label},
        starts_on=starts_on,
        by=administrator,
        at=NOW,
        **more,
    )


@pytest.mark.django_db
def test_new_version_ends_the_one_before_on_its_first_day(names, here, administrator):
    before = call_it(here, "Community Trigger", TODAY - 100 * DAY)

    add(names, here, administrator, "ASB Case Review", TODAY + 5 * DAY)

    assert term(here, "case_review", TODAY + 4 * DAY) == "Community Trigger"
    assert term(here, "case_review", TODAY + 5 * DAY) == "ASB Case Review"
    event = Event.objects.get()
    assert (event.verb, event.detail["replaces"], event.partnership) == ("rule.added", [before.pk], here)


@pytest.mark.django_db
def test_rule_starts_today_at_the_earliest(names, here, administrator):
    with pytest.raises(CannotChangeRule, match="today or a later day"):
        add(names, here, administrator, "Late thought", TODAY - DAY)

    assert add(names, here, administrator, "Today", TODAY).starts_on == TODAY


@pytest.mark.django_db
def test_second_version_of_a_day_is_refused(names, here, administrator):
    add(names, here, administrator, "First", TODAY)
    with pytest.raises(CannotChangeRule, match="started today already"):
        add(names, here, administrator, "Second", TODAY)
    add(names, here, administrator, "Planned", TODAY + 9 * DAY)
    with pytest.raises(CannotChangeRule, match="is planned already"):
        add(names, here, administrator, "Between", TODAY + 5 * DAY)


@pytest.mark.django_db
def test_planned_version_is_cancelled_and_the_one_before_goes_on(names, here, administrator):
    before = call_it(here, "Community Trigger", TODAY - 100 * DAY)
    planned = add(names, here, administrator, "Planned", TODAY + 9 * DAY)

    services.cancel_rule(book=names, rule=planned, by=administrator, at=NOW)

    before.refresh_from_db()
    assert (before.ends_on, Term.objects.count()) == (None, 1)
    assert Event.objects.latest("pk").verb == "rule.cancelled"


@pytest.mark.django_db
def test_rule_that_holds_is_ended_not_cancelled(names, here, administrator):
    rule = call_it(here, "Community Trigger", TODAY - 100 * DAY)
    with pytest.raises(CannotChangeRule, match="End it instead"):
        services.cancel_rule(book=names, rule=rule, by=administrator, at=timezone.now())

    today = timezone.localdate()
    services.end_rule(book=names, rule=rule, on=today, by=administrator, at=timezone.now())

    assert term(here, "case_review", today) == "ASB Case Review"
    assert Event.objects.get().detail["ends_on"] == today.isoformat()
    with pytest.raises(CannotChangeRule, match="ended already"):
        services.end_rule(book=names, rule=rule, on=today, by=administrator, at=timezone.now())


@pytest.mark.django_db
def test_rule_does_not_end_before_it_starts_nor_backwards(names, here, administrator):
    rule = call_it(here, "Planned", TODAY + 9 * DAY)

    for day, said in ((TODAY + DAY, "before it starts"), (TODAY - DAY, "today or a later day")):
        with pytest.raises(CannotChangeRule, match=said):
            services.end_rule(book=names, rule=rule, on=day, by=administrator, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"label": "Rewritten"},
        {"starts_on": TODAY - 200 * DAY},
        {"ends_on": TODAY - 50 * DAY},
    ],
)
def test_database_refuses_to_rewrite_a_rule_that_has_started(here, change):
    rule = call_it(here, "Community Trigger", TODAY - 100 * DAY)

    with pytest.raises(InternalError), transaction.atomic():
        Term.objects.filter(pk=rule.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        Term.objects.filter(pk=rule.pk).delete()


@pytest.mark.django_db
def test_database_lets_a_planned_rule_be_changed(here):
    rule = call_it(here, "Planned", timezone.localdate() + 9 * DAY)

    Term.objects.filter(pk=rule.pk).update(label="Planned better")
    rule.delete()

    assert not Term.objects.exists()


@pytest.mark.django_db
def test_database_refuses_to_bring_an_ended_rule_back(here):
    rule = call_it(here, "Community Trigger", TODAY - 100 * DAY, TODAY - 50 * DAY)

    with pytest.raises(InternalError), transaction.atomic():
        Term.objects.filter(pk=rule.pk).update(ends_on=None)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [TriageStandard, RepeatRule])
def test_rules_of_other_rooms_are_protected_too(model, here):
    values = {
        TriageStandard: STANDARD,
        RepeatRule: {
            "name": "Two in six months",
            "scope": "person",
            "count": 2,
            "window_amount": 6,
            "window_unit": Unit.MONTHS,
            "effect": "flag",
        },
    }[model]
    rule = model.objects.create(partnership=here, starts_on=TODAY - 100 * DAY, **values)

    with pytest.raises(InternalError), transaction.atomic():
        rule.delete()


@pytest.mark.django_db
def test_term_is_the_usual_one_until_the_partnership_names_its_own(here):
    call_it(here, "Community Trigger", TODAY - 100 * DAY)

    assert term(None, "case_review", TODAY) == "ASB Case Review"
    assert term(PartnershipFactory(), "case_review", TODAY) == "ASB Case Review"
    assert term(here, "case_review", TODAY) == "Community Trigger"


@pytest.mark.django_db
def test_term_tag_asks_once_for_a_page(here, rf, django_assert_num_queries):
    call_it(here, "Community Trigger", TODAY - 100 * DAY)
    template = Template('{% load agencies %}{% term "case_review" %}, {% term "homicide_review" %}')

    with django_assert_num_queries(1):
        words = template.render(Context({"partnership": here, "request": rf.get("/")}))

    assert words == "Community Trigger, Domestic Homicide Review"


@pytest.mark.django_db
def test_pages_of_rules_work(client, here, administrator):
    list_url = reverse("agencies:rules", args=["names"])
    add_url = reverse("agencies:add_rule", args=["names"])

    assert "Nothing holds now" in client.get(list_url).content.decode()
    refused = client.post(add_url, {"key": "case_review", "label": "", "starts_on": "yesterday"})
    assert "must be today or in the future" in refused.content.decode()
    client.post(add_url, {"key": "case_review", "label": "Community Trigger", "starts_on": "today"})
    rule = Term.objects.get()
    change = reverse("agencies:change_rule", args=["names", rule.pk])
    assert "Community Trigger" in client.get(change).content.decode()
    again = client.post(change, {"key": "case_review", "label": "Review", "starts_on": "today"})
    assert "started today already" in again.content.decode()
    client.post(change, {"key": "case_review", "label": "Review", "starts_on": "tomorrow"})
    page = client.get(list_url)
    assert [len(page.context[when]) for when in ("now", "planned", "past")] == [1, 1, 0]
    planned = page.context["planned"][0]["rule"]
    cancel = reverse("agencies:cancel_rule", args=["names", planned.pk])
    assert "is cancelled" in client.post(cancel, follow=True).content.decode()
    refused = client.post(reverse("agencies:cancel_rule", args=["names", rule.pk]), follow=True)
    assert "End it instead" in refused.content.decode()
    end = reverse("agencies:end_rule", args=["names", rule.pk])
    assert "Enter first day it no longer holds" in client.post(end, {"on": ""}).content.decode()
    assert "It ends on that day" in client.post(end, {"on": "today"}, follow=True).content.decode()
    assert "ended already" in client.post(end, {"on": "today"}).content.decode()
    assert len(client.get(list_url).context["past"]) == 1


@pytest.mark.django_db
def test_every_book_of_every_room_opens(client, administrator):
    CategoryFactory(partnership=administrator.partnerships[0])

    for book in rulebook.books():
        for name in ("rules", "add_rule"):
            url = reverse(f"agencies:{name}", args=[book.slug])
            assert client.get(url).status_code == 200, url
        assert "This" not in book.explanation[:4]


@pytest.mark.django_db
def test_entry_of_a_plain_list_is_changed_in_place_and_retired(client, here, administrator):
    book = next(book for book in rulebook.books() if book.model is Category)
    category = CategoryFactory(partnership=here, label="Noise")
    other = CategoryFactory(partnership=here, code="litter")

    services.change_entry(book=book, entry=category, values={"label": "Loud noise"}, by=administrator)
    services.change_entry(book=book, entry=category, values={"label": "Loud noise"}, by=administrator)
    services.end_rule(book=book, rule=category, on=TODAY, by=administrator, at=NOW)

    category.refresh_from_db()
    assert (category.label, category.retired_on) == ("Loud noise", TODAY)
    verbs = Event.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["rule.changed", "rule.ended"]
    with pytest.raises(CannotChangeRule, match="already"):
        services.change_entry(book=book, entry=category, values={"code": other.code}, by=administrator)
    with pytest.raises(CannotChangeRule, match="End it instead"):
        services.cancel_rule(book=book, rule=other, by=administrator, at=NOW)


@pytest.mark.django_db
def test_rule_with_dates_is_not_changed_in_place(names, here, administrator):
    rule = call_it(here, "Community Trigger", TODAY)

    with pytest.raises(CannotChangeRule, match="Start a new version"):
        services.change_entry(book=names, entry=rule, values={"label": "x"}, by=administrator)


@pytest.mark.django_db
def test_rules_are_closed_to_others_and_those_of_other_partnerships_are_not_found(
    client, here, administrator
):
    other = call_it(PartnershipFactory(), "Theirs", TODAY)

    assert client.get(reverse("agencies:change_rule", args=["names", other.pk])).status_code == 404
    assert client.get(reverse("agencies:rules", args=["nothing"])).status_code == 404
    client.force_login(user_at(PartnerFactory(partnership=here), Role.MANAGER))
    assert client.get(reverse("agencies:rules", args=["names"])).status_code == 403


@pytest.mark.django_db
def test_rule_list_query_count(client, here, administrator, queries):
    url = reverse("agencies:rules", args=["names"])
    call_it(here, "First", TODAY - 10 * DAY, TODAY)
    one = queries(client, url)
    call_it(here, "Second", TODAY)
    call_it(here, "Third", timezone.localdate() + 9 * DAY)

    assert one == queries(client, url) <= 8


@pytest.mark.django_db
def test_entry_of_a_plain_list_is_added_and_changed_on_its_page(client, here, administrator):
    url = reverse("agencies:add_rule", args=["categories"])
    typed = {"code": "noise", "label": "Noise", "qualifier": "nuisance", "risk": 1, "position": 1}

    client.post(url, typed)
    assert "like this already" in client.post(url, typed).content.decode()
    category = Category.objects.get(partnership=here)
    change = reverse("agencies:change_rule", args=["categories", category.pk])
    client.post(change, {**typed, "label": "Loud noise"})

    category.refresh_from_db()
    assert category.label == "Loud noise"


@pytest.mark.django_db
def test_rule_can_replace_another_of_a_free_list(here, administrator):
    book = next(book for book in rulebook.books() if book.model is RepeatRule)
    says = {
        "scope": "person",
        "count": 2,
        "window_amount": 6,
        "window_unit": Unit.MONTHS,
        "effect": "flag",
    }
    before = RepeatRule.objects.create(partnership=here, name="Two", starts_on=TODAY - 9 * DAY, **says)

    services.add_rule(
        book=book,
        partnership=here,
        values={**says, "name": "Three", "count": 3},
        starts_on=TODAY,
        by=administrator,
        at=NOW,
        replaces=before,
    )

    before.refresh_from_db()
    assert before.ends_on == TODAY
    assert [rule.name for rule in RepeatRule.objects.filter(partnership=here).on(TODAY)] == ["Three"]
