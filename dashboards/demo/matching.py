"""What the demo shows of matching: a round to review, and a programme to choose in."""

from collections.abc import Sequence
from datetime import timedelta

from dashboards.demo.company import Company
from matching.actions import ask_mentor, begin_round, run_round
from matching.models import Proposal, Request
from people.models import Absence, User
from programs.models import Participant, Program, Role

OPEN_MENTEES, OPEN_MENTORS = 60, 35


def make_open(company: Company) -> Program:
    """Women who wait to be matched, and mentors for them; and a short programme."""
    program = company.make_program("women-in-tech", 21)
    program.move("open")
    free = sorted(company.free, key=lambda user: (-company.level[user.pk], user.pk))
    mentors = free[: min(OPEN_MENTORS, len(free) // 3)]
    women = [user for user in free[len(mentors) :] if user.pk in company.women]
    mentees = women[-OPEN_MENTEES:]
    for user in mentors:
        company.join(program, user, Role.MENTOR, capacity=2)
    for user in mentees:
        company.join(program, user, Role.MENTEE)
    _be_away(program)
    _round_to_review(company, program)
    _choosing(company, mentors[:6], mentees[:8])
    return program


def _round_to_review(company: Company, program: Program) -> None:
    """A round of which the coordinator has decided on a part."""
    found = begin_round(
        program,
        objective="most_matched",
        protect_weakest=True,
        by=company.user["coordinator"],
    )
    run_round(found)
    proposals = list(found.proposals.order_by("-score", "pk"))
    approved = [each.pk for each in proposals[:8]]
    Proposal.objects.filter(pk__in=approved).update(state=Proposal.State.APPROVED)
    for proposal in proposals[8:10]:
        proposal.decide(Proposal.State.HELD)


def groups_to_review(
    company: Company, program: Program, leads: Sequence[User], learners: Sequence[User]
) -> None:
    """People who wait for a next group or circle, and the round that was run."""
    for user in leads:
        company.join(program, user, Role.MENTOR)
    for user in learners:
        company.join(program, user, Role.PEER if program.is_for_peers else Role.MENTEE)
    found = begin_round(
        program,
        objective="most_matched",
        protect_weakest=True,
        by=company.user["coordinator"],
        least=3,
        most=5,
    )
    run_round(found)


def _be_away(program: Program) -> None:
    """One mentor and one mentee are away while mentorships would begin."""
    assert program.starts_on
    for role in (Role.MENTOR, Role.MENTEE):
        last = program.participants.filter(role=role).order_by("-pk")[0]
        Absence.objects.create(
            user=last.user,
            starts_on=program.starts_on - timedelta(days=10),
            ends_on=program.starts_on + timedelta(days=25),
        )


def _choosing(company: Company, mentors: list, mentees: list) -> None:
    """A short programme in which mentees choose; the demo's mentor has been asked."""
    program = company.make_program("flash", 4)
    program.move("open")
    for user in [company.user["mentor"], *mentors]:
        company.join(program, user, Role.MENTOR, capacity=2)
    for user in [company.user["mentee"], *mentees]:
        company.join(program, user, Role.MENTEE)
    people = {
        each.user_id: each for each in program.participants.select_related("user")
    }
    _ask(company, people[mentees[0].pk], people[company.user["mentor"].pk], 1)


def _ask(company: Company, mentee: Participant, mentor: Participant, days: int) -> None:
    found = ask_mentor(
        mentee,
        mentor,
        goals="Ik wil leren hoe ik een lastig gesprek goed begin.",
        rhythm_days=14,
        months=3,
        by=mentee.user,
    )
    Request.objects.filter(pk=found.pk).update(
        at=company.now - timedelta(days=days),
        expires_at=company.now + timedelta(days=7 - days),
    )
