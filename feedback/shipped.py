"""Surveys as they are shipped, in both languages, to begin with."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mentoring.words import pick

SHIPPED = Path(__file__).parent / "data" / "surveys.toml"


@dataclass(frozen=True)
class SurveyTemplate:
    """What a new survey is filled with."""

    key: str
    texts: dict[str, str]
    summary_nl: str
    summary_en: str
    settings: dict[str, Any]
    questions: tuple[dict[str, Any], ...]

    @property
    def name(self) -> str:
        return pick(self.texts["name_nl"], self.texts["name_en"])

    @property
    def summary(self) -> str:
        return pick(self.summary_nl, self.summary_en)


@cache
def survey_templates() -> dict[str, SurveyTemplate]:
    """All of them, by key, in the order in which they are offered."""
    found = {}
    for entry in tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["survey"]:
        found[entry["key"]] = SurveyTemplate(
            key=entry["key"],
            texts={
                name: entry[name]
                for name in ("name_nl", "name_en", "intro_nl", "intro_en")
            },
            summary_nl=entry["summary_nl"],
            summary_en=entry["summary_en"],
            settings=entry["settings"],
            questions=tuple(entry["question"]),
        )
    return found
