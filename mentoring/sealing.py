"""What only one person may read is sealed before it reaches the database.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. The text is bound to the row
and author it belongs to: moved to another row, it does not open.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
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


def draft_key(user_id: int) -> str:
    """What one person's browser seals their drafts with: always the same, theirs alone.

    Derived from the key of the notes (HKDF, RFC 5869), which it does not betray. It
    stands on their own pages; without it a draft in the browser's storage says nothing.
    """
    derived = HKDF(SHA256(), 32, salt=None, info=f"draft:{user_id}".encode())
    return base64.b64encode(derived.derive(settings.NOTES_KEY.encode())).decode()


def traced(text: str) -> str:
    """The trace of something: always the same, and nobody without the key can make it
    or see of what it is. Derived as the key of drafts is.
    """
    derived = HKDF(SHA256(), 32, salt=None, info=b"trace")
    key = derived.derive(settings.NOTES_KEY.encode())
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def unseal(sealed: bytes, *, bound_to: str) -> str:
    """The text again. Raises ``CannotOpen`` when anything about it was changed."""
    sealed = bytes(sealed)
    try:
        return _cipher().decrypt(sealed[:12], sealed[12:], bound_to.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error
