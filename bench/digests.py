"""Planning the weekly overview, and sending it.

    python -m bench.digests [--people 1000,10000] [--sent 300]

Everything happens in a database of its own (SQLite in a temporary folder, unless
DATABASE_URL names an empty one). The figures: how long one worker plans for so many
people, in how many queries, how much memory it takes at most; the same again when
everybody has theirs; and what sending one takes, without the mail server.
"""

import argparse
import contextlib
import os
import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django
import time_machine

from bench.rounds import Clock

MONDAY = datetime(2027, 1, 11, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
PASS_MARK = 60


def fill(number: int) -> None:
    """So many people in pairs, each with a session planned, an action and a goal."""
    from mentorships.models import Action, Goal, Member, MentoringSession, Mentorship
    from people.models import Profile, User
    from programs.models import Participant, Program, Role

    users = User.objects.bulk_create(
        User(email=f"p{n}.{number}@example.org", name=f"Person {n}", password="!")
        for n in range(number)
    )
    Profile.objects.bulk_create(Profile(user=user) for user in users)
    program = Program.objects.create(
        slug=f"bench-{number}",
        name_en=f"Bench {number}",
        state=Program.State.RUNNING,
        starts_on=MONDAY.date() - timedelta(days=60),
        ends_on=MONDAY.date() + timedelta(days=120),
    )
    participants = Participant.objects.bulk_create(
        Participant(
            program=program,
            user=user,
            role=Role.MENTOR if n % 2 else Role.MENTEE,
            state=Participant.State.READY,
            places_taken=1,
        )
        for n, user in enumerate(users)
    )
    pairs = Mentorship.objects.bulk_create(
        Mentorship(program=program, started_at=MONDAY - timedelta(days=50))
        for _ in range(number // 2)
    )
    members = Member.objects.bulk_create(
        Member(mentorship=pairs[n // 2], participant=each, role=each.role)
        for n, each in enumerate(participants)
    )
    MentoringSession.objects.bulk_create(
        MentoringSession(mentorship=pair, starts_at=MONDAY + timedelta(days=2))
        for pair in pairs
    )
    Action.objects.bulk_create(
        Action(mentorship=each.mentorship, owner=each, text="Ask three colleagues")
        for each in members
    )
    Goal.objects.bulk_create(
        Goal(
            mentorship=each.mentorship,
            owner=each,
            specific="Lead the weekly meeting",
            measure="meetings",
            by_on=MONDAY.date() + timedelta(days=40),
        )
        for each in members
    )


@contextlib.contextmanager
def counted() -> Iterator[list[int]]:
    """A one for each query."""
    from django.db import connection

    found: list[int] = []

    def count(execute: Any, *rest: Any) -> Any:
        found.append(1)
        return execute(*rest)

    with connection.execute_wrapper(count):
        yield found


def measure(number: int, sent: int) -> None:
    from dashboards.tasks import plan_digests
    from outbox.models import Message
    from outbox.tasks import send_due

    fill(number)
    with time_machine.travel(MONDAY):
        clock = Clock()
        with counted() as queries:
            planned = plan_digests()
        wall, own = clock.seconds()
        clock = Clock()
        again = plan_digests()
        second = clock.lap()
        assert again == 0

        Message.objects.all().delete()
        tracemalloc.start()
        plan_digests()
        memory = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        kept = Message.objects.order_by("pk").values_list("pk", flat=True)[:sent]
        Message.objects.exclude(pk__in=list(kept)).update(state=Message.State.DROPPED)
        clock = Clock()
        with counted() as sending:
            send_due()
        took, _own = clock.seconds()
        done = Message.objects.filter(state=Message.State.SENT).count()
    print(
        f"{number:>7,} people: {planned:,} planned in {wall:.1f} s ({own:.1f} s of this"
        f" process), {sum(queries)} queries, at most {memory / 2**20:.1f} MB;"
        f" again {second}\n"
        f"{'':>7} {done} of them written and sent: {1000 * took / done:.0f} ms and"
        f" {sum(sending) / done:.0f} queries each",
        flush=True,
    )
    assert wall <= PASS_MARK
    Message.objects.all().delete()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", default="1000,10000")
    parser.add_argument("--sent", type=int, default=300)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATA_DIR", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
        django.setup()
        from django.core.management import call_command

        from mentorships.models import Mentorship

        call_command("migrate", verbosity=0)
        for number in told.people.split(","):
            # The people of the size before are done with.
            Mentorship.objects.update(ended_at=MONDAY - timedelta(days=1))
            measure(int(number), told.sent)


if __name__ == "__main__":
    main()
