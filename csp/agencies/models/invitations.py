"""The signed link of an invitation: for one person, once, for a week."""

import datetime as dt

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from csp.agencies.models.users import User

SALT = "csp.agencies.invitation"
HOLDS_FOR = dt.timedelta(days=7)


def _stamp(user: User) -> str:
    """Changes when the password is set, somebody signs in, or a newer invitation is sent."""
    facts = (user.pk, user.password, user.last_login, user.invited_at)
    return salted_hmac(SALT, "|".join(map(str, facts)), algorithm="sha256").hexdigest()[:32]


def invitation_token(user: User) -> str:
    return signing.dumps([user.pk, _stamp(user)], salt=SALT)


def invited_by_token(token: str) -> User | None:
    """The person the link is for, while it holds."""
    try:
        pk, stamp = signing.loads(token, salt=SALT, max_age=HOLDS_FOR)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True, invited_at__isnull=False).first()
    return user if user and constant_time_compare(stamp, _stamp(user)) else None
