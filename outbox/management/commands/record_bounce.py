"""A mail that came back."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from outbox.actions import record_bounce
from outbox.bounces import Returned, read_report


class Command(BaseCommand):
    help = (
        "Notes addresses that do not exist: those given, else those of the delivery"
        " report on standard input. Nothing is sent to them until somebody says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="*")

    def handle(self, *, email: list[str], **_options: Any) -> None:
        found = [Returned(each, "") for each in email]
        if not email:
            found = read_report(sys.stdin.buffer.read())
        known = sum(record_bounce(each.email, each.message_id) for each in found)
        self.stdout.write(f"{len(found)} addresses came back; {known} are known here.")
