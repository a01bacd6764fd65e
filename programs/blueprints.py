"""The programmes that one can begin with, as they are shipped."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from mentoring.words import pick

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Blueprint:
    """What a new programme is filled with."""

    key: str
    name_nl: str
    name_en: str
    summary_nl: str
    summary_en: str
    purpose_nl: str
    purpose_en: str
    theme_nl: str
    theme_en: str
    model: str
    length_weeks: int
    rhythm_days: int
    hours_a_month: Decimal
    capacity_default: int
    capacity_max: int
    goals: tuple[dict[str, Any], ...]
    guidelines: tuple[dict[str, str], ...]
    criteria: tuple[dict[str, Any], ...]
    questions: tuple[dict[str, Any], ...]
    # Keys of shipped modules, in their order; and those that are required.
    training: tuple[str, ...]
    required: frozenset[str]
    # Which shipped surveys are asked, and those by the day on which day.
    surveys: tuple[dict[str, Any], ...]
    join_mode: str
    # Who does the choosing, as matching names it.
    match_mode: str = "coordinator"

    @property
    def name(self) -> str:
        return pick(self.name_nl, self.name_en)

    @property
    def summary(self) -> str:
        return pick(self.summary_nl, self.summary_en)


@cache
def blueprints() -> dict[str, Blueprint]:
    """All of them, by key, in the order in which they are offered."""
    found = {}
    for path in sorted((DATA / "templates").glob("*.toml")):
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
        found[entry["key"]] = Blueprint(
            hours_a_month=Decimal(str(entry.pop("hours_a_month"))),
            goals=tuple(entry.pop("goal")),
            guidelines=tuple(entry.pop("guideline")),
            criteria=tuple(entry.pop("criterion")),
            surveys=tuple(entry.pop("survey")),
            questions=tuple(entry.pop("question", ())),
            training=tuple(entry.pop("training")),
            required=frozenset(entry.pop("required")),
            **entry,
        )
    return found


@dataclass(frozen=True)
class ShippedModule:
    """A ten-minute training that comes with the product."""

    key: str
    role: str
    texts: dict[str, Any]

    @property
    def title(self) -> str:
        return pick(self.texts["title_nl"], self.texts["title_en"])


@cache
def shipped_modules() -> dict[str, ShippedModule]:
    """All of them, by key, in the order in which one does them."""
    text = (DATA / "training.toml").read_text(encoding="utf-8")
    return {
        entry["key"]: ShippedModule(entry["key"], entry.pop("role"), entry)
        for entry in tomllib.loads(text)["module"]
    }
