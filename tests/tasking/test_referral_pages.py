import pytest
from django.urls import reverse

from cases.models import Place
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.navigation import needs
from csp.agencies.services import sharing
from tasking.enums import MeetingStatus
from tasking.models import AgendaItem, Meeting, Referral
from tasking.navigation.referrals import decided_needs, waiting_needs
from tasking.services import referrals
from tests.counting import queries_of
from tests.factories.agencies import user_at
from tests.factories.cases import CaseFactory
from tests.factories.casework import CaseNamedFactory
from tests.factories.tasking import AgendaItemFactory, ReferralFactory
from tests.tasking.referral_scene import DAY, Scene

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Damage, Mill Road",
    "why": "Windows are broken every week",
    "wanted": "A joint visit",
    "tried": "Letters",
    "gateway": "cda_115",
    "necessity": "Each agency holds a part of it",
    "consent": "given",
}


@pytest.fixture
def scene():
    return Scene()


def to_meeting(scene, name="refer", meeting=None):
    return reverse(f"meetings:{name}", args=[(meeting or scene.meeting).reference])


def typed(scene, **words):
    return TYPED | {"group": scene.group.pk, "needed_by": [scene.police.pk]} | words


def page(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def get(client, user, url, status=200):
    client.force_login(user)
    return page(client.get(url), status)


def test_a_case_is_referred_and_its_consequence_said_before(client, scene):
    url = f"{to_meeting(scene)}?case={scene.case.reference}"
    shown = get(client, scene.sam, url)
    assert "is shared with Community Safety in summary until" in shown
    assert 'value="Damage, Mill Road"' in shown
    assert "urgent" not in shown

    sent = client.post(url, typed(scene))
    again = client.post(url, typed(scene))

    made = Referral.objects.get()
    assert sent.url == again.url == made.get_absolute_url()
    assert (made.case, made.from_partner, list(made.needed_by.all())) == (
        scene.case,
        scene.soha,
        [scene.police],
    )
    read = get(client, scene.sam, sent.url)
    assert "Windows are broken every week" in read
    assert "Waiting for the chair" in read
    assert reverse("meetings:referral_accept", args=[made.pk]) not in read
    assert reverse("meetings:referral_withdraw", args=[made.pk]) in read


def test_what_is_left_out_is_said_and_nothing_typed_is_lost(client, scene):
    url = f"{to_meeting(scene)}?case={scene.case.reference}"
    client.force_login(scene.sam)

    shown = page(client.post(url, typed(scene, title="", consent="refused", group="")))

    for words in ("Enter a title without names", "Choose the group", "without their consent"):
        assert words in shown
    assert "Windows are broken every week" in shown
    assert not Referral.objects.exists()


def test_first_it_is_asked_what_it_is_about(client, scene):
    shown = get(client, scene.sam, to_meeting(scene))
    assert "Choose what it is about" in shown
    shown = get(client, scene.sam, f"{to_meeting(scene)}?case=SV-C-26-999999")
    assert "There is no case with this reference that you can see" in shown
    assert "SV-C-26-999999" in shown
    for asked, words in (
        ("person=x", "nobody here"),
        ("place=99999999", "no place here"),
        ("case=", "Enter the"),
    ):
        assert words in get(client, scene.sam, f"{to_meeting(scene)}?{asked}")


def test_what_stands_against_it_is_said_at_once_with_a_way_there(client, scene):
    theirs = CaseFactory(lead=scene.police, partnership=scene.team.partnership)
    sharing.share(
        record=theirs, to_partner=scene.soha, level=ShareLevel.SUMMARY, at=scene.now, gateway="cda_115",
        purpose="Visit", necessity="Tenancy", consent="given", by=None,
    )  # fmt: skip
    assert "Police leads" in get(client, scene.sam, f"{to_meeting(scene)}?case={theirs.reference}")
    made = scene.refer()
    url = f"{to_meeting(scene)}?case={scene.case.reference}"

    assert made.get_absolute_url() in get(client, scene.sam, url)
    assert made.get_absolute_url() in page(client.post(url, typed(scene, why="Other words")))
    referrals.withdraw(referral=made, reason="Solved", by=scene.sam, at=scene.now)
    AgendaItemFactory(meeting=scene.meeting, kind="case", case=scene.case, open_to=[scene.soha])
    assert "This is on the agenda" in get(client, scene.sam, url)


def test_a_place_is_typed_and_added_with_the_referral_or_not_at_all(client, scene):
    url, before = f"{to_meeting(scene)}?about=place", Place.objects.count()
    client.force_login(scene.sam)
    assert "Enter the postcode or address" in page(client.post(url, typed(scene)))
    Meeting.objects.update(status=MeetingStatus.PAPERS_OUT, referrals_due_on=scene.now.date() - DAY)

    late = page(client.post(url, typed(scene, where="Bus shelter, High Street, Didcot")))

    assert "cannot wait for the next meeting" in late
    assert "Bus shelter" in late
    assert Place.objects.count() == before
    words = {"where": "Bus shelter, High Street, Didcot", "urgent": "on", "urgent_because": "A fight"}
    client.post(url, typed(scene, **words))
    assert (Referral.objects.get().place.address, Place.objects.count()) == (
        "Bus shelter, High Street, Didcot", before + 1,
    )  # fmt: skip
    assert "Urgent because" in get(client, scene.ann, Referral.objects.get().get_absolute_url())


def test_a_person_is_referred_from_their_page(client, scene):
    person = scene.person()
    where = f"{reverse('meetings:refer_case')}?person={person.pk}"
    assert where in get(client, scene.sam, reverse("people:detail", args=[person.pk]))
    url = f"{to_meeting(scene)}?person={person.pk}"
    assert url in get(client, scene.sam, where)
    assert "The title names the person" in page(client.post(url, typed(scene, title="Visits to Vera")))

    client.post(url, typed(scene, title="Visits at night"))

    made = Referral.objects.get()
    assert made.person == person
    assert "Vera Tims" in get(client, scene.ann, made.get_absolute_url())


def test_no_meeting_takes_it(client, scene):
    Meeting.objects.update(status=MeetingStatus.PLANNED)

    assert "not open yet" in get(client, scene.sam, to_meeting(scene))
    assert "No meeting takes referrals now" in get(client, scene.sam, reverse("meetings:refer_case"))
    assert "Refer something to it" not in get(client, scene.sam, to_meeting(scene, "detail"))


def test_the_meetings_that_could_take_it(client, scene):
    theirs = CaseFactory(lead=scene.police, partnership=scene.team.partnership)
    url = reverse("meetings:refer_case")

    assert f"?case={scene.case.reference}" in get(client, scene.sam, f"{url}?case={scene.case.reference}")
    assert "no case with this reference" in get(client, scene.sam, f"{url}?case={theirs.reference}")
    sharing.grant(record=theirs, partner=scene.soha, level=ShareLevel.SUMMARY)
    refused = get(client, scene.sam, f"{url}?case={theirs.reference}")
    assert "Police leads" in refused
    assert to_meeting(scene) not in refused
    get(client, user_at(scene.team, Role.BOARD), url, 403)


def test_who_reads_which_referrals(client, scene):
    scene.refer()
    scene.refer(
        subject=referrals.Subject(place=scene.place), partner=scene.police, by=scene.kim, title="Bikes"
    )
    url = to_meeting(scene, "referrals")

    for user, damage, bikes in ((scene.ann, True, True), (scene.sam, True, False), (scene.kim, False, True)):
        shown = get(client, user, url)
        assert ("Damage, Mill Road" in shown, "Bikes" in shown) == (damage, bikes)
    get(client, scene.hal, url, 404)


def test_the_list_costs_the_same_however_long_it_is(client, scene):
    client.force_login(scene.ann)
    url = to_meeting(scene, "referrals")
    ReferralFactory(meeting=scene.meeting, place=scene.place)
    client.get(url)
    one = len(queries_of(lambda: client.get(url)))
    for _ in range(3):
        ReferralFactory(meeting=scene.meeting, place=scene.place, from_partner=scene.police)

    assert len(queries_of(lambda: client.get(url))) == one


def decide(client, made, how, user, **words):
    client.force_login(user)
    return client.post(reverse(f"meetings:referral_{how}", args=[made.pk]), words)


def test_it_is_put_on_the_agenda(client, scene):
    made = scene.refer()
    other = AgendaItemFactory(meeting=scene.meeting)
    shown = get(client, scene.ann, reverse("meetings:referral_accept", args=[made.pk]))
    assert "How much of the case do they see?" not in shown
    assert "Windows are broken every week" in shown
    words = {"title": "Damage", "gist": "Windows", "wanted": "Visit", "partners": [scene.police.pk]}
    wrong = page(decide(client, made, "accept", scene.ann, **words, minutes="many"))
    assert "Enter the minutes as a number" in wrong

    answer = decide(client, made, "accept", scene.ann, **words, minutes="5", before=other.pk, closed="on")

    item = AgendaItem.objects.get(referral=made)
    assert (item.minutes, item.closed, item.position) == (5, True, 1)
    assert item.reference in get(client, scene.sam, answer.url)
    second = page(decide(client, made, "accept", scene.bob, **words, minutes="5"))
    assert "This was decided already by Ann Officer" in second
    assert "Windows" in second


def test_the_team_says_how_much_of_its_own_case_is_seen(client, scene):
    case = CaseFactory(lead=scene.team)
    made = scene.refer(subject=referrals.Subject(case=case), partner=scene.team, by=scene.ann)
    words = {
        "title": "Damage",
        "gist": "Windows",
        "wanted": "Visit",
        "minutes": "5",
        "partners": [scene.police.pk],
    }

    decide(client, made, "accept", scene.ann, **words, level=ShareLevel.FULL.value)

    assert case.shares.get().level == ShareLevel.FULL


def test_it_is_put_off_or_declined_with_a_reason(client, scene):
    made = scene.refer()
    url = reverse("meetings:referral_defer", args=[made.pk])
    assert "No later meeting of this series is planned" in get(client, scene.ann, url)
    later = scene.later()
    assert "Enter why it is put off" in page(decide(client, made, "defer", scene.ann, to_meeting=later.pk))
    decide(client, made, "defer", scene.ann, to_meeting=later.pk, reason="The agenda is full")
    assert "The agenda is full" in get(client, scene.sam, made.get_absolute_url())
    assert "Enter why it is declined" in page(decide(client, made, "decline", scene.ann, reason=" "))
    decide(client, made, "decline", scene.ann, reason="For the landlord alone")

    shown = get(client, scene.sam, made.get_absolute_url())
    assert "For the landlord alone" in shown
    assert "Withdraw it" not in shown


def test_who_may_decide_and_who_may_withdraw(client, scene):
    made = scene.refer()
    for how in ("accept", "defer", "decline"):
        assert decide(client, made, how, scene.sam).status_code == 403
        assert decide(client, made, how, scene.kim).status_code == 404
    assert decide(client, made, "withdraw", scene.ann).status_code == 403
    assert "Enter why you withdraw it" in page(decide(client, made, "withdraw", scene.sam, reason=" "))

    decide(client, made, "withdraw", scene.sam, reason="Solved")

    made.refresh_from_db()
    assert made.status == "withdrawn"
    get(client, scene.kim, made.get_absolute_url(), 404)


def test_a_restricted_case_is_said_to_be_so_to_those_named(client, scene):
    scene.case.restricted, scene.case.restricted_because = True, "A colleague"
    scene.case.save()
    for user in (scene.sam, scene.ann):
        CaseNamedFactory(case=scene.case, user=user)
    url = f"{to_meeting(scene)}?case={scene.case.reference}"
    assert "Only the people named on it see this referral" in get(client, scene.sam, url)
    client.post(url, typed(scene))
    made = Referral.objects.get()

    assert "This case is restricted" in get(client, scene.ann, made.get_absolute_url())
    assert "closed part" in get(client, scene.ann, reverse("meetings:referral_accept", args=[made.pk]))
    get(client, scene.bob, made.get_absolute_url(), 404)
    assert "Damage, Mill Road" not in get(client, scene.bob, to_meeting(scene, "referrals"))


def test_home_tells_the_team_what_waits_and_the_referrer_what_became_of_it(client, scene):
    here = scene.team.partnership
    made = scene.refer()
    (need,) = waiting_needs(scene.ann, here, scene.now)
    assert (need.url, need.tag, need.late) == (made.get_absolute_url(), "Referral", False)
    assert not list(waiting_needs(scene.sam, here, scene.now))
    assert next(waiting_needs(scene.ann, here, scene.now + 30 * DAY)).late

    later = scene.later()
    referrals.defer(referral=made, to_meeting=later, reason="Full", by=scene.ann, at=scene.now)
    assert not list(waiting_needs(scene.ann, here, scene.now))
    Meeting.objects.filter(pk=later.pk).update(status=MeetingStatus.AGENDA_OPEN)
    assert list(waiting_needs(scene.ann, here, scene.now))
    (need,) = decided_needs(scene.sam, here, scene.now)
    assert need.detail.startswith("Put off to a later meeting")
    get(client, scene.ann, made.get_absolute_url())
    assert list(decided_needs(scene.sam, here, scene.now))
    get(client, scene.sam, made.get_absolute_url())
    assert not list(decided_needs(scene.sam, here, scene.now))
    made.refresh_from_db()
    referrals.withdraw(referral=made, reason="Solved", by=scene.sam, at=scene.now)
    assert "Referral" not in [each.tag for each in needs(scene.ann, here, scene.now)]
    assert not list(decided_needs(scene.sam, here, scene.now))


def test_a_case_shows_its_meetings_as_far_as_the_reader_sees_them(client, scene):
    url = reverse("meetings:of_case", args=[scene.case.reference])
    assert "On no agenda that you can see" in get(client, scene.sam, url)
    made = scene.refer()
    for user, seen in ((scene.sam, True), (scene.ann, True)):
        assert (made.get_absolute_url() in get(client, user, url)) is seen
    item = AgendaItemFactory(
        meeting=scene.meeting, kind="case", case=scene.case, title="Damage again", decision="A joint visit"
    )
    shown = get(client, scene.ann, url)
    assert "Damage again" in shown
    assert "A joint visit" in shown
    assert scene.meeting.get_absolute_url() in shown
    assert item.title not in get(client, scene.sam, url)
    get(client, scene.hal, url, 404)
    overview = get(client, scene.sam, scene.case.get_absolute_url())
    assert url in overview
    assert f"{reverse('meetings:refer_case')}?case={scene.case.reference}" in overview


def test_a_place_leads_to_its_meeting(client, scene):
    case = CaseFactory(lead=scene.soha, partnership=scene.team.partnership, place=scene.place)
    shown = get(client, scene.sam, reverse("places:detail", args=[case.place_id]))

    assert f"{reverse('meetings:refer_case')}?place={scene.place.pk}" in shown
    url = f"{to_meeting(scene)}?place={scene.place.pk}"
    client.post(url, typed(scene))
    made = Referral.objects.get()
    assert reverse("places:detail", args=[scene.place.pk]) in get(client, scene.sam, made.get_absolute_url())


def test_a_person_and_a_place_lead_to_the_items_about_them_that_the_reader_sees(client, scene):
    CaseFactory(lead=scene.soha, partnership=scene.team.partnership, place=scene.place)
    person = scene.person()
    pages = (
        ("person", person, reverse("people:detail", args=[person.pk])),
        ("place", scene.place, reverse("places:detail", args=[scene.place.pk])),
    )
    for kind, record, url in pages:
        hidden = AgendaItemFactory(meeting=scene.meeting, kind=kind, title=f"Hidden {kind}", **{kind: record})
        assert hidden.title not in get(client, scene.sam, url)
        open_item = AgendaItemFactory(
            meeting=scene.meeting, kind=kind, open_to=[scene.soha], title=f"Open {kind}", **{kind: record}
        )
        shown = get(client, scene.sam, url)
        assert open_item.title in shown
        assert hidden.title not in shown
