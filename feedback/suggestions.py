"""What to do about a pair that asks for a person, with words to begin with."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from feedback.models import CareItem
from mentoring.words import pick
from people.models import User

SHIPPED = Path(__file__).parent / "data" / "care.toml"


@cache
def suggestions() -> dict[str, dict[str, str]]:
    """By reason."""
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


def suggestion_for(item: CareItem) -> str:
    """What to do, in the language of whoever reads the queue."""
    entry = suggestions()[item.reason_key]
    return pick(entry["suggestion_nl"], entry["suggestion_en"])


def text_for(item: CareItem, to: User, others: str, by: User) -> str:
    """A message to begin with, in the language of whoever gets it."""
    entry = suggestions()[item.reason_key]
    with override(to.language or settings.LANGUAGE_CODE):
        text = pick(entry["text_nl"], entry["text_en"])
    return text.strip().format(name=to.first_name, other=others, me=by.name)
