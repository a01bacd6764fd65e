"""Running a round: from the button to proposals, with a proof."""

import resource
import sys
import time
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from history.models import record
from matching.assignment import assign
from matching.models import (
    LeftOver,
    Proposal,
    ProposalMember,
    Round,
    fixed_members,
    fixed_pairs,
)
from matching.obstacles import Problem, nobody_fits, obstacle
from matching.pool import load_pool, snapshot
from matching.results import Match, Part, Result
from matching.scoring import Line, Pool
from matching.solver import Cancelled
from matching.together import assign_circles, assign_groups
from people.models import User
from programs.models import Program, Role

CHECK_EVERY = 0.4  # seconds between looks whether somebody stopped the round


def still_matches(program: Program) -> None:
    """Refuse, in a sentence, where nobody is matched now; looked at anew."""
    program.refresh_from_db(fields=["state"])
    if not program.takes_joiners:
        raise ValidationError(_("In this programme nobody is matched now."))


def begin_round(
    program: Program,
    *,
    objective: str,
    protect_weakest: bool,
    by: User | None,
    least: int = 3,
    most: int = 8,
    keep: Round | None = None,
) -> Round:
    """Take the programme's one place for a running round.

    ``keep`` is a round whose approved pairs stay, and whose rejected ones are not
    proposed again. Raises ``ValidationError`` when somebody else's round is running,
    or when nobody is matched in the programme now.
    """
    still_matches(program)
    settings: dict[str, Any] = {"criteria": snapshot(program)}
    if keep is not None:
        settings |= {"keep": keep.pk}
    try:
        with transaction.atomic():
            found = Round.objects.create(
                program=program,
                objective=objective,
                protect_weakest=protect_weakest,
                least=least,
                most=most,
                settings=settings,
                by=by,
            )
            record(found, "began", by=by)
    except IntegrityError as error:
        raise ValidationError(
            _("A round of this programme is running now. Look at that one first.")
        ) from error
    return found


def run_round(found: Round) -> None:
    """Match the pool and store what came of it, or why it came to nothing.

    Stopping it meanwhile leaves nothing behind.
    """
    watch = _Watch(found)
    try:
        previous = _kept_round(found)
        pool = load_pool(
            found.program,
            criteria=found.settings["criteria"],
            not_this_time=_put_aside(previous),
        )
        problem = obstacle(found.program, pool, found.least)
        if problem:
            fail_round(found, problem)
            return
        watch.at(Round.Stage.SCORING, 20)
        result = _assigned(found, pool, previous, watch)
        problem = {} if result.matches else nobody_fits(found.program, pool, result)
        if problem:
            fail_round(found, problem)
            return
        watch.at(Round.Stage.STORING, 90)
        with transaction.atomic():
            _store(found, result, pool)
    except Cancelled:
        pass
    found.refresh_from_db()


class _Watch:
    """How far a round is, for those who look on, and whether they stopped it."""

    def __init__(self, found: Round) -> None:
        self.mine = Round.objects.filter(pk=found.pk, state=Round.State.RUNNING)
        self.looked_at = time.monotonic()

    def at(self, stage: str, progress: int) -> None:
        if not self.mine.update(stage=stage, progress=progress):
            raise Cancelled

    def proving(self, rounds: int, gap: int) -> None:
        self.at(Round.Stage.PROVING, min(88, 40 + 8 * rounds))

    def is_cancelled(self) -> bool:
        if time.monotonic() - self.looked_at < CHECK_EVERY:
            return False
        self.looked_at = time.monotonic()
        return not self.mine.exists()


def _kept_round(found: Round) -> Round | None:
    return Round.objects.filter(
        pk=found.settings.get("keep", 0), program=found.program
    ).first()


