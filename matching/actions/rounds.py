"""Running a round: from the button to proposals, with a proof."""

import resource
import sys
import time
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from history.models import record
from matching.assignment import (
    Match,
    Part,
    Result,
    assign,
    assign_circles,
    assign_groups,
)
from matching.models import (
    LeftOver,
    Proposal,
    ProposalMember,
    Round,
    fixed_pairs,
)
from matching.pool import load_pool, snapshot
from matching.scoring import Line, Pool
from matching.solver import Cancelled
from matching.words import label_of
from people.models import User
from programs.models import Program, Role

CHECK_EVERY = 0.4  # seconds between looks whether somebody stopped the round


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
    proposed again. Raises ``ValidationError`` when somebody else's round is running.
    """
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
    """Match the pool and store what came of it. A problem becomes a sentence.

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
        problem = "" if result.matches else nobody_fits(pool, result)
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
    """Pairs of users that were rejected in the round before: "not this time"."""
    if previous is None:
        return frozenset()
    aside = set()
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
    if model == Program.Model.GROUP:
        return assign_groups(
            pool,
            objective=found.objective,
            least=found.least,
            most=found.most,
            is_cancelled=watch.is_cancelled,
        )
    if model == Program.Model.PEER:
        return assign_circles(
            pool,
            least=found.least,
            most=found.most,
            is_cancelled=watch.is_cancelled,
        )
    return assign(
        pool,
        objective=found.objective,
        protect_weakest=found.protect_weakest,
        fixed=[
            (proposal.learners[0].participant_id, proposal.mentor.participant_id)
            for proposal in fixed_pairs(previous)
            if proposal.mentor is not None
        ],
        on_progress=watch.proving,
        is_cancelled=watch.is_cancelled,
    )


def obstacle(program: Program, pool: Pool, least: int) -> str:
    """Why matching cannot begin, and what to change; empty when it can."""
    people = program.participants.ready().filter(user__is_active=True)
    if not any(each.weight for each in pool.criteria):
        return _("No criterion counts. Give at least one a weight above 0.")
    if program.is_for_peers:
        if len(pool.mentees) < least:
            return _(
                "Only %(count)s peers are ready with a free place; a circle needs"
                " %(least)s. Invite peers, or allow smaller circles."
            ) % {"count": len(pool.mentees), "least": least}
        return ""
    if not pool.mentees:
        if people.filter(role=Role.MENTEE).exists():
            return _(
                "Every mentee who is ready has a mentor. There is nobody to match."
            )
        return _("Nobody waits for a mentor. Ask mentees to complete their profile.")
    if not pool.mentors:
        if people.filter(role=Role.MENTOR, capacity__gt=0).exists():
            return _(
                "Every mentor is full. Ask mentors for more room, or invite more of"
                " them."
            )
        return _("No mentor has a free place. Invite mentors or ask for more room.")
    if program.model == Program.Model.GROUP and len(pool.mentees) < least:
        return _(
            "Only %(count)s mentees are ready; a group needs %(least)s. Wait for more,"
            " or allow smaller groups."
        ) % {"count": len(pool.mentees), "least": least}
    return ""


def nobody_fits(pool: Pool, result: Result) -> str:
    """Why a round found no pair at all, and what to change."""
    lifts = {
        limits.facts["lift"]
        for limits in result.left_over.values()
        if "lift" in limits.facts
    }
    if lifts:
        names = ", ".join(label_of(key) for key in sorted(lifts))
        return _(
            "This must rules out every pair: %(names)s. Give it a weight instead of"
            " making it a must."
        ) % {"names": names}
    musts = [label_of(each.key) for each in pool.criteria if each.must]
    if len(musts) > 1:
        return _(
            "The musts together rule out every pair: %(names)s. Let go of one of them."
        ) % {"names": ", ".join(musts)}
    return _(
        "Every pair is ruled out: by exclusions, reporting lines, or because they were"
        " a match before. Take exclusions away, or invite other mentors."
    )


def line_as_row(line: Line) -> dict[str, Any]:
    """A line of a sum as it is kept."""
    return {
        "key": line.key,
        "weight": line.weight,
        "thousandths": round(1000 * line.fraction),
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
            "score": part.explanation.score,
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
    proposals: Iterable[Proposal], matches: Iterable[Match], *, peers: bool
) -> list[ProposalMember]:
    """Who is in each proposal; not saved."""
    found = []
    for proposal, match in zip(proposals, matches, strict=True):
        role = Role.PEER if peers else Role.MENTEE
        people = [(learner, role) for learner in match.learners]
        if match.mentor is not None:
            people.append((match.mentor, Role.MENTOR))
        found += [
            ProposalMember(proposal=proposal, participant_id=participant, role=each)
            for participant, each in people
        ]
    return found


def _store(found: Round, result: Result, pool: Pool) -> None:
    by_hand, approved = _as_they_were(found)
    proposals = Proposal.objects.bulk_create(
        [
            proposal_of(
                found,
                match,
                is_by_hand=(match.learners[0], match.mentor) in by_hand,
                overruled=by_hand.get((match.learners[0], match.mentor), []),
                state=Proposal.State.APPROVED
                if (match.learners[0], match.mentor) in approved
                else Proposal.State.PROPOSED,
            )
            for match in result.matches
        ],
        batch_size=500,
    )
    ProposalMember.objects.bulk_create(
        members_of(proposals, result.matches, peers=found.program.is_for_peers),
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
) -> tuple[dict[tuple[int, int | None], list[str]], set[tuple[int, int | None]]]:
    """Of the pairs that a rerun keeps: those made by hand, and those approved."""
    by_hand: dict[tuple[int, int | None], list[str]] = {}
    approved: set[tuple[int, int | None]] = set()
    for proposal in fixed_pairs(_kept_round(found)):
        if proposal.mentor is None:
            continue
        pair = (proposal.learners[0].participant_id, proposal.mentor.participant_id)
        if proposal.is_by_hand:
            by_hand[pair] = proposal.overruled
        if proposal.state == Proposal.State.APPROVED:
            approved.add(pair)
    return by_hand, approved


def _peak_memory() -> int:
    """The most memory that this process has had, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)


def fail_round(found: Round, problem: str) -> None:
    """Note why a round came to nothing, so that the next can begin."""
    Round.objects.filter(pk=found.pk, state=Round.State.RUNNING).update(
        state=Round.State.FAILED, problem=problem[:300]
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
