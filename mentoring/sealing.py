"""What only one person may read is sealed before it reaches the database.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. The text is bound to the row
and author it belongs to: moved to another row, it does not open.
"""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class CannotOpen(Exception):
    """The key, the row or the author is not the one it was sealed with."""


def _cipher() -> AESGCM:
    return AESGCM(hashlib.sha256(settings.NOTES_KEY.encode()).digest())


def hashed(token: str) -> str:
    """What is kept of a secret that somebody carries."""
    return hashlib.sha256(token.encode()).hexdigest()


def seal(text: str, *, bound_to: str) -> bytes:
    """The text, readable only with the key and the same ``bound_to``."""
    nonce = os.urandom(12)
    return nonce + _cipher().encrypt(nonce, text.encode(), bound_to.encode())


def unseal(sealed: bytes, *, bound_to: str) -> str:
    """The text again. Raises ``CannotOpen`` when anything about it was changed."""
    sealed = bytes(sealed)
    try:
        return _cipher().decrypt(sealed[:12], sealed[12:], bound_to.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error
