"""How fast results and figures are with many people: ``python -m bench.feedback``.

Makes a large company in a database of its own (``BENCH_DATABASE_URL``, else SQLite in a
temporary folder): 5,000 people, 2,000 pairs, 50,000 sessions and 500,000 answers.
"""

import os
import sys
import tempfile
import time

FOLDER = tempfile.mkdtemp(prefix="wegwijs-bench-")
os.environ["DATA_DIR"] = FOLDER
os.environ["DATABASE_URL"] = os.environ.get(
    "BENCH_DATABASE_URL", f"sqlite:///{FOLDER}/db.sqlite3"
)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

import django  # noqa: E402

django.setup()

import random  # noqa: E402
from datetime import timedelta  # noqa: E402
from statistics import quantiles  # noqa: E402

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from feedback.actions import pulse_of, review_program, settle  # noqa: E402
from feedback.models import FreshSheet, Invitation, Tally, Wave  # noqa: E402
from feedback.results import results, trends  # noqa: E402
from mentorships.models import Member, MentoringSession, Mentorship  # noqa: E402
from people.models import Employment, User  # noqa: E402
from programs.models import Participant, Program, Role  # noqa: E402

ANSWERS = 500_000
RUNS = 15


def company(people: int, pairs: int, sessions: int) -> Program:
    """A programme in which so many people take part."""
    users = User.objects.bulk_create(
        User(email=f"p{number}@bench.example", name=f"Person {number}", password="!")
        for number in range(people)
    )
    Employment.objects.bulk_create(
        Employment(
            user=user,
            department=f"Department {number % 12}",
            level=number % 6 + 1,
            started_on=timezone.localdate() - timedelta(days=400 + number % 3000),
        )
        for number, user in enumerate(users)
    )
    program = Program.objects.create(
        slug="bench",
        name_en="Bench",
        state="running",
        starts_on=timezone.localdate() - timedelta(days=180),
    )
    participants = Participant.objects.bulk_create(
        Participant(
            program=program,
            user=user,
            role=Role.MENTOR if number < pairs else Role.MENTEE,
            state="ready",
            places_taken=1 if number < 2 * pairs else 0,
        )
        for number, user in enumerate(users)
    )
    started = timezone.now() - timedelta(days=170)
    mentorships = Mentorship.objects.bulk_create(
        Mentorship(program=program, started_at=started) for _number in range(pairs)
    )
    Member.objects.bulk_create(
        Member(
            mentorship=mentorship,
            participant=participants[number + shift],
            role=participants[number + shift].role,
        )
        for number, mentorship in enumerate(mentorships)
        for shift in (0, pairs)
    )
    MentoringSession.objects.bulk_create(
        (
            MentoringSession(
                mentorship=mentorships[number % pairs],
                starts_at=started + timedelta(days=6.5 * (number // pairs), hours=2),
                state="held",
            )
            for number in range(sessions)
        ),
        batch_size=2000,
    )
    return program


def surveys(program: Program, answers: int) -> Wave:
    """Waves of the pulse, until there are so many answers; the last one."""
    survey = pulse_of(program)
    questions = list(survey.questions.exclude(kind="many"))
    members = list(Member.objects.select_related("participant")[:4000])
    now = timezone.now()
    waves = -(-answers // (len(questions) * len(members)))
    for number in range(waves):
        wave = Wave.objects.create(
            survey=survey,
            occasion=f"bench-{number}",
            opens_at=now - timedelta(days=30 * (waves - number)),
            closes_at=now - timedelta(days=30 * (waves - number) - 14),
        )
        Invitation.objects.bulk_create(
            Invitation(
                wave=wave, to_id=each.participant.user_id, role=each.role, answered=True
            )
            for each in members
        )
        FreshSheet.objects.bulk_create(
            (
                FreshSheet.of(
                    wave,
                    each.role,
                    {
                        question.pk: "words"
                        if question.kind == "text"
                        else str(random.randint(1, 5))
                        for question in questions
                    },
                )
                for each in members
            ),
            batch_size=500,
        )
        settle(wave)
    return wave


def timed(title: str, work, limit: float) -> None:
    """The 95th percentile of some runs, beside what it may be."""
    work()
    times = []
    for _run in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    with CaptureQueriesContext(connection) as queries:
        work()
    p95 = quantiles(times, n=20)[-1]
    mark = "ok" if p95 <= limit else "SLOW"
    print(
        f"{title:<44} p95 {p95:7.1f} ms of {limit:.0f}  {len(queries):3} queries {mark}"
    )


def main() -> None:
    print(f"{connection.vendor}, {os.cpu_count()} processors")
    if connection.vendor == "postgresql":
        call_command("flush", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    start = time.perf_counter()
    with transaction.atomic():
        program = company(5_000, 2_000, 50_000)
        wave = surveys(program, ANSWERS)
    print(f"made in {time.perf_counter() - start:.0f} s", end="; ")
    counted = sum(Tally.objects.filter(value="").values_list("count", flat=True))
    print(f"{counted:,} answers in {Tally.objects.count():,} counts")
    start = time.perf_counter()
    found = review_program(program, timezone.now())
    print(f"2,000 pairs reviewed in {time.perf_counter() - start:.1f} s, {found} found")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    hr = User.objects.create_user("hr@bench.example", name="HR", org_role="hr_admin")
    client = Client()
    client.force_login(hr)
    client.defaults["HTTP_HOST"] = "localhost"

    def page(path: str):
        def visit() -> None:
            assert client.get(path).status_code == 200, path

        return visit

    timed("results of a wave", lambda: results(wave), 300)
    timed("trend over all waves", lambda: trends(wave.survey), 300)
    timed("page: results", page(wave.get_absolute_url()), 300)
    timed("page: surveys", page(f"/surveys/of/{program.slug}/"), 200)
    timed("page: care queue", page("/surveys/care/"), 200)
    timed("page: dashboard of the programme", page(f"/overview/{program.slug}/"), 200)
    timed("page: all programmes", page("/overview/"), 200)
    timed("page: totals for a sponsor", page(f"/overview/{program.slug}/totals/"), 200)


if __name__ == "__main__":
    sys.exit(main())
