"""The pages of an item: what each reader sees, and what the team that runs the meeting can do."""

import datetime as dt

import pytest
from django.utils import timezone

from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tasking.enums import ItemKind, ItemStatus, MeetingStatus
from tasking.models import AgendaItem, Meeting
from tasking.services.tabling import add_item
from tests.counting import queries_of
from tests.factories.agencies import user_at
from tests.factories.cases import CaseFactory, PersonFactory, PlaceFactory
from tests.factories.casework import CaseNamedFactory
from tests.factories.tasking import ReferralFactory
from tests.tasking.scene_agenda import NOW, table, url
from tests.tasking.test_agenda_carrying import ended, held


def page(client, scene):
    return client.get(url("agenda", scene.meeting.reference)).content.decode()


def on_agenda(scene):
    return list(scene.meeting.items.tabled().in_order())


def test_agency_reads_an_item_whole_with_the_terms(client, scene):
    item = scene.item(gist="Music all night", wanted="A joint visit")
    table(scene, item, scene.soha)
    client.force_login(scene.worker)
    shown = client.get(item.get_absolute_url()).content.decode()
    for words in ("Music all night", "A joint visit", str(item.case), "Problem solving", "Tabled for Soha"):
        assert words in shown
    assert "Take off" not in shown
    assert Event.objects.filter(verb="agendaitem.viewed", actor=scene.worker).exists()


def test_item_is_nothing_to_an_agency_that_it_is_not_for(client, scene):
    item = scene.item()
    client.force_login(scene.pc)
    for name in ("item", "item_edit", "item_table", "item_withdraw"):
        assert client.get(url(name, item.reference)).status_code == 404
    table(scene, item, scene.police)
    for name in ("item_edit", "item_table", "item_withdraw"):
        assert client.get(url(name, item.reference)).status_code == 403


def test_item_about_a_person_or_a_place_says_whom_and_where(client, scene, officer):
    person = PersonFactory(lead=scene.team, name="Ann Brown", born_on=dt.date(1990, 3, 2))
    place = PlaceFactory(lead=scene.team, address="Towpath, Abingdon")
    given = {"meeting": scene.meeting, "by": officer, "at": NOW}
    about_ann = add_item(kind=ItemKind.PERSON, title="Young person", person=person, **given)
    about_path = add_item(kind=ItemKind.PLACE, title="Bikes", place=place, **given)
    table(scene, about_ann, scene.soha)
    client.force_login(scene.worker)
    shown = client.get(about_ann.get_absolute_url()).content.decode()
    assert "Ann Brown, born 2 March 1990" in shown
    assert f"/people/{person.pk}/" not in shown
    client.force_login(officer)
    assert "Towpath, Abingdon" in client.get(about_path.get_absolute_url()).content.decode()


def test_earlier_decisions_are_shown_as_far_as_the_reader_was_there(client, scene):
    earlier = scene.another(timezone.now() - dt.timedelta(days=20))
    before = scene.item(meeting=earlier)
    before.decision = "Visit every Friday"
    ended(before, ItemStatus.STAYS)
    now = scene.item(case=before.case)
    table(scene, now, scene.soha)
    held(earlier)

    client.force_login(scene.officer)
    assert "Visit every Friday" in client.get(now.get_absolute_url()).content.decode()
    client.force_login(scene.worker)
    assert "Visit every Friday" not in client.get(now.get_absolute_url()).content.decode()


def test_draft_of_an_earlier_decision_is_for_the_team_alone(client, scene):
    earlier = scene.another(timezone.now() - dt.timedelta(days=20))
    before = scene.item(meeting=earlier)
    table(scene, before, scene.soha)
    before.decision = "Visit every Friday"
    ended(before, ItemStatus.STAYS)
    now = scene.item(case=before.case)
    table(scene, now, scene.soha)
    held(earlier, MeetingStatus.MINUTES_DRAFT)
    client.force_login(scene.worker)
    assert "Visit every Friday" not in client.get(now.get_absolute_url()).content.decode()
    Meeting.objects.filter(pk=earlier.pk).update(status=MeetingStatus.APPROVED, approved_at=timezone.now())
    assert "Visit every Friday" in client.get(now.get_absolute_url()).content.decode()


def test_item_is_edited_and_a_clash_keeps_what_was_typed(client, scene, officer):
    item = scene.item()
    address = url("item_edit", item.reference)
    seen = client.get(address).context["form"]["seen"].value()
    client.post(address, {"title": "Noise", "gist": "Bikes", "minutes": "10", "seen": seen})
    clash = client.post(address, {"title": "Noise", "wanted": "A visit", "minutes": "10", "seen": seen})
    shown = clash.content.decode()
    assert "Somebody else changed this item" in shown
    form = clash.context["form"]
    assert (form["gist"].value(), form["wanted"].value()) == ("Bikes", "A visit")
    again = {name: form[name].value() or "" for name in ("title", "gist", "wanted", "minutes", "seen")}
    assert client.post(address, again).status_code == 302
    item.refresh_from_db()
    assert (item.gist, item.wanted, item.version) == ("Bikes", "A visit", 2)


