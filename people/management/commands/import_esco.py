"""Read the skills of ESCO into the catalogue of topics."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from people import esco


class Command(BaseCommand):
    help = "Reads the official ESCO CSV files, joined by concept URI; twice is once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--nl", type=Path, required=True, help="Dutch files")
        parser.add_argument("--en", type=Path, required=True, help="English files")

    def handle(self, *args: Any, **options: Any) -> None:
        folders = {"nl": options["nl"], "en": options["en"]}
        for folder in folders.values():
            if not folder.is_dir():
                raise CommandError(_("There is no folder %(name)s.") % {"name": folder})
        try:
            new, read = esco.load(esco.read(folders))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            _("%(read)s skills read, %(new)s new topics.") % {"read": read, "new": new}
        )
        self.stdout.write(
            "This service uses the ESCO classification of the European Commission."
        )
