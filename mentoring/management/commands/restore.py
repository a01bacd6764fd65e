"""A backup in the place of everything there is."""

import zipfile
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from mentoring import backup
from people.actions import erase_again, marks, marks_in


class Command(BaseCommand):
    help = "Puts a backup in the place of everything there is: all of it, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also when there are people in the database: they are gone then",
        )

        parser.add_argument(
            "--erased",
            type=Path,
            help="the file `erased` of another data directory: who is in it stays gone",
        )

    def handle(
        self, *, file: Path, replace: bool, erased: Path | None, **_options: Any
    ) -> None:
        if not MigrationRecorder(connection).has_table():
            call_command("migrate", interactive=False, verbosity=0)
        if get_user_model()._default_manager.exists() and not replace:
            raise CommandError(
                "There are people in this database. With --replace they make way for"
                " those of the backup."
            )
        if erased and not erased.is_file():
            raise CommandError(f"{erased} is not there.")
        # Read before the tables make way: a backup may be older than an erasing.
        gone = marks() | (marks_in(erased) if erased else set())
        again: list[int] = []
        try:
            manifest = backup.restore(
                file, afterwards=lambda: again.append(erase_again(gone))
            )
        except (OSError, zipfile.BadZipFile) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        except backup.CannotRestore as error:
            raise CommandError(str(error)) from error
        rows = sum(entry["rows"] for entry in manifest["tables"].values())
        self.stdout.write(
            f"{rows} rows of {len(manifest['tables'])} tables, as they were on"
            f" {manifest['made_at']}; each table was read again and is the same."
        )
        if sum(again):
            self.stdout.write(
                f"{sum(again)} people had been erased since, and were erased again."
            )
