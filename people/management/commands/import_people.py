"""Read the HR feed from a file."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from people import hrfeed


class Command(BaseCommand):
    help = "Reads people from a CSV file. With bad rows it does nothing unless told so."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what")
        parser.add_argument(
            "--good-rows", action="store_true", help="leave out rows with a mistake"
        )
        parser.add_argument(
            "--leavers", action="store_true", help="who is not in the file has left"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = hrfeed.preview(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(str(error)) from error
        if found.problem:
            raise CommandError(found.problem)
        for line, reason in [*found.errors, *found.warnings]:
            self.stdout.write(
                _("Line %(line)s: %(reason)s") % {"line": line, "reason": reason}
            )
        for change in found.moved:
            self.stdout.write(
                _("Line %(line)s: %(name)s gets another address: %(before)s → %(now)s.")
                % {
                    "line": change.row.line,
                    "name": change.row.name,
                    "before": change.email,
                    "now": change.row.email,
                }
            )
        self.stdout.write(
            _(
                "%(new)s new, %(changed)s changed, %(same)s the same, %(gone)s not in"
                " the file, %(bad)s with a mistake."
            )
            % {
                "new": len(found.additions),
                "changed": len(found.changes),
                "same": found.same,
                "gone": len(found.leavers),
                "bad": len(found.errors),
            }
        )
        if options["dry_run"]:
            return
        try:
            hrfeed.apply(
                found,
                by=None,
                with_leavers=options["leavers"],
                good_rows=options["good_rows"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(_("Done."))
