"""A large company in a database of its own, for benches of pages.

5,000 people, 2,000 pairs, 50,000 sessions and 500,000 answers, in one programme, with
what the clock and coordinators bring: a round, messages, a care queue, goals. Import
this before anything of Django: it sets it up.

The database is ``BENCH_DATABASE_URL``, else SQLite in a temporary folder. With
``BENCH_FOLDER`` the folder stays, and a company that is there is used again.
"""

import os
import tempfile

FOLDER = os.environ.get("BENCH_FOLDER") or tempfile.mkdtemp(prefix="wegwijs-bench-")
os.environ["DATA_DIR"] = FOLDER
os.environ["DATABASE_URL"] = os.environ.get(
    "BENCH_DATABASE_URL", f"sqlite:///{FOLDER}/db.sqlite3"
)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django  # noqa: E402

django.setup()

import random  # noqa: E402
import time  # noqa: E402
from datetime import timedelta  # noqa: E402

from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from feedback.access import renew_access  # noqa: E402
from feedback.actions import pulse_of, review_program, settle  # noqa: E402
from feedback.models import (  # noqa: E402
    CareItem,
    FreshSheet,
    Invitation,
    Tally,
    Wave,
)
from history.models import Event  # noqa: E402
from matching.actions import begin_round, run_round  # noqa: E402
from mentorships.models import (  # noqa: E402
    Action,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    Milestone,
    Progress,
    SelfRating,
    Story,
    ThankYou,
)
from outbox.models import Message, new_message_id  # noqa: E402
from people.actions import take_background  # noqa: E402
from people.catalogue import load_catalogue  # noqa: E402
from people.models import (  # noqa: E402
    Background,
    Employment,
    LevelChange,
    Offer,
    Profile,
    Topic,
    User,
    Wish,
)
from programs.models import (  # noqa: E402
    Guideline,
    Invite,
    Participant,
    Program,
    ProgramGoal,
    Role,
)
from programs.tasks import read_goals  # noqa: E402

