"""Logs that a machine can read, and in which nobody is named."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

ADDRESS = re.compile(r"[^\s<>(\"']+@[^\s<>)\"']+")
# What every record has; the rest was given along.
USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def without_addresses(text: str) -> str:
    """The text with every e-mail address made unreadable."""
    return ADDRESS.sub("…@…", text)


class Line(logging.Formatter):
    """One readable line, for a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return without_addresses(super().format(record))


class Json(logging.Formatter):
    """One JSON object a line: when, how bad, who says it, what, and what goes along.

    Of an exception its kind and the way to it are kept. What it says may hold what
    somebody wrote, and is not.
    """

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            "process": record.process,
        }
        found |= {
            name: value for name, value in vars(record).items() if name not in USUAL
        }
        if record.exc_info and record.exc_info[0]:
            found["error"] = record.exc_info[0].__name__
            found["way"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return without_addresses(json.dumps(found, default=str, ensure_ascii=False))
