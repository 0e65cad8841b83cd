from allauth.mfa.models import Authenticator

from csp.agencies.models import User

STARTED_AT, SEEN_AT = "started_at", "seen_at"
"""What a session holds of its own time, in seconds."""
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes stand in for one of these; alone they are none."""


def end_sessions(user: User) -> None:
    """Every session of this person ends with its next request, wherever it is."""
    user.session_stamp += 1
    user.save(update_fields=["session_stamp"])
