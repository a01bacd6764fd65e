"""A round of matching: run it, decide on what it proposes, publish."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from matching.assignment import assign
from matching.models import (
    Exclusion,
    LeftOver,
    Proposal,
    ProposalMember,
    Round,
)
from matching.pool import criteria_of, load_pool
from mentorships.actions import start_mentorship
from people.models import User
from programs.models import Participant, Program, Role


def begin_round(
    program: Program, *, objective: str, protect_weakest: bool, by: User | None
) -> Round:
    """Take the programme's one place for a running round.

    Raises ``ValidationError`` when somebody else's round is running.
    """
    settings = [
        {
            "key": each.key,
            "weight": each.weight,
            "must": each.must,
            "settings": each.settings,
        }
        for each in criteria_of(program)
    ]
    try:
        with transaction.atomic():
            found = Round.objects.create(
                program=program,
                objective=objective,
                protect_weakest=protect_weakest,
                settings={"criteria": settings},
                by=by,
            )
            record(found, "began", by=by)
    except IntegrityError as error:
        raise ValidationError(
            _("A round of this programme is running now. Look at that one first.")
        ) from error
    return found


def run_round(found: Round) -> None:
    """Match the pool and store what came of it. A problem becomes a sentence."""
    pool = load_pool(found.program)
    problem = ""
    if not pool.mentees:
        problem = _("Nobody waits for a mentor. Ask mentees to complete their profile.")
    elif not pool.mentors:
        problem = _("No mentor has a free place. Invite mentors or ask for more room.")
    elif not any(each.weight for each in pool.criteria):
        problem = _("No criterion counts. Give at least one a weight above 0.")
    if problem:
        Round.objects.filter(pk=found.pk).update(
            state=Round.State.FAILED, problem=problem
        )
        found.refresh_from_db()
        return
    result = assign(
        pool, objective=found.objective, protect_weakest=found.protect_weakest
    )
    with transaction.atomic():
        proposals = Proposal.objects.bulk_create(
            [
                Proposal(
                    round=found,
                    score=explanation.score,
                    lines=[
                        {
                            "key": line.key,
                            "weight": line.weight,
                            "thousandths": round(1000 * line.fraction),
                            "is_known": line.is_known,
                            "at_most": line.at_most,
                            "points": line.points,
                            "mentee": line.mentee,
                            "mentor": line.mentor,
                        }
                        for line in explanation.lines
                    ],
                )
                for _mentee, _mentor, explanation in result.pairs
            ],
            batch_size=500,
        )
        ProposalMember.objects.bulk_create(
            [
                ProposalMember(proposal=proposal, participant_id=participant, role=role)
                for proposal, (mentee, mentor, _e) in zip(
                    proposals, result.pairs, strict=True
                )
                for participant, role in ((mentee, Role.MENTEE), (mentor, Role.MENTOR))
            ],
            batch_size=1000,
        )
        LeftOver.objects.bulk_create(
            LeftOver(
                round=found,
                participant_id=participant,
                limit=limit,
                facts=facts,
            )
            for participant, (limit, facts) in result.left_over.items()
        )
        Round.objects.filter(pk=found.pk, state=Round.State.RUNNING).update(
            state=Round.State.READY,
            total=result.solution.total,
            upper_bound=result.solution.upper_bound,
            seconds=result.solution.seconds,
        )
    found.refresh_from_db()


def fail_round(found: Round, problem: str) -> None:
    """Note why a round came to nothing, so that the next can begin."""
    Round.objects.filter(pk=found.pk, state=Round.State.RUNNING).update(
        state=Round.State.FAILED, problem=problem[:300]
    )


@transaction.atomic
def exclude(program: Program, one: User, other: User, *, by: User) -> None:
    """Never match these two in this programme."""
    a, b = sorted((one, other), key=lambda user: user.pk)
    Exclusion.objects.get_or_create(program=program, a=a, b=b, defaults={"by": by})


@transaction.atomic
def publish_round(found: Round, *, by: User) -> tuple[int, list[str]]:
    """Start what was approved; both sides hear it. How many, and who could not be.

    Of two coordinators who publish at once, one does. A pair of which somebody has no
    place any more, or has left, is skipped and named.
    """
    published = Round.objects.filter(pk=found.pk, state=Round.State.READY).update(
        state=Round.State.PUBLISHED, published_at=timezone.now()
    )
    if not published:
        raise ValidationError(
            _("This round has been published already, or is not ready.")
        )
    started, skipped = 0, []
    approved = found.proposals.filter(state=Proposal.State.APPROVED).prefetch_related(
        "members__participant__user"
    )
    for proposal in approved:
        people = [
            (member.participant, str(member.role)) for member in proposal.members.all()
        ]
        try:
            with transaction.atomic():
                start_mentorship(program=found.program, people=people, by=by)
        except ValidationError as error:
            skipped += error.messages
            continue
        Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.PUBLISHED)
        started += 1
    if started and found.program.can("run"):
        found.program.move("run")
        record(found.program, "run", by=by)
    record(found, f"published {started}", by=by)
    found.refresh_from_db()
    return started, skipped


def waiting(program: Program) -> int:
    """How many mentees are ready and have nobody."""
    return (
        Participant.objects.ready()
        .filter(program=program, role=Role.MENTEE, places_taken=0)
        .count()
    )
