"""Which background questions an organisation asks, and what people answer."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from history.models import record
from people.models import Background, BackgroundChoice, BackgroundQuestion, User

SHIPPED = Path(__file__).parent.parent / "data" / "background.toml"

Words = list[tuple[str, str]]


@cache
def shipped_backgrounds() -> dict[str, dict[str, Any]]:
    """The questions to begin with, by key."""
    found = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["question"]
    return {entry["key"]: entry for entry in found}


@transaction.atomic
def take_background(key: str, *, by: User) -> BackgroundQuestion:
    """Ask a question that is shipped; asking it twice is once."""
    entry = shipped_backgrounds()[key]
    question, made = BackgroundQuestion.objects.get_or_create(
        key=key, defaults={"text_nl": entry["text_nl"], "text_en": entry["text_en"]}
    )
    if made:
        _choose(question, [(each["nl"], each["en"]) for each in entry["choices"]])
        record(question, "added", by=by)
    return question


@transaction.atomic
def save_background_question(
    question: BackgroundQuestion, choices: Words, *, by: User
) -> None:
    """Keep a question with its choices, in their order. What is said in other words
    keeps its answers; a choice that is gone takes its answers with it.
    """
    if not question.key:
        taken = set(BackgroundQuestion.objects.values_list("key", flat=True))
        names = (f"own-{number}" for number in range(1, 1000))
        question.key = next(name for name in names if name not in taken)
    question.full_clean()
    question.save()
    _choose(question, choices)
    record(question, "changed", by=by)


def _choose(question: BackgroundQuestion, choices: Words) -> None:
    rows = list(question.choices.all())
    for place, (nl, en) in enumerate(choices):
        row = rows[place] if place < len(rows) else BackgroundChoice(question=question)
        row.place, row.name_nl, row.name_en = place, nl, en
        row.save()
    for row in rows[len(choices) :]:
        row.delete()


@transaction.atomic
def remove_background_question(question: BackgroundQuestion, *, by: User) -> None:
    """Ask it no more. What people answered opens for nothing any more."""
    record(question, "removed", by=by)
    question.delete()


def save_background(user: User, chosen: dict[int, int]) -> None:
    """Keep what somebody chose, sealed; without a choice nothing is kept."""
    if not chosen:
        Background.objects.filter(user=user).delete()
        return
    background = Background(user=user)
    background.write(chosen)
    Background.objects.bulk_create(
        [background],
        update_conflicts=True,
        update_fields=["sealed"],
        unique_fields=["user"],
    )