def test_item_without_a_title_is_refused(client, scene, officer):
    item = scene.item()
    shown = client.post(url("item_edit", item.reference), {"gist": "Bikes", "minutes": "10"}).content.decode()
    assert "Enter a title without names" in shown
    assert "Bikes" in shown


def test_item_is_taken_off_for_a_reason(client, scene, officer):
    item = scene.item()
    address = url("item_withdraw", item.reference)
    assert "Enter why it comes off" in client.post(address, {"reason": ""}).content.decode()
    shown = client.post(address, {"reason": "Solved"}, follow=True).content.decode()
    assert "is off the agenda" in shown
    assert on_agenda(scene) == []
    assert "Taken off before the meeting" in client.get(item.get_absolute_url()).content.decode()


TYPED = {
    "level": ShareLevel.SUMMARY, "gateway": "cda_115", "purpose": "Plan the visit", "necessity": "They visit",
    "consent": "not_needed",
}  # fmt: skip


def test_tabling_says_what_each_agency_will_see_before_it_is_done(client, scene, officer):
    item = scene.item()
    sharing.share(
        record=item.case, to_partner=scene.police, level=ShareLevel.FULL, gateway="cda_115", purpose="x",
        necessity="y", consent="given", by=officer, at=timezone.now(),
    )  # fmt: skip
    address = url("item_table", item.reference)
    assert "full, until somebody ends it" in client.get(address).content.decode()
    data = TYPED | {"partners": [scene.police.pk, scene.soha.pk]}

    shown = client.post(address, data).content.decode()

    assert "Nothing is tabled yet" in shown
    assert f"They see {item.case} already: full, until somebody ends it. That stays as it is" in shown
    assert f"{item.case} at the level summary, until" in shown
    assert not item.shares.exists()

    client.post(address, data | {"confirm": "1"})
    assert {shared.to_partner for shared in item.shares.all()} == {scene.police, scene.soha}
    assert {shared.purpose for shared in item.shares.all()} == {"Plan the visit"}


def test_change_something_leads_back_with_everything_typed(client, scene, officer):
    item = scene.item()
    data = TYPED | {"partners": [scene.soha.pk], "handling": "Not by e-mail", "change": "1"}
    shown = client.post(url("item_table", item.reference), data).content.decode()
    assert "Not by e-mail" in shown
    assert "Which agencies need it?" in shown


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"partners": []}, "Select the agencies that need it"),
        ({"necessity": ""}, "Enter why it is necessary and proportionate"),
        ({"consent": "refused"}, "Enter why it is shared without their consent"),
        ({"level": "1"}, "Select how much of the case they see"),
    ],
)
def test_terms_that_miss_something_are_refused_and_kept(client, scene, officer, wrong, words):
    item = scene.item()
    data = TYPED | {"partners": [scene.soha.pk]} | wrong
    shown = client.post(url("item_table", item.reference), data).content.decode()
    assert words in shown
    assert "Plan the visit" in shown
    assert not item.shares.exists()


def test_agency_that_is_not_invited_cannot_be_chosen(client, scene, officer):
    item = scene.item()
    address = url("item_table", item.reference)
    assert "Not invited to this meeting" in client.get(address).content.decode()
    shown = client.post(address, TYPED | {"partners": [scene.health.pk]}).content.decode()
    assert "Select agencies that are invited" in shown


def test_case_of_another_lead_is_refused_before_anything_is_confirmed(client, scene, officer):
    case = CaseFactory(lead=scene.soha)
    sharing.share(
        record=case, to_partner=scene.team, level=ShareLevel.FULL, gateway="cda_115", purpose="x",
        necessity="y", consent="given", by=None, at=timezone.now(),
    )  # fmt: skip
    item = scene.item(case=case)
    shown = client.post(url("item_table", item.reference), TYPED | {"partners": [scene.police.pk]})
    assert "is led by Soha, which did not refer it" in shown.content.decode()


def test_restricted_case_warns_and_says_who_is_named(client, scene, officer):
    item = scene.item(case=CaseFactory(lead=scene.team, restricted=True, restricted_because="Staff"))
    CaseNamedFactory(case=item.case, user=officer)
    address = url("item_table", item.reference)
    assert "only the people named on the case see this item" in client.get(address).content.decode()
    shown = client.post(address, TYPED | {"partners": [scene.police.pk]}).content.decode()
    assert "At Police: nobody yet" in shown