def _put_aside(previous: Round | None) -> frozenset[tuple[int, int]]:
    """Pairs of users that were rejected in the round before, or of whom one was taken
    out of a group: "not this time".
    """
    if previous is None:
        return frozenset()
    aside = set()
    taken_out = {
        user: not_with
        for user, not_with in previous.left_over.values_list(
            "participant__user", "facts__not_with"
        )
        if not_with
    }
    users_of = dict(
        previous.program.participants.filter(
            pk__in=[each for not_with in taken_out.values() for each in not_with]
        ).values_list("pk", "user")
    )
    for user, not_with in taken_out.items():
        aside |= {(user, users_of[each]) for each in not_with if each in users_of}
    for proposal in previous.proposals.filter(
        state=Proposal.State.REJECTED
    ).prefetch_related("members__participant"):
        users = [member.participant.user_id for member in proposal.members.all()]
        aside |= {(a, b) for a in users for b in users if a < b}
    return frozenset(aside)


def _assigned(
    found: Round, pool: Pool, previous: Round | None, watch: _Watch
) -> Result:
    model = found.program.model
    fixed = [_as_fixed(proposal) for proposal in fixed_pairs(previous)]
    if model == Program.Model.GROUP:
        return assign_groups(
            pool,
            objective=found.objective,
            least=found.least,
            most=found.most,
            protect_weakest=found.protect_weakest,
            fixed=fixed,
            members=fixed_members(previous),
            is_cancelled=watch.is_cancelled,
        )
    if model == Program.Model.PEER:
        return assign_circles(
            pool,
            least=found.least,
            most=found.most,
            protect_weakest=found.protect_weakest,
            fixed=fixed,
            is_cancelled=watch.is_cancelled,
        )
    return assign(
        pool,
        objective=found.objective,
        protect_weakest=found.protect_weakest,
        fixed=[(learners[0], mentor) for learners, mentor in fixed if mentor],
        on_progress=watch.proving,
        is_cancelled=watch.is_cancelled,
    )


def _as_fixed(proposal: Proposal) -> tuple[tuple[int, ...], int | None]:
    """Who is together in a proposal that a rerun keeps: the learners, the mentor."""
    mentor = proposal.mentor
    learners = tuple(each.participant_id for each in proposal.learners)
    return learners, mentor.participant_id if mentor else None


def line_as_row(line: Line) -> dict[str, Any]:
    """A line of a sum as it is kept."""
    return {
        "key": line.key,
        "weight": line.weight,
        "millionths": round(1_000_000 * line.fraction),
        "is_known": line.is_known,
        "at_most": line.at_most,
        "points": line.points,
        "mentee": line.mentee,
        "mentor": line.mentor,
    }


def _parts_as_rows(match: Match) -> list[dict[str, Any]]:
    if match.mentor is not None and len(match.learners) == 1:
        return []

    def row(part: Part) -> dict[str, Any]:
        return {
            "one": part.one,
            "other": part.other,
            # What the sum comes to, also where a person overruled a limit.
            "score": part.explanation.total,
            "lines": [line_as_row(line) for line in part.explanation.lines],
        }

    return [row(part) for part in match.parts]


def proposal_of(found: Round, match: Match, **fields: Any) -> Proposal:
    """A match as a proposal of a round; not saved."""
    parts = _parts_as_rows(match)
    lines = [] if parts else match.parts[0].explanation.lines
    return Proposal(
        round=found,
        score=match.score,
        lines=[line_as_row(line) for line in lines],
        parts=parts,
        **fields,
    )


def members_of(
    proposals: Iterable[Proposal],
    matches: Iterable[Match],
    *,
    peers: bool,
    fixed: Collection[tuple[int, int]] = (),
) -> list[ProposalMember]:
    """Who is in each proposal; not saved. ``fixed`` are learners with their mentor."""
    found = []
    for proposal, match in zip(proposals, matches, strict=True):
        role = Role.PEER if peers else Role.MENTEE
        people = [(learner, role) for learner in match.learners]
        if match.mentor is not None:
            people.append((match.mentor, Role.MENTOR))
        found += [
            ProposalMember(
                proposal=proposal,
                participant_id=participant,
                role=each,
                is_fixed=match.mentor is not None
                and (participant, match.mentor) in fixed,
            )
            for participant, each in people
        ]
    return found


