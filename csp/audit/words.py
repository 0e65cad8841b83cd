"""Events as sentences: "A. Officer (Community Safety) shared report SV-R-26-000012 with Soha"."""

from dataclasses import dataclass
from typing import Any

from csp.audit.models import Event

SYSTEM = "The system"
BY_VERB = {
    "action.chased": "reminded {partner} of {thing}",
    "action.ended": "said that {thing} is no longer required",
    "action.escalated": "escalated {thing}, which {partner} has not done in time",
    "action.evidence_added": "added evidence to {thing}",
    "action.given": "gave {thing} to {partner}",
    "action.more_time_agreed": "agreed to more time for {thing}",
    "action.more_time_refused": "refused more time for {thing}",
    "action.more_time_requested": "asked for more time for {thing}",
    "action.noted": "added a note to {thing}",
    "action.reassigned": "changed the person for {thing}",
    "action.transferred": "transferred {thing} to {partner}",
    "agenda_item.added": "put {thing} on the agenda",
    "agenda_item.carried_over": "carried {thing} over from an earlier meeting",
    "agenda_item.edited": "changed what {thing} says",
    "agenda_item.ending_decided": "decided whether {thing} stays on the agenda",
    "agenda_item.noted": "wrote the notes of {thing}",
    "agenda_item.taken_up": "took up {thing} at the meeting",
    "agenda_item.withdrawn": "took {thing} off the agenda",
    "agendaitem.shared": "tabled {thing} for {partner}",
    "agendaitem.unshared": "closed {thing} to {partner}",
    "agendaitem.viewed": "opened {thing}",
    "agreement.signature_removed": "took a signature off {thing}",
    "audit.exported": "exported this record",
    "audit.viewed": "read this record",
    "calendar_feed.made": "made an address for the calendar of their meetings",
    "calendar_feed.withdrawn": "withdrew the address of the calendar of their meetings",
    "caller.letter_withdrawn": "withdrew a letter in {thing}",
    "case.access_asked": "asked to see more of {thing}",
    "case.access_declined": "declined {partner}'s request to see {thing}",
    "case.access_withdrawn": "withdrew the request to see {thing}",
    "case.agency_reference_changed": "entered their own reference for {thing}",
    "case.chased": "reminded agencies of late actions on {thing}",
    "case.closing_proposed": "proposed to close {thing}",
    "case.closing_refused": "refused to close {thing}",
    "case.contact_logged": "logged a contact in {thing}",
    "case.export_downloaded": "downloaded an exported list of cases",
    "case.glass_broken": "opened the restricted {thing} without being named",
    "case.glass_read": "read who opened the restricted {thing}",
    "case.hand_over_asked": "asked {partner} to take {thing} over",
    "case.held": "put {thing} on hold",
    "case.lead_changed": "handed {thing} over to {partner}",
    "case.letter_made": "wrote a letter in {thing}",
    "case.moved": "moved {thing} to another stage",
    "case.person_added": "added a person to {thing}",
    "case.person_changed": "changed what a person is in {thing}",
    "case.person_named": "named a person on the restricted {thing}",
    "case.person_removed": "took a person off {thing}",
    "case.person_unnamed": "took a person off those named on {thing}",
    "case.restriction_lifted": "lifted the restriction of {thing}",
    "case.update_reminded": "reminded the officer that an update is due in {thing}",
    "dash.recorded": "recorded a DASH result in {thing}",
    "depersonalised.exported": "exported numbers of reports without anybody in them",
    "hotspots.exported": "exported the hotspots",
    "import_file.erased": "discarded an uploaded file that was kept long enough",
    "indicator.added": "added an indicator",
    "indicator.changed": "changed what an indicator is",
    "indicator.restated": "restated a value of {thing}",
    "indicator.value_added": "added a value to {thing}",
    "invitation.accepted": "accepted their invitation",
    "meeting.agency_invited": "invited {partner} to {thing}",
    "meeting.agency_uninvited": "took {partner} off those invited to {thing}",
    "meeting.agenda_arranged": "changed the order or the times of the agenda of {thing}",
    "meeting.agenda_opened": "opened the agenda of {thing}",
    "meeting.attendance_noted": "noted who attends {thing}",
    "meeting.attendance_removed": "took somebody off the attendance of {thing}",
    "meeting.begun": "began {thing}",
    "meeting.confidentiality_accepted": "accepted the confidentiality statement of {thing}",
    "meeting.ended": "ended {thing}",
    "meeting.minutes_downloaded": "took the minutes of {thing} for {partner}",
    "meeting.minutes_printed": "made the minutes of {thing} for {partner}",
    "meeting.papers_downloaded": "took the papers of {thing} for {partner}",
    "meeting.papers_printed": "made the papers of {thing} for {partner}",
    "partner.came_back": "took {thing} back into the partnership",
    "partner.left": "recorded that {thing} left the partnership",
    "person.merged": "found that somebody else is {thing}",
    "person.unmerged": "made two people of {thing} again",
    "performance_report.comment_settled": "settled a comment on {thing}",
    "performance_report.commented": "commented on {thing}",
    "performance_report.downloaded": "took {thing} as a file",
    "performance_report.opened": "began {thing}",
    "performance_report.printed": "made the PDF of {thing}",
    "performance_report.reopened": "took the signature off {thing}",
    "performance_report.section_written": "wrote in {thing}",
    "performance_report.sent_back": "sent {thing} back to its writers",
    "performance_report.submitted": "submitted {thing} for review",
    "plan.chased": "reminded {partner} of the updates of {thing}",
    "plan.started": "set up {thing}",
    "plan_update.evidence_added": "added evidence to {thing}",
    "plan_update.evidence_downloaded": "downloaded evidence of {thing}",
    "plan_update.written": "wrote {thing}",
    "police_file.loaded": "loaded {thing}",
    "police_file.replaced": "loaded {thing} in place of an earlier file",
    "police_incident.exported": "exported police incidents by month",
    "police_upload.exported": "downloaded rejected rows of a police file",
    "police_upload.received": "sent a police file to be loaded",
    "power.appeal_decided": "recorded the result of an appeal against {thing}",
    "power.appealed": "recorded an appeal against {thing}",
    "power.breached": "recorded a breach of {thing}",
    "power.chased": "reminded of {thing}",
    "power.ran_out": "ended {thing}, whose time ran out",
    "problem.edited": "changed the problem-solving sheet of {thing}",
    "record.destruction_proposed": "proposed to destroy {thing}",
    "record.destruction_refused": "refused to destroy {thing}",
    "record.erased": "destroyed {thing}",
    "record.hold_lifted": "lifted the legal hold on {thing}",
    "record.hold_placed": "placed a legal hold on {thing}",
    "record.kept_longer": "decided to keep {thing} longer",
    "referral.accepted": "put {thing} on the agenda",
    "referral.decision_read": "read what became of {thing}",
    "referral.deferred": "put {thing} off to a later meeting",
    "referral.sent": "sent {thing} to {partner}",
    "repeat_people.viewed": "read which people come back in reports",
    "report.decision_undone": "took back the decision on {thing}",
    "report.information_added": "added information to {thing}",
    "report.person_added": "added a person to {thing}",
    "report.person_removed": "took a person off {thing}",
    "return.chased": "reminded {partner} of its return for {thing}",
    "return.sent": "sent the return of their agency for {thing}",
    "risk.assessed": "scored the risk of somebody in {thing}",
    "risk.chased": "reminded people that risk is due in {thing}",
    "risk_template.cancelled": "cancelled a version of the risk questions",
    "session.ended": "signed out",
    "session.locked_out": "was locked out after too many wrong passwords",
    "session.others_ended": "ended their other sessions",
    "session.refused": "was refused at sign-in",
    "session.started": "signed in",
    "subject_access.item_decided": "decided an item of {thing}",
    "subject_access.made_ready": "marked the answer to {thing} as ready",
    "subjectaccess.viewed": "opened {thing}",
    "user.directory_linked": "linked {thing} to the directory sign-in",
    "user.password_changed": "changed the password of {thing}",
    "user.password_withdrawn": "withdrew the password of {thing}",
    "user.second_step_added": "added a second step to the sign-in of {thing}",
    "user.second_step_removed": "removed a second step from the sign-in of {thing}",
    "user.second_steps_removed": "removed all second steps from the sign-in of {thing}",
}
BY_ENDING = {
    "disclosed": "disclosed something of {thing} to {partner}",
    "exported": "exported a list of {noun}s",
    "ran": "ran {thing}",
    "searched": "searched for a {noun}",
    "shared": "shared {thing} with {partner}",
    "unshared": "stopped sharing {thing} with {partner}",
    "viewed": "opened {thing}",
}
NOBODY_NAMED = "another agency"
NOT_SHOWN = frozenset({"words"})  # a fingerprint says nothing to a reader


