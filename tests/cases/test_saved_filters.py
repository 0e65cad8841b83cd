import re

import pytest
from django.urls import reverse

from csp.agencies.enums import Role
from csp.agencies.models import SavedFilter
from csp.audit.models import Event
from tests.counting import queries_of
from tests.factories.agencies import PartnerFactory, user_at

pytestmark = pytest.mark.django_db
QUEUE = "/reports/"


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def bob(team):
    return user_at(team, Role.OFFICER, name="Bob Baker")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def test_a_filter_is_saved_as_a_tab(signed_in, ann):
    answer = signed_in.post(
        reverse("reports:filter_save"),
        {"name": "Hot", "query": "tab=waiting&risk=3&after=9&saved=4"},
        follow=True,
    )

    saved = SavedFilter.objects.get()
    assert (saved.owner, saved.partner, saved.query) == (ann, None, "tab=waiting&risk=3")
    assert answer.request["QUERY_STRING"] == f"tab=waiting&risk=3&saved={saved.pk}"
    page = answer.content.decode()
    assert re.search(r'aria-current="page">\s*Hot', page)
    assert Event.objects.get(verb="filter.saved").actor == ann


def test_a_shared_filter_is_a_tab_for_colleagues_alone(client, team, ann, bob):
    for name, partner in (("Ours", team), ("Mine", None)):
        SavedFilter.objects.create(owner=ann, partner=partner, room="reports", name=name, query="risk=3")

    client.force_login(bob)
    page = client.get(QUEUE).content.decode()
    assert "Ours" in page
    assert "Mine" not in page
    client.force_login(user_at(PartnerFactory(partnership=team.partnership)))
    assert "Ours" not in client.get(QUEUE).content.decode()


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "Enter a name for this filter"), ("Hot", "You have a filter called Hot already")],
)
def test_saving_a_filter_refuses_no_name_and_a_name_twice(signed_in, ann, name, message):
    SavedFilter.objects.create(owner=ann, room="reports", name="Hot", query="risk=3")

    page = signed_in.post(reverse("reports:filter_save"), {"name": name, "query": "who=me"}).content.decode()

    assert message in page
    assert 'value="who=me"' in page
    assert SavedFilter.objects.count() == 1


def test_there_are_only_so_many_saved_filters(signed_in, ann):
    SavedFilter.objects.bulk_create(
        SavedFilter(owner=ann, room="reports", name=str(n), query="risk=3") for n in range(20)
    )

    page = signed_in.post(reverse("reports:filter_save"), {"name": "More", "query": "who=me"})

    assert "Delete one first" in page.content.decode()


def test_a_saved_filter_is_renamed_shared_and_deleted(signed_in, team, ann):
    saved = SavedFilter.objects.create(owner=ann, room="reports", name="Hot", query="risk=3")
    change = reverse("reports:filter_change", args=[saved.pk])
    assert 'value="Hot"' in signed_in.get(change).content.decode()

    signed_in.post(change, {"name": "Hotter", "shared": "on", "query": "ignored"})
    saved.refresh_from_db()
    assert (saved.name, saved.partner, saved.query) == ("Hotter", team, "risk=3")

    assert "Hotter" in signed_in.get(reverse("reports:filters")).content.decode()
    signed_in.post(reverse("reports:filter_delete", args=[saved.pk]))
    assert not SavedFilter.objects.exists()
    assert "You have no saved filters" in signed_in.get(reverse("reports:filters")).content.decode()


def test_renaming_to_a_name_in_use_says_so(signed_in, ann):
    for name in ("Hot", "Cold"):
        saved = SavedFilter.objects.create(owner=ann, room="reports", name=name, query="risk=3")

    page = signed_in.post(reverse("reports:filter_change", args=[saved.pk]), {"name": "Hot"})

    assert "You have a filter called Hot already" in page.content.decode()


def test_too_many_filters_are_not_saved_half(signed_in):
    query = "&".join(f"category={n}" for n in range(200))[:1000]
    page = signed_in.post(reverse("reports:filter_save"), {"name": "Long", "query": query + "&risk=2"})

    assert not SavedFilter.objects.exists()
    assert "These are too many filters to save" in page.content.decode()


@pytest.mark.parametrize("page", ["filter_change", "filter_delete"])
def test_a_saved_filter_belongs_to_who_saved_it(client, team, ann, bob, page):
    saved = SavedFilter.objects.create(owner=ann, partner=team, room="reports", name="Ours", query="risk=3")
    client.force_login(bob)

    assert client.post(reverse(f"reports:{page}", args=[saved.pk]), {"name": "X"}).status_code == 404
    assert SavedFilter.objects.get().name == "Ours"


@pytest.mark.parametrize("count", [1, 3])
def test_saved_filters_cost_the_same_however_many(signed_in, ann, count):
    for n in range(count):
        SavedFilter.objects.create(owner=ann, room="reports", name=str(n), query="risk=3")

    questions = queries_of(lambda: signed_in.get(reverse("reports:filters")))

    assert len(questions) <= 6


@pytest.mark.parametrize("page", ["filters", "filter_save"])
def test_saved_filters_are_closed_to_roles_without_casework(client, team, page):
    client.force_login(user_at(team, Role.BOARD))
    ask = client.post if page == "filter_save" else client.get

    assert ask(reverse(f"reports:{page}")).status_code == 403
