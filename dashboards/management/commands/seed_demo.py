"""Make the demo company."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboards.demo import make_demo
from people.models import User


class Command(BaseCommand):
    help = "Makes a believable Dutch company in an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=400)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("There are people in this database; it stays as it is.")
        if options["people"] < 60:
            raise CommandError("A company of fewer than 60 people tells no story.")
        make_demo(options["people"], options["seed"])
        self.stdout.write(f"{options['people']} people, seven programmes.")
