import pytest
from django.urls import reverse

from csp.agencies.enums import AreaKind, Role
from csp.agencies.models import Area
from csp.agencies.services import areas
from csp.agencies.services.areas import CannotChangeArea
from csp.audit.models import Event
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import ReportFactory


@pytest.fixture
def partner():
    return PartnerFactory()


@pytest.fixture
def administrator(partner, client):
    user = user_at(partner, Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.fixture
def root(partner):
    return AreaFactory(partnership=partner.partnership, kind=AreaKind.PARTNERSHIP, name="South and Vale")


def below(parent, name, kind=AreaKind.DISTRICT):
    return AreaFactory(partnership=parent.partnership, parent=parent, kind=kind, name=name)


@pytest.mark.django_db
def test_area_is_added_below_another_once(root, administrator):
    new = {
        "partnership": root.partnership,
        "parent": root,
        "kind": "ward",
        "name": "Didcot North",
        "codes": ["E1"],
    }

    area = areas.add_area(by=administrator, **new)

    assert area.path == f"{root.path}{area.pk}/"
    assert Event.objects.get().verb == "area.added"
    with pytest.raises(CannotChangeArea, match="there already"):
        areas.add_area(by=administrator, **{**new, "name": "DIDCOT NORTH"})


@pytest.mark.django_db
def test_area_moves_with_everything_below_it(root, administrator):
    south, vale = below(root, "South"), below(root, "Vale")
    ward = below(south, "Didcot", AreaKind.WARD)
    place = below(ward, "Mill Road", AreaKind.PLACE)

    areas.change_area(area=ward, by=administrator, parent=vale)

    place.refresh_from_db()
    assert place.path == f"{vale.path}{ward.pk}/{place.pk}/"
    assert set(Area.objects.within(vale)) == {vale, ward, place}
    assert Event.objects.get().detail == {"fields": ["parent"]}


@pytest.mark.django_db
def test_area_does_not_move_into_itself(root, administrator):
    south = below(root, "South")
    ward = below(south, "Didcot")

    with pytest.raises(CannotChangeArea, match="within itself"):
        areas.change_area(area=south, by=administrator, parent=ward)


@pytest.mark.django_db
def test_name_that_is_taken_is_refused(root, administrator):
    below(root, "South")
    vale = below(root, "Vale")

    with pytest.raises(CannotChangeArea, match="there already"):
        areas.change_area(area=vale, by=administrator, name="South")


@pytest.mark.django_db
def test_area_is_removed_only_while_nothing_lies_in_it(root, administrator):
    south = below(root, "South")
    empty = below(root, "Empty")
    ReportFactory(lead=PartnerFactory(partnership=root.partnership), ward=south)

    for used in (root, south):
        with pytest.raises(CannotChangeArea, match="is in use"):
            areas.remove_area(area=used, by=administrator)
    areas.remove_area(area=empty, by=administrator)

    assert set(Area.objects.all()) == {root, south}
    assert Event.objects.get().verb == "area.removed"


@pytest.mark.django_db
def test_pages_of_areas_work(client, root, administrator):
    south = below(root, "South")
    add = reverse("agencies:add_area")
    typed = {"kind": "ward", "name": "Didcot", "parent": south.pk, "codes": "e05006547, E1"}

    assert "Select what it lies in" in client.post(add, {**typed, "parent": ""}).content.decode()
    assert "Didcot is added" in client.post(add, typed, follow=True).content.decode()
    assert "there already" in client.post(add, typed).content.decode()
    ward = Area.objects.get(name="Didcot")
    assert ward.codes == ["E05006547", "E1"]
    change = reverse("agencies:change_area", args=[ward.pk])
    assert "E05006547 E1" in client.get(change).content.decode()
    assert "within itself" in client.post(change, {"name": "Didcot", "parent": ward.pk}).content.decode()
    client.post(change, {"name": "Didcot North", "parent": root.pk, "codes": ""})
    top = reverse("agencies:change_area", args=[root.pk])
    assert "is changed" in client.post(top, {"name": "All", "parent": ""}, follow=True).content.decode()
    page = client.get(reverse("agencies:areas"))
    assert [(area.name, depth) for area, depth in page.context["tree"]] == [
        ("All", 0),
        ("Didcot North", 1),
        ("South", 1),
    ]
    remove = [reverse("agencies:remove_area", args=[pk]) for pk in (root.pk, south.pk)]
    assert "in use" in client.post(remove[0], follow=True).content.decode()
    assert "South is removed" in client.post(remove[1], follow=True).content.decode()


@pytest.mark.django_db
def test_area_of_another_partnership_is_not_found(client, administrator):
    other = AreaFactory()

    assert client.get(reverse("agencies:change_area", args=[other.pk])).status_code == 404
    assert client.post(reverse("agencies:remove_area", args=[other.pk])).status_code == 404


@pytest.mark.django_db
def test_area_list_query_count(client, root, administrator, queries):
    one = queries(client, reverse("agencies:areas"))
    for name in ("South", "Vale"):
        below(root, name)

    assert one == queries(client, reverse("agencies:areas")) <= 8
