"""Whose site this is: the name, the colour and the words that an organisation gave it.

What was chosen stands in a row of an app above; that app says how it is read. Pages,
mails and papers ask here, so that they cannot say different things.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.utils.functional import Promise, keep_lazy_text, lazy
from django.utils.translation import get_language, gettext_lazy

# Where all processes find it, so that a page asks the database nothing for it.
KEY, KEPT_SECONDS = "brand", 60
# What each role is called, one and many, until an organisation says it otherwise.
WORDS = {
    "coordinator": (gettext_lazy("coordinator"), gettext_lazy("coordinators")),
    "mentor": (gettext_lazy("mentor"), gettext_lazy("mentors")),
    "mentee": (gettext_lazy("mentee"), gettext_lazy("mentees")),
    "peer": (gettext_lazy("peer"), gettext_lazy("peers")),
}


# What Wegwijs looks like by itself, on light ground.
STANDARD = "#0b6a6a"


@dataclass(frozen=True)
class Brand:
    """What the organisation chose; empty is what Wegwijs looks like by itself."""

    name: str = ""
    # Changes with each change, so that a browser may keep what it has until then.
    version: str = ""
    has_logo: bool = False
    has_accent: bool = False
    # What the accent is on light and on dark ground.
    light: str = STANDARD
    dark: str = "#7fd3cf"
    # By role and language: the word for one and for many.
    words: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)


_reader: list[Callable[[], Brand]] = []
_kept: ContextVar[list[Brand] | None] = ContextVar("brand", default=None)


def read_by(reader: Callable[[], Brand]) -> None:
    """Say how the brand is read."""
    _reader[:] = [reader]


@contextmanager
def kept() -> Iterator[None]:
    """While a page or a mail is made, the brand is read once, when it is asked for."""
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def brand() -> Brand:
    """The brand as it is now. Where nothing is made for people to read (a command, a
    migration), it is that of Wegwijs itself.
    """
    here = _kept.get()
    if here is None:
        return Brand(name=settings.ORGANISATION_NAME)
    if not here:
        found = cache.get(KEY)
        if found is None:
            found = _reader[0]()
            cache.set(KEY, found, KEPT_SECONDS)
        here.append(found)
    return here[0]


def forget() -> None:
    """It was changed: every process reads it anew."""
    cache.delete(KEY)


def role_word(role: str, *, many: bool = False) -> str:
    """What a role is called in the reader's language."""
    language = (get_language() or "")[:2]
    own = brand().words.get(role, {}).get(language, ("", ""))
    return own[many] or str(WORDS[role][many])


# The same, looked up when it is shown.
lazy_role_word = lazy(role_word, str)


def role_words() -> dict[str, str]:
    """All of them, as a sentence names them: one is ``%(mentor_word)s``, and several
    are ``%(mentors_word)s``.
    """
    return {
        f"{role}{'s' * many}_word": role_word(role, many=many)
        for role in WORDS
        for many in (False, True)
    }


@keep_lazy_text
def worded(sentence: str | Promise) -> str:
    """A sentence with the organisation's words in it; a lazy one stays lazy."""
    return str(sentence) % role_words()
