"""Whoever takes several rows takes them in one order, so that no two wait for each
other: first the participants, by key, then the mentorship that they are in.

Run on Postgres as well: SQLite lets one write at a time, and has no such waits.
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from mentorships.actions import end_mentorship, start_mentorship
from mentorships.models import Mentorship
from programs.actions import leave_program
from programs.models import Participant, Program, Role
from tests import factories

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
ROUNDS = 10


def at_once(*wanted: Callable[[], Any]) -> list[Exception]:
    """The errors that came of doing all of these at the same moment."""
    together = threading.Barrier(len(wanted))
    found: list[Exception] = []

    def run(one: Callable[[], Any]) -> None:
        try:
            together.wait(timeout=60)
            one()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[one], daemon=True) for one in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return found


def circle(program: Program, number: int) -> list[Participant]:
    return [
        factories.ParticipantFactory(program=program, role=Role.PEER, capacity=2)
        for _each in range(number)
    ]


def begin(program: Program, people: list[Participant]) -> Mentorship:
    return start_mentorship(
        program=program, people=[(each, each.role) for each in people], by=None
    )


def test_two_circles_of_the_same_people_begin_at_once(program: Program) -> None:
    for _round in range(ROUNDS):
        people = circle(program, 8)

        errors = at_once(
            lambda people=people: begin(program, people),
            lambda people=people: begin(program, people[::-1]),
        )

        assert not errors
        assert Mentorship.objects.filter(members__participant=people[0]).count() == 2


def test_all_of_a_circle_leave_while_it_is_ended(program: Program) -> None:
    for _round in range(ROUNDS):
        people = circle(program, 4)
        mentorship = begin(program, people[::-1])
        other = begin(program, people[1:])

        errors = at_once(
            lambda mentorship=mentorship: end_mentorship(mentorship, by=None),
            *(lambda each=each: leave_program(each, by=each.user) for each in people),
        )

        # Those who left may have ended it first.
        assert {type(each).__name__ for each in errors} <= {"ValidationError"}
        assert not program.participants.active().exists()
        assert not Mentorship.objects.active().exists()
        assert not program.participants.filter(places_taken__gt=0).exists()
        assert other.members.exists()
