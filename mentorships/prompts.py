"""Questions for the journal as they are shipped, by stage."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mentoring.words import pick

SHIPPED = Path(__file__).parent / "data" / "prompts.toml"


@dataclass(frozen=True)
class Prompt:
    """A question to think about, in both languages."""

    key: str
    stage: str
    nl: str
    en: str

    def __str__(self) -> str:
        return pick(self.nl, self.en)


@cache
def prompts() -> dict[str, Prompt]:
    """All of them by key, in the order of the stages."""
    found = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["prompt"]
    return {entry["key"]: Prompt(**entry) for entry in found}


def prompts_for(stage: str) -> list[Prompt]:
    """Those that help now."""
    return [prompt for prompt in prompts().values() if prompt.stage == stage]
