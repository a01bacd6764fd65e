"""Everything in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mentoring import backup


class Command(BaseCommand):
    help = "Writes all data to one file, whichever database they are in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: Any) -> None:
        if file.exists():
            raise CommandError(f"{file} exists; it stays as it is.")
        manifest = backup.write(file)
        rows = sum(entry["rows"] for entry in manifest["tables"].values())
        self.stdout.write(
            f"{file}: {rows} rows of {len(manifest['tables'])} tables."
            " The keys are not in it: keep SECRET_KEY and NOTES_KEY elsewhere."
        )