def test_terms_come_from_the_referral_and_its_agencies_are_ticked(client, scene, officer):
    case = CaseFactory(lead=scene.team)
    referral = ReferralFactory(
        meeting=scene.meeting, kind=ItemKind.CASE, case=case, gateway="safeguarding", necessity="A child",
        consent="refused", consent_note="Danger",
    )  # fmt: skip
    referral.needed_by.set([scene.police, scene.health])
    item = scene.item(case=case, referral=referral)
    form = client.get(url("item_table", item.reference)).context["form"]
    first = {
        name: form[name].value() for name in ("gateway", "necessity", "consent", "consent_note", "partners")
    }
    assert first == {
        "gateway": "safeguarding", "necessity": "A child", "consent": "refused", "consent_note": "Danger",
        "partners": [scene.police.pk],
    }  # fmt: skip
    assert form["purpose"].value() == f"Problem solving at the {scene.series.name}"


def test_item_is_closed_to_an_agency_for_a_reason(client, scene, officer):
    item = scene.item()
    table(scene, item, scene.soha)
    address = url("item_untable", item.reference, scene.soha.pk)
    assert "Enter why they no longer need it" in client.post(address, {"reason": ""}).content.decode()
    assert (
        "Soha no longer sees"
        in client.post(address, {"reason": "Theirs no more"}, follow=True).content.decode()
    )
    assert client.get(address).status_code == 404
    assert "is not open to Soha" in client.post(address, {"reason": "Again"}).content.decode()


def test_standing_item_is_tabled_for_nobody(client, scene, officer):
    item = add_item(meeting=scene.meeting, kind=ItemKind.STANDING, title="Prevent", by=officer, at=NOW)
    shown = client.get(url("item_table", item.reference), follow=True).content.decode()
    assert "Who sees this item cannot change" in shown


def test_case_is_found_and_put_on_the_agenda_then_tabled(client, scene, officer):
    case = CaseFactory(lead=scene.team, title="Fires at the garages", summary="Every weekend")
    CaseFactory(lead=scene.soha, title="Fires elsewhere")
    address = url("item_new", scene.meeting.reference)
    found = client.get(address, {"q": "fires"}).content.decode()
    assert "Fires at the garages" in found
    assert "Fires elsewhere" not in found
    assert "Every weekend" in client.get(f"{address}?case={case}").content.decode()
    made = client.post(f"{address}?case={case}", {"title": "Fires", "gist": "Weekly", "minutes": "20"})
    item = AgendaItem.objects.get()
    assert made.url == url("item_table", item.reference)
    assert (item.case, item.title, item.gist, item.minutes) == (case, "Fires", "Weekly", 20)
    again = client.post(f"{address}?case={case}", {"title": "Fires", "gist": "Again", "minutes": "20"})
    assert "is on this agenda already" in again.content.decode()
    assert "Again" in again.content.decode()


def test_heading_is_open_to_everybody_invited(client, scene, officer):
    address = f"{url('item_new', scene.meeting.reference)}?heading=1"
    client.post(address, {"title": "Summer plans", "minutes": "5"})
    assert list(AgendaItem.objects.visible_to(scene.pc).values_list("title", flat=True)) == ["Summer plans"]


@pytest.mark.parametrize("query", ["case=SV-C-26-999999", "person=0", "place=x", "person=" + "9" * 30])
def test_what_cannot_be_seen_is_put_on_no_agenda(client, scene, officer, query):
    assert client.get(f"{url('item_new', scene.meeting.reference)}?{query}").status_code == 404


def test_nothing_found_says_so(client, scene, officer):
    shown = client.get(url("item_new", scene.meeting.reference), {"q": "zzzzzz"}).content.decode()
    assert "Nothing that you can see has these words" in shown


def test_item_of_a_person_cannot_be_named_after_them(client, scene, officer):
    person = PersonFactory(lead=scene.team, name="Ann Brown")
    item = add_item(
        meeting=scene.meeting, kind=ItemKind.PERSON, title="Young person", person=person, by=officer, at=NOW
    )
    shown = client.post(url("item_edit", item.reference), {"title": "Brown family", "minutes": "10"})
    assert "The title names the person" in shown.content.decode()


def test_manager_and_officer_alike_run_it(client, scene):
    client.force_login(user_at(scene.team, Role.MANAGER))
    scene.item()
    assert "Save order and times" in page(client, scene)


@pytest.mark.parametrize("who", ["officer", "worker"])
def test_agenda_costs_the_same_however_long_it_is(client, scene, who):
    client.force_login(getattr(scene, who))
    costs = []
    for number in (1, 3):
        for _ in range(number):
            table(scene, scene.item(), scene.soha)
        page(client, scene)
        costs.append(len(queries_of(lambda: page(client, scene))))
    assert costs[0] == costs[1]
