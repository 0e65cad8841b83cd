"""A meeting to which Soha and the police are invited, with something on it for each and for neither."""

import datetime as dt
import io
from types import SimpleNamespace

from pypdf import PdfReader

from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.core.models import LongTask
from csp.core.progress import Bar
from tasking.enums import ItemKind, MeetingStatus
from tasking.models import Meeting
from tasking.services import papers
from tasking.services.pack_content import fingerprint, gather
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, CategoryFactory, PersonFactory, PlaceFactory
from tests.factories.tasking import (
    AgendaItemFactory,
    ItemAnswerFactory,
    MeetingFactory,
    SeriesFactory,
)

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
TERMS = {"gateway": "cda_115", "purpose": "Tasking", "necessity": "Tenancy", "consent": "not_needed"}
PACK, MINUTES = "pack", "minutes"


class Scene(SimpleNamespace):
    def print(self, partner=None, kind=PACK):
        """The fingerprint of an agency's papers, read from the database anew."""
        return fingerprint(self.papers(partner, kind))

    def papers(self, partner=None, kind=PACK):
        meeting = Meeting.objects.select_related("series", "lead", "chair").get(pk=self.meeting.pk)
        return gather(meeting, partner or self.soha, kind)

    def build(self, partner=None, kind=PACK, by=None):
        """Ask for the papers, and do the worker's part at once."""
        meeting = Meeting.objects.get(pk=self.meeting.pk)
        pack = papers.request_pack(
            meeting=meeting, partner=partner or self.soha, kind=kind, by=by or self.ann, at=AT
        )
        if not pack.file:
            work(pack.progress, lambda bar: papers.carry_out(pack_id=pack.pk, bar=bar, at=AT))
        pack.refresh_from_db()
        return pack


def work(task, does):
    """As a worker does it, but in the test's own transaction and without the thread that tells."""
    running = {"status": "RUNNING", "attempt": 1, "heartbeat_at": AT, "finished_at": None}
    LongTask.objects.filter(pk=task.pk).update(**running)
    bar = Bar(LongTask.objects.get(pk=task.pk))
    does(bar)
    return bar


def share(record, partner, **more):
    given = {"level": ShareLevel.CONTRIBUTE, "by": None, "at": AT} | TERMS | more
    return sharing.share(record=record, to_partner=partner, **given)


def scene(status=MeetingStatus.AGENDA_OPEN):
    team = PartnerFactory(receiving=True, name="Community Safety")
    given = {"partnership": team.partnership}
    soha, police = (PartnerFactory(name=name, **given) for name in ("Soha", "Thames Police"))
    ann = user_at(team, Role.OFFICER, name="Ann Archer")
    sam, pat = user_at(soha, name="Sam Soha"), user_at(police, name="Pat Police")
    series = SeriesFactory(lead=team, name="Joint Tasking", invite=[soha, police])
    meeting = MeetingFactory(series=series, invite=[soha, police], status=status)
    made = Scene(
        team=team, soha=soha, police=police, ann=ann, sam=sam, pat=pat, series=series, meeting=meeting
    )
    fill(made)
    return made


def fill(scene):
    """One item for each: open to Soha, to the police, restricted, closed for the police, closed for Soha."""
    team, soha, police, meeting = scene.team, scene.soha, scene.police, scene.meeting
    scene.noise = CategoryFactory(lead=team, label="Drums and noise")
    scene.case = CaseFactory(lead=team, title="Drums at Mill Road")
    hidden = PlaceFactory(lead=team, address="17 Hidden Lane")
    PersonFactory(lead=team, name="Wilma Quarr", do_not_disclose=True, place=hidden, phone="07700 900417")
    scene.secret = CaseFactory(lead=team, title="Stalking", restricted=True, restricted_because="So")
    item = {"meeting": meeting, "issue": scene.noise}
    scene.shown = AgendaItemFactory(
        **item, kind=ItemKind.CASE, case=scene.case, title="Drums by night", gist="Every weekend since May",
        wanted="A joint visit", tried="Two letters",
    )  # fmt: skip
    scene.theirs = AgendaItemFactory(
        **item, kind=ItemKind.PERSON, person=PersonFactory(lead=team, name="Ferdinand Towpath"),
        title="Bikes on the towpath", gist="Racing at dusk", referred_by=police,
    )  # fmt: skip
    scene.restricted = AgendaItemFactory(
        **item, kind=ItemKind.CASE, case=scene.secret, title="Restricted matter", gist="Followed home",
        open_to=[soha, police],
    )  # fmt: skip
    scene.closed = AgendaItemFactory(**item, title="Informant matter", gist="Kept close", closed=True)
    scene.own_closed = AgendaItemFactory(**item, title="Staff threatened", closed=True)
    scene.at_hidden = AgendaItemFactory(
        **item, kind=ItemKind.PLACE, place=hidden, title="Visitors at night", open_to=[soha]
    )
    scene.case_share = share(scene.case, soha, level=ShareLevel.SUMMARY)
    scene.share = share(scene.shown, soha, handling="Read in the office")
    for each in (scene.theirs, scene.closed):
        share(each, police)
    share(scene.own_closed, soha)
    sharing.grant(record=scene.secret, partner=soha, level=ShareLevel.SUMMARY)
    asked = {"lead": team, "partnership": team.partnership}
    scene.action = ActionFactory(**asked, owner=soha, target=scene.case, text="Visit number nine")
    scene.police_action = ActionFactory(**asked, owner=police, text="Patrol the towpath")
    scene.hidden_action = ActionFactory(
        **asked, owner=soha, target=scene.secret, text="Change the locks", restricted=True
    )
    seat = meeting.invited.get(partner=police)
    share(scene.shown, police)
    share(scene.case, police)
    scene.answer = ItemAnswerFactory(
        item=scene.shown, seat=seat, known="known", risks="Two calls a week", offer="Night patrols"
    )


def words(content):
    """The text of a PDF in one line."""
    reader = PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def words_of(pack):
    with pack.file.open("rb") as file:
        return words(file.read())