ANSWERS = 500_000
TOGETHER = 40
# So many are asked something now, and have something planned and to do.
BUSY = 200


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
    Participant.objects.create(
        program=program,
        user=User.objects.get(email="coordinator@bench.example"),
        role=Role.COORDINATOR,
        state="ready",
    )
    participants = Participant.objects.bulk_create(
        Participant(
            program=program,
            user=user,
            role=Role.MENTOR if number < pairs else Role.MENTEE,
            state="ready",
            # Half of the mentors have room for one of those who wait.
            capacity=2 if number < pairs and number % 2 else 1,
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


def profiles(program: Program) -> None:
    """What people say of themselves: languages, ways, what they offer and want."""
    draw = random.Random(1)
    load_catalogue()
    topics = list(Topic.objects.order_by("pk"))
    roles = dict(
        program.participants.exclude(role=Role.COORDINATOR).values_list("user", "role")
    )
    rows = Profile.objects.bulk_create(
        Profile(
            user_id=user,
            about="I like to help. " * 10,
            languages=draw.choice([["nl"], ["nl", "en"], ["en"]]),
            saved_at=timezone.now(),
            **{
                f"style_{name}": draw.randint(1, 5)
                for name in ("structure", "talk", "pace", "challenge", "focus")
            },
        )
        for user in roles
    )
    Wish.objects.bulk_create(
        Wish(profile=each, topic=topic, priority=draw.randint(1, 3))
        for each in rows
        if roles[each.user_id] == Role.MENTEE
        for topic in draw.sample(topics, 4)
    )
    Offer.objects.bulk_create(
        Offer(profile=each, topic=topic, level=draw.randint(1, 3))
        for each in rows
        if roles[each.user_id] == Role.MENTOR
        for topic in draw.sample(topics, 6)
    )


def said(kind: str) -> str:
    """An answer to a question of this kind."""
    if kind == "text":
        return "More time, and a room in which one can talk. " * random.randint(1, 5)
    return str(random.randint(1, 5))


def surveys(program: Program, answers: int) -> Wave:
    """Waves of the pulse, until there are so many answers; the last one."""
    survey = pulse_of(program)
    questions = list(survey.questions.exclude(kind="many"))
    members = list(Member.objects.select_related("participant")[:4000])
    random.shuffle(members)
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
        sheets = [
            FreshSheet.of(
                wave,
                each.role,
                {question.pk: said(question.kind) for question in questions},
            )
            for each in members
        ]
        # People answer over days, and the clock lets answers out as they come.
        for start in range(0, len(sheets), TOGETHER):
            FreshSheet.objects.bulk_create(sheets[start : start + TOGETHER])
            settle(wave)
    return wave


def extras(program: Program) -> None:
    """Goals, own ratings, background, a queue of care and goals of the programme."""
    draw = random.Random(2)
    hr = User.objects.get(email="hr@bench.example")
    members = list(
        Member.objects.filter(role=Role.MENTEE).select_related("participant")
    )
    Goal.objects.bulk_create(
        Goal(
            mentorship_id=member.mentorship_id,
            owner=member,
            specific="Lead a project",
            measure="projects",
            by_on=timezone.localdate(),
            state="reached" if number % 5 < 2 else "active",
            closed_at=timezone.now() if number % 5 < 2 else None,
        )
        for number, member in enumerate(members)
    )
    topics = list(Topic.objects.order_by("pk")[:30])
    SelfRating.objects.bulk_create(
        SelfRating(member=member, topic=topic, moment=moment, value=draw.randint(*span))
        for member in members
        for topic in draw.sample(topics, 3)
        for moment, span in (("start", (1, 3)), ("half_way", (2, 4)), ("end", (3, 5)))
    )
    questions = [take_background(key, by=hr) for key in ("gender", "age", "culture")]
    choices = {each.pk: [one.pk for one in each.choices.all()] for each in questions}
    rows = []
    for user in User.objects.filter(participations__program=program):
        row = Background(user=user)
        row.write({key: draw.choice(found) for key, found in choices.items()})
        rows.append(row)
    Background.objects.bulk_create(rows, batch_size=1000)
    jobs = Employment.objects.exclude(level=None)
    LevelChange.objects.bulk_create(
        LevelChange(user_id=user, before=level, after=level + 1)
        for user, level in jobs.values_list("user", "level")
        if draw.random() < 0.1
    )
    for measure in ("match_rate", "on_rhythm", "goals_reached", "access_gap"):
        ProgramGoal.objects.create(program=program, measure=measure, target=80)


def busy(program: Program, survey_wave: Wave) -> None:
    """What some people are in the middle of, and what all of them did and heard."""
    now = timezone.now()
    hr = User.objects.get(email="hr@bench.example")
    members = list(
        Member.objects.filter(mentorship__in=program.mentorships.order_by("pk")[:BUSY])
        .select_related("participant")
        .order_by("pk")
    )
    wave = Wave.objects.create(
        survey=survey_wave.survey,
        occasion="bench-now",
        opens_at=now - timedelta(days=2),
        closes_at=now + timedelta(days=12),
    )
    Invitation.objects.bulk_create(
        Invitation(wave=wave, to_id=each.participant.user_id, role=each.role)
        for each in members
    )
    MentoringSession.objects.bulk_create(
        MentoringSession(mentorship_id=pair, starts_at=now + timedelta(days=3))
        for pair in sorted({each.mentorship_id for each in members})
    )
    Action.objects.bulk_create(
        Action(mentorship_id=each.mentorship_id, owner=each, text=f"Call {name}")
        for each in members
        for name in ("the library", "a colleague", "the other team")
    )
    goals = Goal.objects.bulk_create(
        Goal(
            mentorship_id=each.mentorship_id,
            owner=each,
            specific="Chair a meeting",
            measure="meetings",
            by_on=timezone.localdate() + timedelta(days=60),
        )
        for each in members
    )
    Milestone.objects.bulk_create(
        Milestone(goal=goal, text=text) for goal in goals for text in ("Ask", "Begin")
    )
    Progress.objects.bulk_create(
        Progress(goal=goal, value=10 * step, at=now - timedelta(days=30 - step))
        for goal in goals
        for step in range(5)
    )
    for each in members[:60]:
        Story.objects.create(
            author=each.participant,
            title="How we began",
            body="We met on a Monday, and talked about what one dares. " * 20,
            state="shown",
            consented_at=now,
            shown_at=now,
        )
    mentors = [each for each in members if each.role == Role.MENTOR]
    mentees = [each for each in members if each.role == Role.MENTEE]
    ThankYou.objects.bulk_create(
        ThankYou(
            by=mentee, to=mentor, body="Thank you.", offered_at=now, accepted_at=now
        )
        for mentee, mentor in zip(mentees, mentors, strict=True)
    )
    for role in (Role.MENTOR, Role.MENTEE):
        Guideline.objects.create(
            program=program, role=role, body_en="Be kind. " * 100, body_nl="Wees lief."
        )
    Invite.objects.bulk_create(
        Invite(
            program=program,
            email=f"asked{number}@bench.example",
            role=Role.MENTEE,
            token_hash=f"{number:064}",
            by=hr,
            expires_at=now + timedelta(days=14),
        )
        for number in range(BUSY)
    )
    people = list(
        program.participants.exclude(role=Role.COORDINATOR).values_list(
            "user", flat=True
        )
    )
    Message.objects.bulk_create(
        (
            Message(
                kind=kind,
                to_id=user,
                occasion="bench",
                program_id=program.pk,
                state="failed" if number % 500 == 7 else "sent",
                sent_at=now - timedelta(days=1),
                message_id=new_message_id(),
            )
            for kind in ("introduction", "pulse", "session_log", "check_in", "digest")
            for number, user in enumerate(people)
        ),
        batch_size=2000,
    )
    Event.objects.bulk_create(
        (
            Event(
                by=hr,
                verb="joined",
                about_type="programs.participant",
                about_id=number,
                program_id=program.pk,
            )
            for number in range(10 * len(people))
        ),
        batch_size=2000,
    )


def matched(program: Program) -> None:
    """A round over all who wait, as it is when the coordinator looks at it."""
    found = begin_round(
        program, objective="most_matched", protect_weakest=True, by=None
    )
    run_round(found)
    assert found.matched, found


def make(part: int = 1) -> None:
    """The whole company, or a tenth of it; not again if it is there."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if User.objects.filter(email__startswith="p").count() == 5_000 // part:
        return
    call_command("flush", interactive=False, verbosity=0)
    cache.clear()
    for role in ("hr_admin", "sponsor", ""):
        name = role.partition("_")[0] or "coordinator"
        User.objects.create_user(f"{name}@bench.example", name=name, org_role=role)
    start = time.perf_counter()
    with transaction.atomic():
        program = company(5_000 // part, 2_000 // part, 50_000 // part)
        profiles(program)
        wave = surveys(program, ANSWERS // part)
        extras(program)
        busy(program, wave)
        matched(program)
    counted = sum(Tally.objects.filter(value="").values_list("count", flat=True))
    print(
        f"{5_000 // part:,} people made in {time.perf_counter() - start:.0f} s;"
        f" {counted:,} answers in {Tally.objects.count():,} counts"
    )
    for title, work in (
        ("pairs reviewed", lambda: review_program(program, timezone.now())),
        ("access counted", lambda: renew_access(program)),
        ("goals read", lambda: read_goals()),
    ):
        start = time.perf_counter()
        work()
        print(f"    {title} in {time.perf_counter() - start:.1f} s")
    # In the bench all pairs keep their rhythm; some ask for care all the same.
    facts = [
        {"part": "rhythm", "held": 2, "expected": 6, "days": 90},
        {"part": "contact", "days": 40, "never": False},
        {"part": "goals", "goals": 1, "moving": 0, "days": 45},
    ]
    CareItem.objects.bulk_create(
        (
            CareItem(mentorship=pair, score=20, reason_key="quiet", facts=facts)
            for pair in Mentorship.objects.order_by("pk")[: 400 // part]
        ),
        ignore_conflicts=True,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