def _store(found: Round, result: Result, pool: Pool) -> None:
    by_hand, approved = _as_they_were(found)
    fixed = _fixed_before(found)
    proposals = Proposal.objects.bulk_create(
        [
            proposal_of(
                found,
                match,
                is_by_hand=(match.learners, match.mentor) in by_hand,
                overruled=by_hand.get(
                    (match.learners, match.mentor),
                    limits_broken(
                        part for part in match.parts if (part.one, part.other) in fixed
                    ),
                ),
                state=Proposal.State.APPROVED
                if (match.learners, match.mentor) in approved
                else Proposal.State.PROPOSED,
            )
            for match in result.matches
        ],
        batch_size=500,
    )
    ProposalMember.objects.bulk_create(
        members_of(
            proposals,
            result.matches,
            peers=found.program.is_for_peers,
            fixed=fixed,
        ),
        batch_size=1000,
    )
    LeftOver.objects.bulk_create(
        (
            LeftOver(
                round=found,
                participant_id=participant,
                limit=limits.limit,
                facts=limits.facts,
            )
            for participant, limits in result.left_over.items()
        ),
        batch_size=1000,
    )
    stored = Round.objects.filter(pk=found.pk, state=Round.State.RUNNING).update(
        state=Round.State.READY,
        progress=100,
        total=result.total,
        upper_bound=result.upper_bound,
        matched=result.matched,
        matched_bound=result.matched_bound,
        floor=result.floor,
        is_floor_proven=result.is_floor_proven,
        seconds=result.seconds,
        memory_mb=_peak_memory(),
        prices={
            "bonus": result.bonus,
            "mentees": result.mentee_prices,
            "mentors": result.mentor_prices,
        },
    )
    if not stored:
        raise Cancelled


def _as_they_were(
    found: Round,
) -> tuple[dict[Any, list[str]], set[tuple[tuple[int, ...], int | None]]]:
    """Of those that a rerun keeps together: what was made by hand, and approved."""
    kept = [(_as_fixed(each), each) for each in fixed_pairs(_kept_round(found))]
    return (
        {people: each.overruled for people, each in kept if each.is_by_hand},
        {people for people, each in kept if each.state == Proposal.State.APPROVED},
    )


def _fixed_before(found: Round) -> set[tuple[int, int]]:
    """Who was fixed with a mentor in the round that this one builds on."""
    previous = _kept_round(found)
    if previous is None:
        return set()
    pairs = ProposalMember.objects.filter(
        proposal__round=previous,
        proposal__state__in=Proposal.OPEN,
        is_fixed=True,
        proposal__members__role=Role.MENTOR,
    )
    return set(
        pairs.values_list("participant", "proposal__members__participant").distinct()
    )


def limits_broken(parts: Iterable[Part]) -> list[str]:
    """What stands between people who are put together all the same, by key."""
    found = {key for part in parts for key in part.explanation.blocked_by}
    return sorted(found - {"capacity"})


def _peak_memory() -> int:
    """The most memory that this process has had, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)


def fail_round(found: Round, problem: Problem) -> None:
    """Note why a round came to nothing, so that the next can begin."""
    Round.objects.filter(pk=found.pk, state=Round.State.RUNNING).update(
        state=Round.State.FAILED, problem=problem
    )
    found.refresh_from_db()


def stop_round(found: Round, *, by: User) -> bool:
    """Let a running round stop; whether it was still running."""
    stopped = Round.objects.filter(pk=found.pk, state=Round.State.RUNNING).update(
        state=Round.State.STOPPED
    )
    if stopped:
        record(found, "stopped", by=by)
    return bool(stopped)
