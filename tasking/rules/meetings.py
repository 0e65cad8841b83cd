import rules

from csp.agencies.enums import Role
from csp.agencies.models import User
from csp.agencies.rules import does_casework, holds, works_for_lead
from tasking.models import Meeting, MeetingPartner, Referral, Series


@rules.predicate
def sits_in_meeting(user: User, meeting: Meeting) -> bool:
    """An agency of the user is invited."""
    seats = MeetingPartner.objects.sitting().filter(meeting=meeting, partner__in=user.partner_ids)
    return seats.exists()


@rules.predicate
def chairs_meeting(user: User, meeting: Meeting) -> bool:
    """The chair, the deputy, or a manager of the team that runs it."""
    if user.pk in (meeting.chair_id, meeting.deputy_id):
        return meeting.lead_id in user.partner_ids
    return any(seat.role == Role.MANAGER and seat.partner_id == meeting.lead_id for seat in user.seats)


@rules.predicate
def made_referral(user: User, referral: Referral) -> bool:
    return referral.from_partner_id in user.partner_ids


@rules.predicate
def keeps_series(user: User, series: Series | None) -> bool:
    """An officer or manager of the team that runs it, or of any team where no series is named."""
    seats = [seat for seat in user.seats if seat.role in (Role.OFFICER, Role.MANAGER)]
    return bool(seats) if series is None else any(seat.partner_id == series.lead_id for seat in seats)


rules.add_perm("meetings.list", does_casework)
rules.add_perm("meetings.view", does_casework)  # of a meeting the gate lets them see
rules.add_perm("meetings.run", works_for_lead)
rules.add_perm("meetings.chair", chairs_meeting)
rules.add_perm("meetings.refer", sits_in_meeting)
rules.add_perm("meetings.answer", sits_in_meeting)
rules.add_perm("meetings.view_referral", does_casework)
rules.add_perm("meetings.decide_referral", works_for_lead)
rules.add_perm("meetings.withdraw_referral", made_referral)
rules.add_perm("meetings.view_item", does_casework)
rules.add_perm("meetings.change_item", works_for_lead)
rules.add_perm("meetings.view_series", does_casework)
rules.add_perm("meetings.keep_series", holds(Role.OFFICER, Role.MANAGER) & keeps_series)
