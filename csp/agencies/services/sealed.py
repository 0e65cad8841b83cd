"""Text that only this installation can read: for secrets at rest."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _key(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"csp.sealed:{secret}".encode()).digest()))


def _keys() -> MultiFernet:
    """The newest key seals; older ones still open, so that the secret key can be changed."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """None for what was not sealed here, or was tampered with."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
