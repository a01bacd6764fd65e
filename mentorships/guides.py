"""Session guides as they are shipped: an agenda, with minutes, and good questions."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mentoring.words import pick

SHIPPED = Path(__file__).parent / "data" / "guides.toml"


@dataclass(frozen=True)
class Text:
    """Words in both languages."""

    nl: str
    en: str

    def __str__(self) -> str:
        return pick(self.nl, self.en)


@dataclass(frozen=True)
class Step:
    """One point of the agenda."""

    minutes: int
    title: Text
    text: Text


@dataclass(frozen=True)
class Guide:
    """How one kind of session can go."""

    key: str
    title: Text
    summary: Text
    steps: tuple[Step, ...]
    questions: tuple[Text, ...]
    tip: Text

    @property
    def minutes(self) -> int:
        """How long the agenda takes."""
        return sum(step.minutes for step in self.steps)


@cache
def guides() -> dict[str, Guide]:
    """All of them, by key, in the order in which one meets them."""
    found = {}
    for entry in tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["guide"]:
        found[entry["key"]] = Guide(
            key=entry["key"],
            title=Text(entry["title_nl"], entry["title_en"]),
            summary=Text(entry["summary_nl"], entry["summary_en"]),
            steps=tuple(
                Step(
                    minutes=step["minutes"],
                    title=Text(step["title_nl"], step["title_en"]),
                    text=Text(step["text_nl"], step["text_en"]),
                )
                for step in entry["step"]
            ),
            questions=tuple(
                Text(question["nl"], question["en"]) for question in entry["question"]
            ),
            tip=Text(entry["tip_nl"], entry["tip_en"]),
        )
    return found


def guide_for(*, held: int, has_goals: bool) -> Guide:
    """The guide that fits best, by what they have done so far."""
    if not held:
        return guides()["first-meeting"]
    return guides()["regular" if has_goals else "goals"]
