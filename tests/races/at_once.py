"""Doing things at the same moment, each with a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.test import Client
from django.urls import reverse

from people.models import User
from programs.models import Participant, Program
from tests import factories


def at_once(*wanted: Callable[[], Any]) -> list[Any]:
    """Do all of these at the same moment; what each gave, or the error it raised."""
    together = threading.Barrier(len(wanted))
    found: list[Any] = [None] * len(wanted)

    def run(place: int, one: Callable[[], Any]) -> None:
        try:
            together.wait(timeout=60)
            found[place] = one()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            found[place] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=each, daemon=True)
        for each in enumerate(wanted)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return found


def people(
    program: Program, role: str, number: int, **fields: Any
) -> list[Participant]:
    return [
        factories.ParticipantFactory(program=program, role=role, **fields)
        for _each in range(number)
    ]


def in_browser(
    user: User | None, path: str, data: dict[str, Any] | None = None
) -> Callable[[], int]:
    """Somebody who will press a button; the status that they get."""
    client = Client()
    if user is not None:
        client.force_login(user)
        client.get(reverse("people:settings"))
    return lambda: client.post(path, data or {}).status_code
