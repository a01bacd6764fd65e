"""Texts that people write in two languages."""

from django.utils.translation import get_language


def pick(nl: str, en: str) -> str:
    """The text in the reader's language, or the other one where it is empty."""
    first, second = (nl, en) if (get_language() or "nl").startswith("nl") else (en, nl)
    return first or second
