"""Texts that people write in two languages, words as one looks for them, and days."""

import unicodedata
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import (
    get_language,
    gettext,
    gettext_noop,
    ngettext_lazy,
)


def pick(nl: str, en: str) -> str:
    """The text in the reader's language, or the other one where it is empty."""
    first, second = (nl, en) if (get_language() or "nl").startswith("nl") else (en, nl)
    return first or second


def same_words(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two texts say the same, as far as both are written in one language: a
    translation that came later makes no other text of it.
    """
    both = [pair for pair in zip(one, other, strict=True) if all(pair)]
    return bool(both) and all(before == after for before, after in both)


def lacking(*texts: tuple[str, str]) -> list[str]:
    """What to say of texts in Dutch and English that are written in one of the two."""
    found = []
    if any(en and not nl for nl, en in texts):
        found.append(gettext("not in Dutch yet"))
    if any(nl and not en for nl, en in texts):
        found.append(gettext("not in English yet"))
    return found


def day_words(day: date) -> str:
    """A day of this year without it; a day of another year says which."""
    this_year = day.year == timezone.localdate().year
    return date_format(day, "MONTH_DAY_FORMAT" if this_year else "DATE_FORMAT")


# Letters that are no other letter with a mark on it, and how one types them.
PLAINLY = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "’": "'",
    }
)


def folded(text: str) -> str:
    """Without accents and capitals: "Aïsha" and "aisha" are the same to who looks for
    her. What SQLite and Postgres would make of it differs, so that neither is asked.
    """
    apart = unicodedata.normalize("NFKD", text.casefold().translate(PLAINLY))
    return "".join(each for each in apart if not unicodedata.combining(each))


# Django calls its Dutch readers "u"; we say "je". Named here, these sentences are
# collected with our own texts, and ours are found before Django's.
SAID_OUR_WAY = (
    gettext_noop(
        "Your password can’t be too similar to your other personal information."
    ),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be entirely numeric."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
)
