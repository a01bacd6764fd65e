"""The programme of last year: over, with what it brought and whom it reached."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.utils import timezone

from dashboards.demo import texts
from dashboards.demo.company import Company
from dashboards.demo.growth import make_ratings, make_thanks, tell
from dashboards.demo.meetings import held_session
from dashboards.demo.waves import Asked, make_waves
from feedback.actions import pulse_of
from feedback.models import Survey
from feedback.tasks import quarter
from mentorships.models import (
    Attendance,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    Milestone,
    Progress,
)
from people.models import Employment, User
from programs.blueprints import blueprints
from programs.models import Invite, Participant, Program, Role, hashed

SINCE, UNTIL = 400, 45
RHYTHM = 21
MENTEES, MENTORS = 108, 76
# Of those who were asked, by what they say of their gender: how many did not join, and
# how many joined without finding somebody.
DECLINED = {"woman": 8, "man": 14, "rest": 7}
LEFT_OVER = {"woman": 5, "man": 12, "rest": 5}
# Pairs that never met: so many with a woman as mentee and a man as mentor, and so many
# the other way round.
NEVER_MET = 4
LEAVERS = 9
REACHED, LET_GO = 0.62, 0.1


@dataclass
class Pool:
    """Who was asked, in which role, and how far they came."""

    mentees: list[User]
    mentors: list[User]
    declined: set[int] = field(default_factory=set)
    left_over: set[int] = field(default_factory=set)

    def joined(self, people: list[User]) -> list[User]:
        return [user for user in people if user.pk not in self.declined]

    def matched(self, people: list[User]) -> list[User]:
        return [user for user in self.joined(people) if user.pk not in self.left_over]


def make_earlier(company: Company) -> Program:
    """A year of it, in numbers large enough to say something of."""
    today = timezone.localdate()
    start = today - timedelta(days=SINCE)
    blueprint = blueprints()["leadership-pipeline"]
    program = company.make_program(
        blueprint.key,
        -SINCE,
        name_nl=f"{blueprint.name_nl} {start.year}",
        name_en=f"{blueprint.name_en} {start.year}",
        ends_on=today - timedelta(days=UNTIL),
        rhythm_days=RHYTHM,
    )
    program.move("open")
    program.move("run")
    pool = _ask(company, program)
    pairs = _match(company, program, pool)
    met = _meet(company, pairs)
    _set_goals(company, program, met)
    _listen(company, program)
    Mentorship.objects.bulk_update(pairs, ["ended_at"])
    make_ratings(company, program, {"start": 385, "half_way": 220, "end": 50})
    members = list(
        Member.objects.filter(mentorship__in=met)
        .select_related("participant__user", "mentorship")
        .order_by("pk")
    )
    make_thanks(members, texts.THANKS[4:], days=40)
    for place, (role, title, body) in enumerate(texts.STORIES[2:]):
        writer = [each for each in members if each.role == role][5 * place + 3]
        tell(writer, title, body, by=company.user["coordinator"])
    program.move("close")
    return program


def _ask(company: Company, program: Program) -> Pool:
    """Who worked here long enough, and was not asked for the one that runs."""
    long_here = set(
        Employment.objects.filter(
            started_on__lt=timezone.localdate() - timedelta(days=SINCE + 45)
        ).values_list("user", flat=True)
    )
    gone = [user for user in company.users if user.pk in company.gone][:LEAVERS]
    people = [user for user in company.free if user.pk in long_here] + gone
    company.random.shuffle(people)
    people.sort(key=lambda user: user.pk not in company.gone)
    pool = Pool(
        [user for user in people if company.level[user.pk] <= 3][:MENTEES],
        [user for user in people if company.level[user.pk] >= 4][:MENTORS],
    )
    everybody = company.pick(pool.mentees + pool.mentors, MENTEES + MENTORS)
    pool.declined = _some(company, everybody, DECLINED, without=company.gone)
    pool.left_over = _some(
        company, pool.joined(pool.mentees), LEFT_OVER, without=company.gone
    )
    asked_at = company.ago(SINCE + 40)
    Invite.objects.bulk_create(
        Invite(
            program=program,
            email=user.email,
            role=role,
            token_hash=hashed(f"{program.pk}-{user.pk}"),
            by=company.user["coordinator"],
            at=asked_at,
            expires_at=asked_at + timedelta(days=30),
            used_at=None
            if user.pk in pool.declined
            else asked_at + timedelta(days=company.random.randint(0, 12)),
        )
        for role, users in ((Role.MENTEE, pool.mentees), (Role.MENTOR, pool.mentors))
        for user in users
    )
    return pool


def _some(
    company: Company,
    people: list[User],
    numbers: dict[str, int],
    *,
    without: Collection[int],
) -> set[int]:
    """So many of each group, the same each time; of a small group nobody."""
    sizes = Counter(company.said[user.pk] for user in people)
    found: set[int] = set()
    for group, number in numbers.items():
        if sizes[group] < 2 * number:
            continue
        of_group = (
            user.pk
            for user in people
            if company.said[user.pk] == group and user.pk not in without
        )
        found |= set(islice(of_group, number))
    return found


def _match(company: Company, program: Program, pool: Pool) -> list[Mentorship]:
    """Whoever was not left over, with one mentor; some mentors have two."""
    joined_at = company.ago(SINCE + 25)
    wanted, offered = pool.matched(pool.mentees), pool.matched(pool.mentors)
    rows = Participant.objects.bulk_create(
        Participant(
            program=program,
            user=user,
            role=role,
            capacity=2 if role == Role.MENTOR else 1,
            state=Participant.State.READY,
            joined_at=joined_at,
            ready_at=joined_at + timedelta(days=2),
        )
        for role, users in (
            (Role.MENTEE, pool.joined(pool.mentees)),
            (Role.MENTOR, pool.joined(pool.mentors)),
        )
        for user in users
    )
    by_user = {each.user_id: each for each in rows}
    offered = (offered * 2)[: len(wanted)]
    start, end = company.ago(SINCE - 1), company.ago(UNTIL)
    pairs = Mentorship.objects.bulk_create(
        Mentorship(program=program, rhythm_days=RHYTHM, started_at=start)
        for _user in offered
    )
    Member.objects.bulk_create(
        Member(mentorship=pair, participant=by_user[user.pk], role=role)
        for pair, mentee, mentor in zip(pairs, wanted, offered, strict=False)
        for user, role in ((mentee, Role.MENTEE), (mentor, Role.MENTOR))
    )
    for pair, mentee, mentor in zip(pairs, wanted, offered, strict=False):
        left = [
            company.moment(company.gone[user.pk], 17)
            for user in (mentee, mentor)
            if user.pk in company.gone
        ]
        # Their last day is put in their row once everybody has been asked.
        pair.ended_at = max(start + timedelta(days=30), min([end, *left]))
    return pairs


def _meet(company: Company, pairs: list[Mentorship]) -> list[Mentorship]:
    """Their sessions, now and then one that did not happen; who met at all."""
    members: dict[int, dict[str, Member]] = {pair.pk: {} for pair in pairs}
    mentees_of: Counter[int] = Counter()
    for member in Member.objects.filter(mentorship__in=pairs).select_related(
        "participant"
    ):
        members[member.mentorship_id][member.role] = member
        mentees_of[member.participant.user_id] += member.role == Role.MENTOR
    never: Counter[tuple[str, str]] = Counter()
    met, sessions = [], []
    for number, pair in enumerate(pairs):
        mentee, mentor = (
            members[pair.pk][role].participant.user_id
            for role in (Role.MENTEE, Role.MENTOR)
        )
        said = company.said[mentee], company.said[mentor]
        if (
            said in {("woman", "man"), ("man", "woman")}
            and never[said] < NEVER_MET
            and mentees_of[mentor] == 1
            and not company.gone.keys() & {mentee, mentor}
        ):
            never[said] += 1
            continue
        met.append(pair)
        sessions += _sessions(company, pair, number)
    MentoringSession.objects.bulk_create(sessions, batch_size=500)
    Attendance.objects.bulk_create(
        [
            Attendance(session=session, member=member)
            for session in sessions
            for member in members[session.mentorship_id].values()
        ],
        batch_size=500,
    )
    return met


def _sessions(
    company: Company, pair: Mentorship, number: int
) -> list[MentoringSession]:
    found: list[MentoringSession] = []
    day = pair.started_at.date() + timedelta(days=company.random.randint(6, 24))
    assert pair.ended_at
    while day < pair.ended_at.date():
        if company.random.random() > 0.15 or not found:
            starts = company.moment(day, (9, 10, 13, 15)[number % 4])
            found.append(held_session(company, pair, starts))
        day += timedelta(days=RHYTHM + company.random.randint(-3, 4))
    return found


def _set_goals(company: Company, program: Program, met: list[Mentorship]) -> None:
    """A goal or two for each pair that met; most were reached."""
    owners = Member.objects.filter(mentorship__in=met, role=Role.MENTEE)
    goals = []
    for owner in owners.order_by("pk"):
        for text in company.pick(texts.GOALS, company.random.choice([1, 1, 2])):
            specific, measure, start, target, why, _steps = text
            luck = company.random.random()
            state = Goal.State.ACTIVE
            if luck < REACHED:
                state = Goal.State.REACHED
            elif luck < REACHED + LET_GO:
                state = Goal.State.LET_GO
            closed = company.ago(company.random.randint(UNTIL, 220))
            goals.append(
                Goal(
                    mentorship_id=owner.mentorship_id,
                    owner=owner,
                    specific=specific,
                    measure=measure,
                    start=start,
                    target=target,
                    relevance=why,
                    by_on=company.ago(UNTIL + company.random.randint(5, 90)).date(),
                    state=state,
                    closed_at=None if state == Goal.State.ACTIVE else closed,
                    created_at=company.ago(company.random.randint(300, 370)),
                )
            )
    Goal.objects.bulk_create(goals, batch_size=500)
    steps = {text[0]: text[5] for text in texts.GOALS}
    Milestone.objects.bulk_create(
        Milestone(
            goal=goal,
            text=step,
            done_at=goal.closed_at if goal.state == Goal.State.REACHED else None,
        )
        for goal in goals
        for step in steps[goal.specific]
    )
    Progress.objects.bulk_create(
        Progress(
            goal=goal,
            value=round(float(goal.target) * share * _far(goal), 1),
            at=company.ago(days),
        )
        for goal in goals
        for days, share in ((280, 0.3), (250, 0.7), (225, 1))
    )


def _far(goal: Goal) -> float:
    """The share of the way to its target that somebody came."""
    return 1.0 if goal.state == Goal.State.REACHED else 0.5


def _listen(company: Company, program: Program) -> None:
    """The pulse five times, with a dip in spring; and at the end both closings."""

    def at(day: int) -> datetime:
        return company.ago(SINCE - day)

    pulse = pulse_of(program)
    make_waves(
        company,
        pulse,
        [
            Asked(f"day-{day}", at(day), answering, good)
            for day, answering, good in (
                (30, 0.78, 3.5),
                (90, 0.7, 3.9),
                (150, 0.58, 3.4),
                (210, 0.64, 3.9),
                (270, 0.66, 4.2),
            )
        ],
        wait=(),
    )
    end = at(SINCE - UNTIL)
    for survey in Survey.objects.filter(program=program, asks=Survey.Asks.AT_END):
        occasion, *_days = quarter(end)
        make_waves(company, survey, [Asked(occasion, end, 0.7, 4.1)], wait=())
