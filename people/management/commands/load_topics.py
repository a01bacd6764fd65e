"""Load the topics that are shipped."""

from typing import Any

from django.core.management.base import BaseCommand

from people.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Loads the shipped topics, interests and career directions; twice is once."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_catalogue()} topics")
