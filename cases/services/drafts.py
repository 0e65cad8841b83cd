"""What an officer has typed so far. A form has one draft, found by its token, however often it is saved."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from cases.models import Report, ReportDraft
from csp.agencies.models import Partnership, User
from csp.core.text import tidy

KEPT_DAYS = 30
LONGEST_TEXT = 50_000


def save_draft(
    *,
    owner: User,
    partnership: Partnership,
    token: uuid.UUID,
    typed: Mapping[str, Sequence[str]],
    referral: bool,
    at: dt.datetime,
) -> ReportDraft | None:
    """Save what the form holds. None where the form is a report by now: a late save brings nothing back."""
    if Report.objects.filter(form_token=token).exists():
        return None
    data = {name: [tidy(value)[:LONGEST_TEXT] for value in values] for name, values in typed.items()}
    draft, _ = ReportDraft.objects.update_or_create(
        owner=owner,
        token=token,
        defaults={"data": data, "saved_at": at},
        create_defaults={
            "partnership": partnership,
            "referral": referral,
            "data": data,
            "started_at": at,
            "saved_at": at,
        },
    )
    return draft


def discard_draft(*, draft: ReportDraft) -> None:
    draft.delete()


def drop_draft_of(*, token: uuid.UUID, owner: User) -> None:
    """The form has become a report."""
    ReportDraft.objects.filter(owner=owner, token=token).delete()


def discard_old_drafts(*, at: dt.datetime) -> int:
    """Drafts hold personal data that nobody decided to keep, so they do not stay. Returns how many went."""
    gone, _ = ReportDraft.objects.filter(saved_at__lt=at - dt.timedelta(days=KEPT_DAYS)).delete()
    return gone
