"""The programme that is half-way: pairs, sessions and goals."""

from datetime import timedelta

from django.utils import timezone

from dashboards.demo import texts
from dashboards.demo.company import Company
from dashboards.demo.growth import make_growth, make_ratings, make_stories
from dashboards.demo.meetings import held_session
from dashboards.demo.waves import Asked, make_waves
from feedback.actions import pulse_of
from matching.actions import begin_round, publish_round, run_round
from matching.models import Round
from mentorships.models import (
    Action,
    Agreement,
    Attendance,
    Goal,
    Member,
    MentoringSession,
    Mentorship,
    Milestone,
    Progress,
    SharedNote,
    Signature,
)
from people.models import Absence
from programs.models import Program, Role

MENTEES, MENTORS = 39, 27
RUNNING_FOR = timedelta(days=95)
HOURS = [9, 10, 11, 13, 14, 15, 16]
# Of twenty pairs, which of the sessions so far some of them held. The others keep
# their rhythm.
HELD = {6: (0, 4), 7: range(4), 8: (0, 1), 9: (), 18: range(3)}
UNSIGNED, NO_GOAL = 6, 7


def make_running(company: Company) -> Program:
    """Half-way: forty pairs, sessions, goals, and two waves of the pulse."""
    program = company.make_program("leadership-pipeline", -RUNNING_FOR.days)
    program.move("open")
    others = company.others
    seniors = [user for user in others if company.level[user.pk] >= 4]
    juniors = [user for user in others if company.level[user.pk] <= 3]
    company.join(program, company.user["mentor"], Role.MENTOR, capacity=2)
    company.join(program, company.user["mentee"], Role.MENTEE)
    mentors = seniors[: min(MENTORS, len(seniors) // 2)]
    mentees = juniors[: min(MENTEES, len(juniors) // 2)]
    for user in mentors:
        company.join(program, user, Role.MENTOR, capacity=2)
    for user in mentees:
        company.join(program, user, Role.MENTEE)
    company.used = {user.pk for user in [*mentors, *mentees]}
    _match(company, program)
    for number, mentorship in enumerate(
        program.mentorships.prefetch_related("members__participant__user").order_by(
            "pk"
        )
    ):
        _history(company, mentorship, number)
    own = [company.user["mentee"], company.user["mentor"]]
    for place, pair in enumerate(
        program.mentorships.filter(members__participant__user__in=own)
        .distinct()
        .order_by("pk")
    ):
        make_growth(pair, hour=14 + place)
    make_ratings(company, program, {"start": 90, "half_way": 8})
    make_stories(company, program)
    _be_away(company)
    make_waves(
        company,
        pulse_of(program),
        [
            Asked(f"day-{day}", company.now - RUNNING_FOR + timedelta(day), part, good)
            for day, part, good in ((30, 0.7, 3.6), (90, 0.6, 4.1))
        ],
        wait=[user.pk for user in own],
    )
    return program


def _match(company: Company, program: Program) -> None:
    """One round over the whole pool, published when the programme began."""
    found = begin_round(
        program,
        objective="most_matched",
        protect_weakest=True,
        by=company.user["coordinator"],
    )
    run_round(found)
    found.proposals.update(state="approved")
    publish_round(found, close_joining=True, by=company.user["coordinator"])
    started = company.now - RUNNING_FOR
    Round.objects.filter(pk=found.pk).update(at=started, published_at=started)
    Mentorship.objects.filter(program=program).update(started_at=started)


def _be_away(company: Company) -> None:
    """The mentor has a holiday ahead, one of those they guide has one now."""
    today, mentor = timezone.localdate(), company.user["mentor"]
    with_mentor = Mentorship.objects.filter(members__participant__user=mentor)
    guided = Member.objects.filter(mentorship__in=with_mentor, role=Role.MENTEE)
    for user, first, days in [
        (mentor, 27, 11),
        *[
            (each.participant.user, -4, 5)
            for each in guided.order_by("-pk").select_related("participant__user")
            if each.participant.user != company.user["mentee"]
        ][:1],
    ]:
        Absence.objects.create(
            user=user,
            starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=first + days),
        )


def _history(company: Company, mentorship: Mentorship, number: int) -> None:
    """Most pairs keep their rhythm; others meet less often, have set no goal, went
    quiet or have not met.
    """
    members = list(mentorship.members.all())
    mentee = next(each for each in members if each.role == Role.MENTEE)
    own = {company.user["mentee"].pk, company.user["mentor"].pk}
    is_demo_pair = any(each.participant.user_id in own for each in members)
    kind = 0 if is_demo_pair else number % 20
    held = HELD.get(kind, range(6 if is_demo_pair else 7))
    # Pairs begin one after the other, so that there are sessions in every week.
    late = 6 if is_demo_pair else 6 + number % 12
    first = timezone.localdate() - RUNNING_FOR + timedelta(days=late)
    sessions = []
    for place in held:
        jitter = company.random.randint(-1, 2)
        starts = company.moment(
            first + timedelta(days=14 * place + jitter),
            company.random.choice([9, 10, 13, 15]),
        )
        if starts > company.ago(1):
            break
        sessions.append(held_session(company, mentorship, starts))
    if kind not in HELD:
        starts = company.moment(
            timezone.localdate() + timedelta(days=company.random.randint(2, 9)),
            # Nobody is in two sessions at once.
            HOURS[number % len(HOURS)],
        )
        sessions.append(
            MentoringSession(
                mentorship=mentorship,
                starts_at=starts,
                wall_time=f"{starts:%Y-%m-%dT%H:%M}",
                place="https://video.example/wegwijs",
                subject="Voortgang en volgende stap",
            )
        )
    MentoringSession.objects.bulk_create(sessions)
    past = [each for each in sessions if each.state == "held"]
    Attendance.objects.bulk_create(
        Attendance(session=session, member=member)
        for session in past
        for member in members
    )
    SharedNote.objects.bulk_create(
        SharedNote(
            session=session,
            body=texts.NOTES[place % len(texts.NOTES)],
            by=members[0].participant.user,
            at=session.starts_at,
        )
        for place, session in enumerate(past)
    )
    if past:
        text = company.pick(texts.ACTIONS, 2)
        Action.objects.bulk_create(
            [
                Action(
                    mentorship=mentorship,
                    owner=mentee,
                    text=text[0],
                    due_on=timezone.localdate() + timedelta(days=5),
                ),
                Action(
                    mentorship=mentorship,
                    owner=members[0],
                    text=text[1],
                    done_at=company.now - timedelta(days=20),
                ),
            ]
        )
        if kind != UNSIGNED and not is_demo_pair:
            _agree(company, mentorship, members)
        if kind != NO_GOAL:
            _goal(company, mentorship, mentee, number)


def _agree(company: Company, mentorship: Mentorship, members: list[Member]) -> None:
    """Both signed what they agreed on at their first session."""
    at = company.now - RUNNING_FOR + timedelta(days=7)
    agreement = Agreement.objects.create(
        mentorship=mentorship,
        channel="Om en om via video en op kantoor.",
        confidentiality="Wat we bespreken blijft tussen ons.",
        changed_at=at,
        changed_by=members[0].participant.user,
    )
    Signature.objects.bulk_create(
        Signature(agreement=agreement, member=member, version=1, at=at)
        for member in members
    )


def _goal(company: Company, mentorship: Mentorship, owner: Member, number: int) -> None:
    specific, measure, start, target, why, steps = texts.GOALS[
        number % len(texts.GOALS)
    ]
    reached = number % 4 == 3
    goal = Goal.objects.create(
        mentorship=mentorship,
        owner=owner,
        specific=specific,
        measure=measure,
        start=start,
        target=target,
        relevance=why,
        by_on=timezone.localdate() + timedelta(days=-10 if reached else 30),
        state=Goal.State.REACHED if reached else Goal.State.ACTIVE,
        closed_at=company.now - timedelta(days=9) if reached else None,
        created_at=company.now - timedelta(days=70),
    )
    Milestone.objects.bulk_create(
        Milestone(goal=goal, text=step, done_at=company.now if place == 0 else None)
        for place, step in enumerate(steps)
    )
    last = target if reached else max(1, target // 2)
    Progress.objects.bulk_create(
        Progress(
            goal=goal,
            value=round(last * share, 1),
            at=company.now - timedelta(days=60 - 20 * place),
        )
        for place, share in enumerate((0.3, 0.6, 1))
    )
