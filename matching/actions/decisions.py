"""What a coordinator makes of the proposals: approve, hold, never, two by hand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history.models import record
from matching.actions.rounds import members_of, proposal_of, still_matches
from matching.models import (
    LEARNERS,
    Exclusion,
    LeftOver,
    Proposal,
    ProposalMember,
    Round,
)
from matching.pool import load_pool
from matching.results import Match, Part
from matching.scoring import Explanation, Pool, Scorer
from matching.together import worth_of
from people.models import User
from programs.models import Participant, Program

# What nobody can overrule; the rest is a warning that can be accepted.
HARD = frozenset({"self", "reporting_line", "excluded"})


def never_together() -> str:
    return _(
        "These two can never be matched: the same person, a reporting line, or an"
        " exclusion stands between them."
    )


def confirm_first() -> str:
    return _("A limit is broken by this. Confirm that you want it all the same.")


def matched_already(person: Participant) -> str:
    return _("%(name)s has a match already.") % {"name": person.user.name}


@transaction.atomic
def exclude(program: Program, one: User, other: User, *, by: User) -> None:
    """Never match these two in this programme."""
    a, b = sorted((one, other), key=lambda user: user.pk)
    Exclusion.objects.get_or_create(program=program, a=a, b=b, defaults={"by": by})
    record(program, "excluded two", by=by)


@transaction.atomic
def decide(proposal: Proposal, decision: str, *, by: User) -> bool:
    """Approve, hold, reject, "never", or take that back. False when it was too late.

    Whose proposal is rejected is left over, and first in line next time. Raises
    ``ValidationError`` when somebody of a rejected one is in another by now, or when
    nobody is matched in the programme any more.
    """
    if not proposal.round.lock():
        return False
    still_matches(proposal.round.program)
    # A change by hand may have put other people together, and taken this one away.
    now = Proposal.objects.filter(pk=proposal.pk).values_list("state", flat=True)
    if (before := now.first()) is None:
        return False
    proposal.state = before
    state = {"never": Proposal.State.REJECTED}.get(decision, decision)
    if state != Proposal.State.REJECTED:
        _in_no_other(proposal)
    if not proposal.decide(state):
        return False
    _count_left_over(proposal, is_rejected=state == Proposal.State.REJECTED)
    if Proposal.State.REJECTED in {state, proposal.state}:
        recount(proposal.round)
    if decision == "never":
        users = [member.participant.user for member in proposal.members.all()]
        for n, one in enumerate(users):
            for other in users[n + 1 :]:
                exclude(proposal.round.program, one, other, by=by)
    return True


def _elsewhere(proposal: Proposal) -> QuerySet[ProposalMember]:
    """Who learns in it and stands in another proposal of the round too."""
    others = proposal.round.proposals.exclude(pk=proposal.pk)
    return ProposalMember.objects.filter(
        proposal__in=others.exclude(state=Proposal.State.REJECTED),
        participant__in=[each.participant_id for each in proposal.learners],
        role__in=LEARNERS,
    )


def _in_no_other(proposal: Proposal) -> None:
    if proposal.state != Proposal.State.REJECTED:
        return
    other = _elsewhere(proposal).select_related("participant__user").first()
    if other is None:
        return
    if proposal.parts:
        why = _(
            "%(name)s is in another group of this round by now. Take them out first."
        )
    else:
        why = _(
            "%(name)s has another proposal in this round by now. Reject that one first."
        )
    raise ValidationError(why % {"name": other.participant.user.name})


def _count_left_over(proposal: Proposal, *, is_rejected: bool) -> None:
    """Who loses a match by it stands in the list of who is left over, and not else."""
    learners = {each.participant_id for each in proposal.learners}
    if not is_rejected:
        proposal.round.left_over.filter(participant__in=learners).delete()
        return
    elsewhere = _elsewhere(proposal).values_list("participant", flat=True)
    LeftOver.objects.bulk_create(
        (
            LeftOver(
                round=proposal.round,
                participant_id=each,
                limit=LeftOver.Limit.TAKEN_OUT,
            )
            for each in sorted(learners.difference(elsewhere))
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def approve_rest(found: Round, *, at_least: int = 0) -> int:
    """Approve what is still to decide and can begin; how many that were. Raises
    ``ValidationError`` when nobody is matched in the programme any more.
    """
    if not found.lock():
        return 0
    still_matches(found.program)
    return (
        found.proposals.filter(state=Proposal.State.PROPOSED, score__gte=at_least)
        .exclude(pk__in=found.proposals.stuck().values("pk"))
        .order_by()
        .update(state=Proposal.State.APPROVED)
    )


def pool_of(found: Round, participants: Collection[int] | QuerySet) -> Pool:
    """These participants, weighed by the criteria of the round."""
    return load_pool(
        found.program, only=participants, criteria=found.settings.get("criteria")
    )


@dataclass(frozen=True)
class PairCheck:
    """Two participants of a round: their sum, and what putting them together costs."""

    mentee: Participant
    mentor: Participant
    explanation: Explanation
    back: Explanation | None  # among peers the sum the other way round
    now: Proposal | None  # what the mentee has in this round
    score_now: int | None
    full: bool  # whether the mentor's places in this round are all taken
    cost_people: int
    cost_points: int

    @property
    def blocked(self) -> list[str]:
        """The limits that stand in the way, apart from places."""
        return [key for key in self.explanation.blocked_by if key != "capacity"]

    @property
    def hard(self) -> list[str]:
        return [key for key in self.blocked if key in HARD]

    @property
    def has_match(self) -> bool:
        """Whether the mentee has no place for another one."""
        return self.mentee.room < 1

    @property
    def is_together(self) -> bool:
        return self.now is not None and any(
            member.participant_id == self.mentor.pk for member in self.now.members.all()
        )


def check_pair(found: Round, mentee: Participant, mentor: Participant) -> PairCheck:
    """Why these two are together, or why they are not."""
    pool = pool_of(found, [mentee.pk, mentor.pk])
    rows = {person.id: row for row, person in enumerate(pool.mentees)}
    columns = {person.id: column for column, person in enumerate(pool.mentors)}
    scorer = Scorer(pool)
    explanation = scorer.explain(rows[mentee.pk], columns[mentor.pk])
    back = None
    if found.program.is_for_peers:
        back = scorer.explain(rows[mentor.pk], columns[mentee.pk])
    now = (
        found.proposals.filter(members__participant=mentee)
        .exclude(state=Proposal.State.REJECTED)
        .prefetch_related("members")
        .first()
    )
    people, points = _cost(found, mentee.pk, mentor.pk, explanation.total)
    return PairCheck(
        mentee=mentee,
        mentor=mentor,
        explanation=explanation,
        back=back,
        now=now,
        score_now=now.score if now else None,
        full=_places_used(found, mentor) >= mentor.room,
        cost_people=people,
        cost_points=points,
    )


def _cost(found: Round, mentee: int, mentor: int, score: int) -> tuple[int, int]:
    """What the whole loses at the least by putting these two together: people, points.

    By the prices that prove the result: what the mentee and the mentor's place are
    worth elsewhere, less what they are worth together.
    """
    prices = found.prices or {}
    u = prices.get("mentees", {}).get(str(mentee), 0)
    v = prices.get("mentors", {}).get(str(mentor), 0)
    bonus = prices.get("bonus", 0)
    cost = max(0, u + v - score - bonus)
    if not bonus:
        return 0, cost
    people = (cost + bonus // 2) // bonus
    return people, cost - people * bonus


def _places_used(found: Round, mentor: Participant) -> int:
    return (
        found.proposals.filter(members__participant=mentor)
        .exclude(state__in=[Proposal.State.REJECTED, Proposal.State.PUBLISHED])
        .count()
    )


def locked(found: Round) -> Round:
    """The round, locked for a change where the database can. Refused unless it is
    ``READY``, in a programme in which people are matched now.
    """
    if not found.lock():
        raise ValidationError(_("This round is not open for changes any more."))
    still_matches(found.program)
    return found


@transaction.atomic
def fix_pair(
    found: Round,
    mentee: Participant,
    mentor: Participant,
    *,
    overrule: bool,
    by: User,
) -> Proposal:
    """Put two people together by hand, in place of what the mentee has.

    A limit that stands in the way is refused unless ``overrule``; some cannot be
    overruled at all. What the mentee had goes back to whoever is left over.
    """
    locked(found)
    if found.program.model in {Program.Model.PEER, Program.Model.GROUP}:
        raise ValidationError(_("Choose a group or circle for them instead."))
    check = check_pair(found, mentee, mentor)
    if check.is_together:
        raise ValidationError(_("These two are together already."))
    if check.now is not None and check.now.state == Proposal.State.PUBLISHED:
        raise ValidationError(
            _("%(name)s has a published match.") % {"name": mentee.user.name}
        )
    if check.has_match:
        raise ValidationError(matched_already(mentee))
    if check.hard:
        raise ValidationError(never_together())
    all_here([mentee, mentor])
    if check.full:
        raise ValidationError(
            _(
                "%(name)s has no free place in this round. Reject one of the proposals"
                " with %(name)s first, or swap."
            )
            % {"name": mentor.user.name}
        )
    if check.blocked and not overrule:
        raise ValidationError(confirm_first())
    if check.now is not None:
        check.now.delete()
    found.left_over.filter(participant=mentee).delete()
    proposal = propose_by_hand(found, mentee.pk, mentor.pk, check.explanation)
    recount(found)
    record(found, "fixed a pair by hand", by=by)
    return proposal


def all_here(people: Iterable[Participant]) -> None:
    """Refuse, by name, when somebody has gone since the round."""
    for each in people:
        if each.left_at is not None or not each.user.is_active:
            raise ValidationError(
                _("%(name)s no longer takes part.") % {"name": each.user.name}
            )


def propose_by_hand(
    found: Round, mentee: int, mentor: int, explanation: Explanation
) -> Proposal:
    """A proposal of a coordinator's own, with the limits that it breaks."""
    match = Match(
        (mentee,), mentor, explanation.total, (Part(mentee, mentor, explanation),)
    )
    proposal = proposal_of(
        found,
        match,
        is_by_hand=True,
        overruled=[key for key in explanation.blocked_by if key != "capacity"],
    )
    proposal.save()
    ProposalMember.objects.bulk_create(members_of([proposal], [match], peers=False))
    return proposal


def recount(found: Round) -> None:
    """The total after a change by hand; the bound stays, and so the gap is honest."""
    kept = found.proposals.exclude(state=Proposal.State.REJECTED)
    total = sum(
        worth_of(
            [part["score"] for part in parts],
            is_led=not found.program.is_for_peers,
        )
        if parts
        else score
        for score, parts in kept.values_list("score", "parts")
    )
    matched = ProposalMember.objects.filter(
        proposal__in=kept, role__in=LEARNERS
    ).count()
    Round.objects.filter(pk=found.pk).update(total=total, matched=matched)
    found.refresh_from_db(fields=["total", "matched"])