@dataclass(frozen=True)
class Line:
    """An event as a page or a file shows it. Needs `actor`, `actor_partner` and `partner` fetched."""

    event: Event
    who: str
    did: str

    @classmethod
    def of(cls, event: Event) -> "Line":
        return cls(event, who(event), did(event))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Everything else the event holds, for who wants to know."""
        shown = {name: value for name, value in self.event.detail.items() if name not in NOT_SHOWN}
        return [
            ("Event number", str(self.event.pk)),
            ("Recorded as", self.event.verb),
            *((name.replace("_", " ").capitalize(), plain(value)) for name, value in shown.items()),
            ("Request", self.event.request_id or "None"),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.did}"


def who(event: Event) -> str:
    if event.actor is None:
        return SYSTEM
    return f"{event.actor} ({event.actor_partner})" if event.actor_partner else str(event.actor)


def did(event: Event) -> str:
    noun, _, done = event.verb.partition(".")
    phrase = BY_VERB.get(event.verb) or BY_ENDING.get(done)
    thing = f"{noun} {event.reference or event.target_id or ''}".strip().replace("_", " ")
    if phrase is None:
        return f"{done} {thing}".replace("_", " ")
    return phrase.format(thing=thing, noun=noun.replace("_", " "), partner=event.partner or NOBODY_NAMED)


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(plain(each) for each in value)
    return "" if value is None else str(value)
