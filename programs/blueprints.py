"""The programmes that one can begin with, as they are shipped."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from mentoring.words import pick

SHIPPED = Path(__file__).parent / "data" / "templates.toml"


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
    for entry in tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["template"]:
        found[entry["key"]] = Blueprint(
            hours_a_month=Decimal(str(entry.pop("hours_a_month"))),
            goals=tuple(entry.pop("goal", ())),
            guidelines=tuple(entry.pop("guideline", ())),
            criteria=tuple(entry.pop("criterion", ())),
            **entry,
        )
    return found
