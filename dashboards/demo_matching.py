"""What the demo shows of matching: a round to review, and a programme to choose in."""

from datetime import timedelta
from typing import TYPE_CHECKING

from matching.actions import ask_mentor, begin_round, run_round
from matching.models import Manner, Proposal, Request
from programs.models import Participant, Program, Role

if TYPE_CHECKING:
    from dashboards.demo import Demo


def round_to_review(demo: "Demo", program: Program) -> None:
    """A round of which the coordinator has decided on a part."""
    found = begin_round(
        program,
        objective="most_matched",
        protect_weakest=True,
        by=demo.user["coordinator"],
    )
    run_round(found)
    proposals = list(found.proposals.order_by("-score", "pk"))
    approved = [each.pk for each in proposals[:8]]
    Proposal.objects.filter(pk__in=approved).update(state=Proposal.State.APPROVED)
    for proposal in proposals[8:10]:
        proposal.decide(Proposal.State.HELD)


def choosing(demo: "Demo", mentors: list, mentees: list) -> None:
    """A short programme in which mentees choose; the demo's mentor has been asked."""
    program = demo.make_program("flash", 4)
    program.move("open")
    Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)
    for user in [demo.user["mentor"], *mentors]:
        demo.join(program, user, Role.MENTOR, capacity=2)
    for user in [demo.user["mentee"], *mentees]:
        demo.join(program, user, Role.MENTEE)
    people = {
        each.user_id: each for each in program.participants.select_related("user")
    }
    _ask(demo, people[mentees[0].pk], people[demo.user["mentor"].pk], 1)


def _ask(demo: "Demo", mentee: Participant, mentor: Participant, days: int) -> None:
    found = ask_mentor(
        mentee,
        mentor,
        goals="Ik wil leren hoe ik een lastig gesprek goed begin.",
        rhythm_days=14,
        months=3,
        by=mentee.user,
    )
    Request.objects.filter(pk=found.pk).update(
        at=demo.now - timedelta(days=days),
        expires_at=demo.now + timedelta(days=7 - days),
    )
