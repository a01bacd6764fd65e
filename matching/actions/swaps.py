"""Two pairs that change mentors with each other, and what that costs."""

from dataclasses import dataclass, replace

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from history.models import record
from matching.actions.decisions import (
    HARD,
    confirm_first,
    locked,
    never_together,
    pool_of,
    propose_by_hand,
    recount,
)
from matching.models import Proposal, ProposalMember
from matching.scoring import Explanation, Scorer
from mentoring.branding import worded
from people.models import User
from programs.models import Role


@dataclass(frozen=True)
class Swap:
    """Two proposals that exchange mentors: the sums before and after."""

    one: Proposal
    other: Proposal
    one_with: Explanation
    other_with: Explanation

    @property
    def before(self) -> int:
        return self.one.score + self.other.score

    @property
    def after(self) -> int:
        return self.one_with.total + self.other_with.total

    @property
    def cost(self) -> int:
        """Points that the whole loses; below zero it wins."""
        return self.before - self.after

    @property
    def gain(self) -> int:
        return max(0, -self.cost)

    @property
    def broken(self) -> list[str]:
        found = {*self.one_with.blocked_by, *self.other_with.blocked_by}
        return sorted(found - {"capacity"})

    @property
    def is_possible(self) -> bool:
        return not HARD & set(self.broken)


def plan_swap(one: Proposal, other: Proposal) -> Swap:
    """What it would be if these two mentees exchanged their mentors."""
    if one.mentor is None or other.mentor is None or one.round_id != other.round_id:
        raise ValidationError(_("Only two pairs of the same round can be swapped."))
    if len(one.learners) > 1 or len(other.learners) > 1:
        raise ValidationError(_("Only two pairs of the same round can be swapped."))
    people = [one.first, one.mentor, other.first, other.mentor]
    pool = pool_of(one.round, [each.participant_id for each in people])
    rows = {person.id: row for row, person in enumerate(pool.mentees)}
    columns = {person.id: column for column, person in enumerate(pool.mentors)}
    if one.mentor.participant_id == other.mentor.participant_id:
        raise ValidationError(
            worded(_("There is nothing to swap: they share their %(mentor_word)s."))
        )
    scorer = Scorer(pool)
    return Swap(
        one,
        other,
        scorer.explain(
            rows[one.first.participant_id], columns[other.mentor.participant_id]
        ),
        scorer.explain(
            rows[other.first.participant_id], columns[one.mentor.participant_id]
        ),
    )


@dataclass(frozen=True)
class Swappable:
    """A pair with which another one can swap; ``cost`` in points for the whole, and
    ``None`` where it breaks a limit.
    """

    proposal: int
    score: int
    mentee: str
    mentor: str
    cost: int | None

    @property
    def gain(self) -> int:
        return max(0, -(self.cost or 0))


def swap_costs(one: Proposal, others: QuerySet[Proposal]) -> list[Swappable]:
    """What a swap would cost with each of these that has another mentor."""
    assert one.mentor is not None
    mine, my_mentor = one.first.participant_id, one.mentor.participant_id
    members = ProposalMember.objects.filter(proposal__in=others.values("pk"))
    pairs: dict[int, dict[str, tuple[int, str]]] = {}
    scores: dict[int, int] = {}
    for proposal, score, role, participant, name in members.order_by("pk").values_list(
        "proposal", "proposal__score", "role", "participant", "participant__user__name"
    ):
        pairs.setdefault(proposal, {})[role] = (participant, name)
        scores[proposal] = score
    pool = pool_of(
        one.round,
        ProposalMember.objects.filter(
            Q(proposal=one) | Q(proposal__in=others.values("pk"))
        ).values("participant"),
    )
    # Whose places are taken is of no matter: they are exchanged.
    pool = replace(
        pool,
        mentees=[replace(person, capacity=1) for person in pool.mentees],
        mentors=[replace(person, capacity=1) for person in pool.mentors],
    )
    rows = {person.id: row for row, person in enumerate(pool.mentees)}
    columns = {person.id: column for column, person in enumerate(pool.mentors)}
    # Of the whole table one row and one column are asked for.
    with_theirs = Scorer(replace(pool, mentees=[pool.mentees[rows[mine]]])).block(
        np.arange(1)
    )
    with_mine = Scorer(replace(pool, mentors=[pool.mentors[columns[my_mentor]]])).block(
        np.arange(len(rows))
    )
    found = []
    for proposal, pair in pairs.items():
        mentee, mentee_name = pair[Role.MENTEE]
        mentor, mentor_name = pair[Role.MENTOR]
        if mentor == my_mentor:
            continue
        after = int(with_theirs[0, columns[mentor]]), int(with_mine[rows[mentee], 0])
        found.append(
            Swappable(
                proposal,
                scores[proposal],
                mentee_name,
                mentor_name,
                None if min(after) < 0 else one.score + scores[proposal] - sum(after),
            )
        )
    return found


@transaction.atomic
def swap(one: Proposal, other: Proposal, *, overrule: bool, by: User) -> None:
    """Exchange the mentors of two proposals."""
    found = locked(one.round)
    if Proposal.State.PUBLISHED in {one.state, other.state}:
        raise ValidationError(_("A published match stays as it is."))
    planned = plan_swap(one, other)
    if not planned.is_possible:
        raise ValidationError(never_together())
    if planned.broken and not overrule:
        raise ValidationError(confirm_first())
    assert one.mentor is not None
    assert other.mentor is not None
    pairs = [
        (one.first.participant_id, other.mentor.participant_id, planned.one_with),
        (other.first.participant_id, one.mentor.participant_id, planned.other_with),
    ]
    gone = Proposal.objects.filter(pk__in=[one.pk, other.pk], round=found).exclude(
        state=Proposal.State.PUBLISHED
    )
    if gone.count() != len(pairs):
        raise ValidationError(_("Somebody changed one of them in the meantime."))
    gone.delete()
    for mentee, mentor, explanation in pairs:
        propose_by_hand(found, mentee, mentor, explanation)
    recount(found)
    record(found, "swapped", by=by)
