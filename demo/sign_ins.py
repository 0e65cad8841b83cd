"""Who can sign in to the demo, for the person who has just started it."""

from csp.agencies.models import User
from demo.partnerships import PASSWORD, SIGN_INS, WEST_SIGN_INS


def as_text() -> str:
    """Nothing where the database is not the demo's."""
    there = set(User.objects.filter(is_active=True).values_list("email", flat=True))
    lines = [
        f"  {email:30} {role.label}, {partner}"
        for email, _, partner, role in (*SIGN_INS, *WEST_SIGN_INS)
        if email in there
    ]
    return "\n".join([f"Sign in with the password {PASSWORD} as", *lines]) if lines else ""
