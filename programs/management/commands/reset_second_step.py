"""For who keeps the server: the only HR admin lost what they sign in with."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.models import User
from programs.actions import reset_second_step


class Command(BaseCommand):
    help = "Take away somebody's second step, so that they can set it up anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address with which they sign in")

    def handle(self, *, email: str, **_options: Any) -> None:
        user = User.objects.working_here().filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody who works here signs in as {email}.")
        try:
            reset_second_step(user, by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"Done. {user.name} is signed out and reads it in a mail.")
