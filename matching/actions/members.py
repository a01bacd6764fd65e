"""Who is in a group or circle: moved, swapped, fixed or taken out by hand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, Q, QuerySet
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from history.models import record
from matching.actions.decisions import (
    HARD,
    all_here,
    confirm_first,
    exclude,
    locked,
    matched_already,
    never_together,
    pool_of,
    recount,
)
from matching.actions.rounds import limits_broken, proposal_of
from matching.models import LEARNERS, LeftOver, Proposal, ProposalMember, Round
from matching.results import Part
from matching.scoring import Scorer
from matching.together import match_of, mean_of, worth_of
from people.models import User
from programs.models import Participant, Program, Role

# Of a group or circle each of these is somebody who may be moved.
TOGETHER = frozenset({Program.Model.GROUP, Program.Model.PEER})


def open_groups(found: Round) -> QuerySet[Proposal]:
    """The groups or circles of a round in which people can still be moved."""
    return (
        found.proposals.filter(state__in=Proposal.OPEN)
        .prefetch_related("members__participant__user__employment")
        .order_by("pk")
    )


@dataclass(frozen=True)
class Change:
    """What it would be to move somebody, or to swap two: the points, and the limits."""

    before: int
    after: int
    # Of whoever comes into a group with those who are in it.
    parts: tuple[Part, ...] = ()
    # Why it cannot be, in a sentence; empty when it can.
    problem: str = ""

    @property
    def cost(self) -> int:
        """Points that the whole loses; below zero it wins."""
        return self.before - self.after

    @property
    def gain(self) -> int:
        return -self.cost

    @property
    def fit(self) -> int:
        """How well who comes fits those who are there: the mean of the sums."""
        points = [part.explanation.total for part in self.parts]
        return mean_of(points) if points else 0

    @property
    def broken(self) -> list[str]:
        return limits_broken(self.parts)

    @property
    def is_possible(self) -> bool:
        return not self.problem and not HARD & set(self.broken)


@dataclass
class Desk:
    """A round of groups or circles on the table, with somebody to find a place for."""

    round: Round
    person: Participant
    groups: list[Proposal] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.round.program.model not in TOGETHER:
            raise ValidationError(_("In this programme people are matched in pairs."))
        self.groups = list(open_groups(self.round))

    @cached_property
    def now(self) -> Proposal | None:
        """Where they are in this round."""
        return next(
            (each for each in self.groups if self.person.pk in learners_of(each)), None
        )

    @cached_property
    def scorer(self) -> Scorer:
        people = {self.person.pk}
        for group in self.groups:
            people |= {member.participant_id for member in group.members.all()}
        pool = pool_of(self.round, sorted(people))
        # Whose places are taken is of no matter: nobody gets one more.
        free = [replace(person, capacity=1) for person in pool.mentees]
        if pool.mentees is pool.mentors:
            return Scorer(replace(pool, mentees=free, mentors=free))
        leads = [replace(person, capacity=1) for person in pool.mentors]
        return Scorer(replace(pool, mentees=free, mentors=leads))

    @cached_property
    def table(self) -> NDArray[Any]:
        """The points of every two; below zero where a limit stands."""
        return self.scorer.block(np.arange(len(self.scorer.pool.mentees)))

    @cached_property
    def rows(self) -> dict[int, int]:
        pool = self.scorer.pool
        return {person.id: row for row, person in enumerate(pool.mentees)}

    @cached_property
    def columns(self) -> dict[int, int]:
        pool = self.scorer.pool
        return {person.id: column for column, person in enumerate(pool.mentors)}

    def move(self, to: Proposal) -> Change:
        """What it would be if they went to another group."""
        now = self.now
        here = learners_of(now) if now else []
        there = learners_of(to)
        if now is not None and now.pk == to.pk:
            return Change(0, 0, problem=_("They are in this group already."))
        before = self._points(now, here) + self._points(to, there)
        rest = [each for each in here if each != self.person.pk]
        after = self._points(now, rest) + self._points(to, [*there, self.person.pk])
        problem = self.too_small(len(rest)) if here else ""
        if len(there) >= self.round.most:
            problem = _(
                "This group is full: %(most)s is the most. Swap with somebody in it."
            ) % {"most": self.round.most}
        parts = self._parts(to, there, self.person.pk)
        return Change(before, after, parts, problem)

    def swap(self, other: Participant) -> Change:
        """What it would be if two people of two groups changed places."""
        now = self.now
        to = next((g for g in self.groups if other.pk in learners_of(g)), None)
        if now is None or to is None or now.pk == to.pk:
            problem = _("Only two people of two groups can be swapped.")
            return Change(0, 0, problem=problem)
        mine, theirs = learners_of(now), learners_of(to)
        before = self._points(now, mine) + self._points(to, theirs)
        mine = [each for each in mine if each != self.person.pk]
        theirs = [each for each in theirs if each != other.pk]
        after = self._points(now, [*mine, other.pk]) + self._points(
            to, [*theirs, self.person.pk]
        )
        parts = self._parts(to, theirs, self.person.pk) + self._parts(
            now, mine, other.pk
        )
        return Change(before, after, parts)

    def too_small(self, size: int) -> str:
        if not 0 < size < self.round.least:
            return ""
        return _(
            "The group they leave would have %(size)s, and %(least)s is the fewest."
            " Swap instead, or reject that whole group."
        ) % {"size": size, "least": self.round.least}

    def _two(self, one: int, other: int) -> int:
        """The points of two, also where a limit stands between them."""
        row, column = self.rows[one], self.columns[other]
        points = int(self.table[row, column])
        return points if points >= 0 else self.scorer.explain(row, column).total

    def _points(self, group: Proposal | None, learners: list[int]) -> int:
        """What a group is worth to the total with these people in it."""
        if group is None:
            return 0
        leader = group.mentor
        if leader is not None:
            points = [self._two(each, leader.participant_id) for each in learners]
            return worth_of(points, is_led=True)
        both = [
            points
            for n, one in enumerate(learners)
            for other in learners[n + 1 :]
            for points in (self._two(one, other), self._two(other, one))
        ]
        return worth_of(both, is_led=False)

    def _parts(
        self, group: Proposal, learners: list[int], comes: int
    ) -> tuple[Part, ...]:
        """The sums of who comes with those who are there."""
        leader = group.mentor
        if leader is not None:
            return match_of(self.scorer, [comes], leader.participant_id).parts
        return tuple(
            part
            for each in learners
            for part in match_of(self.scorer, [comes, each], None).parts
        )


def learners_of(group: Proposal) -> list[int]:
    """Who is in it, apart from who leads it, by participant."""
    return [each.participant_id for each in group.learners]


@transaction.atomic
def move_member(
    found: Round,
    person: Participant,
    to: Proposal,
    *,
    overrule: bool,
    by: User,
) -> None:
    """Put somebody in a group by hand: out of another one, or who is left over.

    They are fixed there. A limit is refused unless ``overrule``; sizes cannot be
    overruled, nor that somebody is above the other.
    """
    desk = _desk(found, person)
    there = _still_open(desk, to)
    _allowed(desk.move(there), overrule=overrule)
    all_here([person])
    # Who is faster has the last place: the group is counted in the same statement.
    has_room = Exists(
        Proposal.objects.filter(pk=there.pk, state__in=Proposal.OPEN)
        .annotate(size=Count("members", Q(members__role__in=LEARNERS)))
        .filter(size__lt=found.most)
    )
    now = desk.now
    if now is not None:
        moved = ProposalMember.objects.filter(
            has_room, proposal=now, participant=person
        ).update(proposal=there, is_fixed=True)
    elif person.room < 1:
        raise ValidationError(matched_already(person))
    else:
        role = Role.PEER if found.program.is_for_peers else Role.MENTEE
        _new, moved = ProposalMember.objects.get_or_create(
            proposal=there,
            participant=person,
            defaults={"role": role, "is_fixed": True},
        )
    if not moved:
        raise ValidationError(_changed())
    found.left_over.filter(participant=person).delete()
    _count_again(desk, [there] if now is None else [there, now], made=[there])
    record(found, "moved somebody", by=by)


@transaction.atomic
def swap_members(
    found: Round,
    person: Participant,
    other: Participant,
    *,
    overrule: bool,
    by: User,
) -> None:
    """Two people of two groups change places. Both are fixed where they come."""
    desk = _desk(found, person)
    _allowed(desk.swap(other), overrule=overrule)
    all_here([person, other])
    now = desk.now
    to = next(group for group in desk.groups if other.pk in learners_of(group))
    assert now is not None
    for one, leaves, comes in ((person, now, to), (other, to, now)):
        if not ProposalMember.objects.filter(proposal=leaves, participant=one).update(
            proposal=comes, is_fixed=True
        ):
            raise ValidationError(_changed())
    _count_again(desk, [now, to], made=[now, to])
    record(found, "swapped two", by=by)


@transaction.atomic
def fix_member(group: Proposal, person: Participant, *, fixed: bool, by: User) -> None:
    """A rerun leaves them with the mentor of this group, or is free again to move them.

    A circle has nobody to stay with: it is approved as a whole.
    """
    locked(group.round)
    changed = ProposalMember.objects.filter(
        proposal=group,
        proposal__state__in=Proposal.OPEN,
        proposal__round__program__model=Program.Model.GROUP,
        participant=person,
        role=Role.MENTEE,
    ).update(is_fixed=fixed)
    if not changed:
        raise ValidationError(_changed())
    record(group.round, "fixed somebody" if fixed else "freed somebody", by=by)


@transaction.atomic
def take_out(
    group: Proposal,
    person: Participant,
    *,
    never_with: Participant | None = None,
    by: User,
) -> None:
    """Take somebody out of a group: not this time, or never with one of those in it.

    They are left over until they are moved; a rerun does not bring them together again.
    """
    found = group.round
    desk = _desk(found, person)
    now = _still_open(desk, group)
    here = learners_of(now)
    if person.pk not in here:
        raise ValidationError(_changed())
    leader = now.mentor
    with_whom = [leader.participant_id] if leader else here
    not_with = [each for each in with_whom if each != person.pk]
    if never_with is not None and never_with.pk not in not_with:
        raise ValidationError(_changed())
    if problem := desk.too_small(len(here) - 1):
        raise ValidationError(problem)
    if never_with is not None:
        exclude(found.program, person.user, never_with.user, by=by)
    if not ProposalMember.objects.filter(proposal=now, participant=person).delete()[0]:
        raise ValidationError(_changed())
    LeftOver.objects.update_or_create(
        round=found,
        participant=person,
        defaults={
            "limit": LeftOver.Limit.TAKEN_OUT,
            "facts": {"not_with": not_with},
        },
    )
    _count_again(desk, [now])
    record(found, "took somebody out", by=by)


def _desk(found: Round, person: Participant) -> Desk:
    """The table as it is now, with the round locked for a change."""
    return Desk(locked(found), person)


def _still_open(desk: Desk, group: Proposal) -> Proposal:
    """The group as it is now; refused when it is decided on for good."""
    for each in desk.groups:
        if each.pk == group.pk:
            return each
    raise ValidationError(_changed())


def _changed() -> str:
    return _("Somebody changed this in the meantime. This is how it is now.")


def _allowed(change: Change, *, overrule: bool) -> None:
    if change.problem:
        raise ValidationError(change.problem)
    if not change.is_possible:
        raise ValidationError(never_together())
    if change.broken and not overrule:
        raise ValidationError(confirm_first())


def _count_again(
    desk: Desk, groups: Iterable[Proposal], *, made: Collection[Proposal] = ()
) -> None:
    """The sums of groups that were changed, and the total. They are to decide anew.

    Circles in ``made`` are by hand from now on: a rerun keeps them as they are.
    """
    found = desk.round
    for group in Proposal.objects.filter(
        pk__in=[each.pk for each in groups]
    ).prefetch_related("members"):
        learners = learners_of(group)
        if not learners:
            group.delete()
            continue
        leader = group.mentor
        match = match_of(
            desk.scorer, learners, leader.participant_id if leader else None
        )
        counted = proposal_of(found, match)
        Proposal.objects.filter(pk=group.pk).update(
            score=counted.score,
            lines=counted.lines,
            parts=counted.parts,
            overruled=limits_broken(match.parts),
            state=Proposal.State.PROPOSED,
            is_by_hand=group.is_by_hand or (leader is None and group in made),
        )
    recount(found)
