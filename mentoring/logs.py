"""Logs that a machine can read, in which nobody is named and no link works.

Of an exception its kind and the way to it are kept. What it says may hold what somebody
wrote, and is not: not in a line of its own, nor where Celery puts it into its message.
"""

import copy
import json
import logging
import re
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType

ADDRESS = re.compile(r"[^\s<>(\"']+@[^\s<>)\"']+")
# Whoever has such a link needs nothing else: what comes after it is not logged. A test
# finds the address of each page that has one.
LINK = re.compile(
    r"(/(?:surveys/a|programs/invitation|mentorships/(?:log|calendar|certificates)"
    r"|matching/(?:answer|place)|messages/unsubscribe|welcome)/+)[^/?#\s\"'<>]+",
    re.IGNORECASE,
)
# What every record has; the rest was given along.
USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# What Celery gives along of a task that failed: its error, its arguments. And what was
# asked for, which the message says already.
UNSAID = frozenset({"data", "request"})
Raised = (
    tuple[type[BaseException], BaseException, TracebackType | None]
    | tuple[None, None, None]
)


def without_secrets(text: str) -> str:
    """The text with every address, and every link of one's own, made unreadable."""
    return ADDRESS.sub("…@…", LINK.sub(r"\1…", text))


def told(value: object) -> object:
    """Something that goes along, as it may be logged."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [told(each) for each in value]
    return without_secrets(str(value))


def without_words(record: logging.LogRecord) -> logging.LogRecord:
    """The record without what an exception says."""
    told = copy.copy(record)
    told.exc_text = None
    args = record.args
    if isinstance(args, Mapping) and "exc" in args:
        kind = record.exc_info[0] if record.exc_info else None
        told.args = {
            **args,
            "exc": kind.__name__ if kind else "error",
            "traceback": "",
            "args": "",
            "kwargs": "",
        }
    return told


def way_to(raised: Raised) -> list[str]:
    """Where an exception came from, step by step."""
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(raised[2])
    ]


class Line(logging.Formatter):
    """One readable line, for a terminal; under it the way to an error."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(without_words(record)))

    def formatException(self, ei: Raised) -> str:
        steps = [f"  {step}" for step in way_to(ei)]
        return "\n".join([*steps, ei[0].__name__ if ei[0] else ""])


class Json(logging.Formatter):
    """One JSON object a line: when, how bad, who says it, what, and what goes along."""

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "event": without_words(record).getMessage(),
            "process": record.process,
        }
        found |= {
            name: value
            for name, value in vars(record).items()
            if name not in USUAL | UNSAID
        }
        if record.exc_info and record.exc_info[0]:
            found["error"] = record.exc_info[0].__name__
            found["way"] = way_to(record.exc_info)
        return json.dumps(
            {name: told(value) for name, value in found.items()}, ensure_ascii=False
        )
