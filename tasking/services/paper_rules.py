"""When an agency's papers and minutes are made and handed out, and to whom."""

from csp.agencies.models import Partner, User
from csp.core.errors import RuleBroken
from csp.core.words import date_words
from tasking.enums import HELD, PREPARED, WRITTEN_UP, MeetingStatus, PackKind
from tasking.models import Meeting, Pack
from tasking.services.pack_content import open_to
from tasking.services.pack_lines import Papers

FOR_THE_TEAM: dict[str, tuple[str, ...]] = {
    PackKind.PACK: (*PREPARED, *HELD),
    PackKind.MINUTES: WRITTEN_UP,
}
FOR_AGENCIES: dict[str, tuple[str, ...]] = {
    PackKind.PACK: (MeetingStatus.PAPERS_OUT, *HELD),
    PackKind.MINUTES: (MeetingStatus.APPROVED,),
}


class CannotMakePapers(RuleBroken): ...


def runs(user: User, meeting: Meeting) -> bool:
    """They do casework in the team that runs the meeting."""
    return meeting.lead_id in user.partner_ids


def may_have(user: User, meeting: Meeting, kind: str) -> bool:
    """Papers of this kind are ready for the user's side: the team looks at them before agencies do."""
    return meeting.status in (FOR_THE_TEAM if runs(user, meeting) else FOR_AGENCIES)[kind]


def must_be_ready(user: User, meeting: Meeting, kind: str) -> None:
    if may_have(user, meeting, kind):
        return
    if meeting.status == MeetingStatus.CANCELLED:
        raise CannotMakePapers(f"{meeting} is cancelled: there are no papers")
    if kind == PackKind.MINUTES:
        raise CannotMakePapers(_no_minutes_yet(user, meeting))
    if runs(user, meeting):
        raise CannotMakePapers("Open the agenda first: there is nothing to put into papers yet")
    raise CannotMakePapers(
        f"{meeting.lead} sends the papers of {meeting} by {date_words(meeting.papers_due_on)}. "
        "Until then, read your items on the agenda page"
    )


def _no_minutes_yet(user: User, meeting: Meeting) -> str:
    if runs(user, meeting):
        return f"Minutes are made once {meeting} has ended"
    return f"The minutes of {meeting} are not approved yet"


def must_be_theirs(user: User, meeting: Meeting, partner: Partner) -> None:
    """One's own agency's, or any agency's of a meeting that one's team runs."""
    if not (partner.pk in user.partner_ids or runs(user, meeting)):
        raise CannotMakePapers(f"These papers are for {partner}")
    if not meeting.invited.sitting().filter(partner=partner).exists():
        raise CannotMakePapers(f"{partner} is not invited to {meeting}")


def must_be_open_to_reader(user: User, pack: Pack, papers: Papers) -> None:
    """The team checks another agency's copy only where it may see everything in it."""
    if pack.partner_id in user.partner_ids:
        return
    if not open_to(pack.meeting.lead, papers):
        raise CannotMakePapers(
            f"These papers hold something that is not open to {pack.meeting.lead}, such as an action that "
            f"another agency gave {pack.partner}. Only {pack.partner} can read them"
        )
