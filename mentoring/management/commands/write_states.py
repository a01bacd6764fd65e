"""The states of things, drawn from the code: docs/states.md."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models
from django.utils import translation

INTRODUCTION = """\
# States

Made by `manage.py write_states` from the models; a test says when it is out of date.
Each change is a conditional `UPDATE`: of two people who press at once, one does it and
the other reads what happened. Whether somebody is in a mentorship, in a programme or at
work is a fact with a date (`ended_at`, `left_at`, `left_on`), not a state.
"""


def with_states() -> list[type[models.Model]]:
    """The models that have states, by app and name."""
    return [model for model in apps.get_models() if hasattr(model, "State")]


def beginnings(model: Any) -> list[str]:
    """The states that a row may begin in: its default, if the model says no other."""
    return getattr(model, "BEGINS", None) or [model._meta.get_field("state").default]


def drawn(model: Any) -> Iterator[str]:
    """One model: what it is, its states, and what leads from one to another."""
    yield f"\n## {model.__name__}\n"
    yield f"{(model.__doc__ or '').splitlines()[0]}\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f"    [*] --> {state}" for state in beginnings(model))
    for action, (sources, target) in model.TRANSITIONS.items():
        for source in model.State.values:
            if source in sources:
                yield f"    {source} --> {target}: {action}"
    yield "```\n"
    yield "| State | On screen |"
    yield "|---|---|"
    for value, label in model.State.choices:
        yield f"| `{value}` | {label} |"


class Command(BaseCommand):
    help = "Writes docs/states.md to standard output."

    def handle(self, **_options: Any) -> None:
        with translation.override("en"):
            parts = [INTRODUCTION.rstrip()]
            for model in with_states():
                parts.extend(drawn(model))
        self.stdout.write("\n".join(parts))
