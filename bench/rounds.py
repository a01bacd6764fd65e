"""A round from the database to the screen: the button, the proposals, the workbench.

    python -m bench.rounds [--sizes 500x300,5000x2500]

Everything happens in a database of its own (SQLite in a temporary folder, unless
DATABASE_URL names an empty one). The figures: reading the pool, scoring and solving
alone, the whole round with its proposals and explanations stored, and the page of the
workbench (the median of nine visits, and its queries).
"""

import argparse
import os
import statistics
import tempfile
import time

import django


class Clock:
    """Seconds on the wall, and those that this process worked."""

    def __init__(self) -> None:
        self.wall, self.own = time.perf_counter(), time.process_time()

    def seconds(self) -> tuple[float, float]:
        return time.perf_counter() - self.wall, time.process_time() - self.own

    def lap(self) -> str:
        wall, own = self.seconds()
        self.__init__()  # type: ignore[misc]
        return f"{wall:.2f} s ({own:.2f} s of this process)"


def fill(mentees: int, mentors: int) -> "object":
    """A programme with people who offer, want, and speak."""
    import random

    from people.catalogue import load_catalogue
    from people.models import Employment, Offer, Profile, Topic, User, Wish
    from programs.models import Participant, Program, Role

    draw = random.Random(1)
    load_catalogue()
    topics = list(Topic.objects.order_by("pk"))
    program = Program.objects.create(
        slug=f"bench-{mentees}", name_en=f"Bench {mentees}", state=Program.State.OPEN
    )
    users = User.objects.bulk_create(
        User(email=f"p{n}.{mentees}@example.org", name=f"Person {n}", password="!")
        for n in range(mentees + mentors)
    )
    profiles = Profile.objects.bulk_create(
        Profile(
            user=user,
            languages=draw.choice([["nl"], ["nl", "en"], ["en"]]),
            **{
                f"style_{name}": draw.randint(1, 5)
                for name in ("structure", "talk", "pace", "challenge", "focus")
            },
        )
        for user in users
    )
    Employment.objects.bulk_create(
        Employment(
            user=user,
            employee_number=f"E{mentees}.{n}",
            department=f"department {draw.randrange(30)}",
            level=draw.randint(1, 4) if n < mentees else draw.randint(3, 8),
            location=draw.choice(["Utrecht", "Delft", "Zwolle"]),
        )
        for n, user in enumerate(users)
    )
    Wish.objects.bulk_create(
        Wish(profile=profile, topic=topic, priority=draw.randint(1, 3))
        for profile in profiles[:mentees]
        for topic in draw.sample(topics, 4)
    )
    Offer.objects.bulk_create(
        Offer(profile=profile, topic=topic, level=draw.randint(1, 3))
        for profile in profiles[mentees:]
        for topic in draw.sample(topics, 6)
    )
    Participant.objects.bulk_create(
        Participant(
            program=program,
            user=user,
            role=Role.MENTEE if n < mentees else Role.MENTOR,
            state=Participant.State.READY,
            capacity=1 if n < mentees else 2,
        )
        for n, user in enumerate(users)
    )
    return program


def measure(mentees: int, mentors: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from matching.actions import begin_round, run_round
    from matching.assignment import assign
    from matching.pool import load_pool
    from people.models import User

    program = fill(mentees, mentors)
    clock = Clock()
    pool = load_pool(program)
    reading = clock.lap()
    solved = Clock()
    assign(pool, objective="most_matched", protect_weakest=True)
    own = solved.seconds()[1]
    solving = clock.lap()
    found = begin_round(
        program, objective="most_matched", protect_weakest=True, by=None
    )
    clock = Clock()
    run_round(found)
    ratio = (clock.seconds()[1] - own) / own
    whole = clock.lap()

    admin = User.objects.create_user(
        f"admin{mentees}@example.org", name="Admin", org_role="hr_admin"
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(admin)
    times, url = [], found.get_absolute_url()
    client.get(url)
    for _ in range(9):
        clock = Clock()
        answer = client.get(url)
        times.append(clock.seconds())
        assert answer.status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(url, {"sort": "mentor", "q": "person 1"})
    print(
        f"{mentees:>6,} × {mentors:<6,} reading {reading}, scoring, solving and"
        f" explaining {solving}, the whole round {whole}"
        f" ({found.matched:,} matched, gap {found.gap}); reading and storing take"
        f" {ratio:.1f} × scoring and solving\n"
        f"{'':>16} workbench {1000 * statistics.median(t for t, _ in times):.0f} ms"
        f" ({1000 * statistics.median(t for _, t in times):.0f} ms of this process),"
        f" {len(queries)} queries, {len(answer.content) / 1024:.0f} KB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="500x300,5000x2500")
    sizes = parser.parse_args().sizes
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATA_DIR", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for size in sizes.split(","):
            mentees, mentors = map(int, size.split("x"))
            measure(mentees, mentors)


if __name__ == "__main__":
    main()
