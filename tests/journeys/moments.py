"""What no walk can wait for, or hit by chance: changed in the rows of the site."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


def change(folder: Path, statement: str) -> None:
    """Run one statement on the site's database, beside the site at work."""
    with closing(sqlite3.connect(folder / "db.sqlite3", timeout=20)) as database:
        database.execute(statement)
        database.commit()


@contextmanager
def in_the_past(folder: Path, table: str, *columns: str) -> Iterator[None]:
    """For once these moments lie weeks behind us."""

    def shift(days: int) -> None:
        moved = ", ".join(
            f"{each} = datetime({each}, '{days} days')" for each in columns
        )
        change(folder, f"UPDATE {table} SET {moved}")

    shift(-50)
    try:
        yield
    finally:
        shift(+50)


@contextmanager
def still_running(folder: Path, round_id: str) -> Iterator[None]:
    """A round that takes its time, so that a second one meets it."""
    update = "UPDATE matching_round SET state = '{}' WHERE id = {}"
    change(folder, update.format("running", int(round_id)))
    try:
        yield
    finally:
        change(folder, update.format("ready", int(round_id)))
