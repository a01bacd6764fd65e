"""A backup in the place of everything there is."""

import zipfile
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mentoring import backup


class Command(BaseCommand):
    help = "Puts a backup in the place of everything there is: all of it, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also when there are people in the database: they are gone then",
        )

    def handle(self, *, file: Path, replace: bool, **_options: Any) -> None:
        if get_user_model()._default_manager.exists() and not replace:
            raise CommandError(
                "There are people in this database. With --replace they make way for"
                " those of the backup."
            )
        try:
            manifest = backup.restore(file)
        except (OSError, zipfile.BadZipFile) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        except backup.CannotRestore as error:
            raise CommandError(str(error)) from error
        rows = sum(entry["rows"] for entry in manifest["tables"].values())
        self.stdout.write(
            f"{rows} rows of {len(manifest['tables'])} tables, as they were on"
            f" {manifest['made_at']}; each table was read again and is the same."
        )
