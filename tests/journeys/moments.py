"""What no walk can wait for, or hit by chance: changed in the rows of the site."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any


def change(folder: Path, statement: str) -> None:
    """Run one statement on the site's database, beside the site at work."""
    with closing(sqlite3.connect(folder / "db.sqlite3", timeout=20)) as database:
        database.execute(statement)
        database.commit()


def ask(folder: Path, question: str) -> list[tuple[Any, ...]]:
    """What the rows of the site answer."""
    with closing(sqlite3.connect(folder / "db.sqlite3", timeout=20)) as database:
        return database.execute(question).fetchall()


def who_never_met(folder: Path, language: str) -> tuple[str, str]:
    """A mentee with a language, and their mentor: by address; they have no session.
    Is there none of them with this language, the last one has it from now on.
    """
    found = ask(
        folder,
        """SELECT mentee.email, mentor.email, mentee.language
        FROM mentorships_mentorship m
        JOIN mentorships_member a ON a.mentorship_id = m.id AND a.role = 'mentee'
        JOIN programs_participant p ON p.id = a.participant_id
        JOIN people_user mentee ON mentee.id = p.user_id
        JOIN mentorships_member b ON b.mentorship_id = m.id AND b.role = 'mentor'
        JOIN programs_participant q ON q.id = b.participant_id
        JOIN people_user mentor ON mentor.id = q.user_id
        WHERE m.ended_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM mentorships_mentoringsession s WHERE s.mentorship_id = m.id
        ) ORDER BY m.id""",
    )
    mentee, mentor, _language = next(
        (each for each in found if each[2] == language), found[-1]
    )
    change(
        folder,
        f"UPDATE people_user SET language = '{language}' WHERE email = '{mentee}'",
    )
    return str(mentee), str(mentor)


def the_hour_has_passed(folder: Path, mentorship: int) -> None:
    """What a mentorship has planned was some days ago."""
    change(
        folder,
        "UPDATE mentorships_mentoringsession SET starts_at = datetime(starts_at,"
        f" '-9 days') WHERE state = 'planned' AND mentorship_id = {mentorship}",
    )


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
