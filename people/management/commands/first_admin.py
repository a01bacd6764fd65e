"""Where ``up`` does not run: the link with which the first HR admin gets in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from people.actions import first_admin_link


class Command(BaseCommand):
    help = "Print a link that makes its first reader HR admin; earlier links end."

    def handle(self, **_options: Any) -> None:
        path = first_admin_link()
        if path is None:
            raise CommandError("There is an HR admin already: they can name others.")
        self.stdout.write(f"{settings.SITE_URL}{path}")
