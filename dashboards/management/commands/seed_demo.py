"""Make the demo company."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboards.demo import Demo
from people.models import User


class Command(BaseCommand):
    help = "Makes a believable Dutch company in an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=240)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("There are people in this database; it stays as it is.")
        if options["people"] < 60:
            raise CommandError("A company of fewer than 60 people tells no story.")
        Demo(options["people"], options["seed"]).make()
        self.stdout.write(f"{options['people']} people, four programmes.")
