"""One matching of the whole pool: the round, what it proposes, who is left over."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentoring.branding import worded
from mentorships.models import Mentorship
from people.models import User
from programs.models import Participant, Program, Role

# Who is put somewhere, rather than who leads.
LEARNERS = (Role.MENTEE, Role.PEER)


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> "RoundQuerySet":
        """Those of programmes that one runs."""
        return self.filter(program__in=Program.objects.managed_by(user))

    def light(self) -> "RoundQuerySet":
        """Without the prices of everybody, which only a few pages need."""
        return self.defer("prices")


class Round(models.Model):
    """One time that the whole pool was matched: with what, by whom, and the result."""

    class Objective(models.TextChoices):
        MOST_MATCHED = "most_matched", _("most people matched")
        BEST_TOTAL = "best_total", _("best total fit")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        READY = "ready", _("to review")
        PUBLISHED = "published", _("published")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")

    # From which state an action leads to which: docs/states.md is made from this.
    TRANSITIONS = {
        "finish": ({"running"}, "ready"),
        "stop": ({"running"}, "stopped"),
        "fail": ({"running"}, "failed"),
        "publish": ({"ready"}, "published"),
        "take back": ({"published"}, "ready"),
    }

    class Stage(models.TextChoices):
        READING = "reading", _("Reading who takes part")
        SCORING = "scoring", _("Scoring everybody with everybody")
        PROVING = "proving", _("Proving that there is nothing better")
        STORING = "storing", _("Writing the proposals down")

    program = models.ForeignKey(Program, models.PROTECT, related_name="rounds")
    objective = models.CharField(
        _("what comes first"),
        max_length=12,
        choices=Objective,
        default=Objective.MOST_MATCHED,
    )
    protect_weakest = models.BooleanField(_("protect the weakest match"), default=True)
    # The fewest and the most in a group or circle; for pairs of no matter.
    least = models.PositiveSmallIntegerField(_("at least how many together"), default=3)
    most = models.PositiveSmallIntegerField(_("at most how many together"), default=8)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.READING)
    progress = models.PositiveSmallIntegerField(default=0)
    # The criteria as they were, so that an old sum can still be followed.
    settings = models.JSONField(default=dict)
    total = models.BigIntegerField(null=True)
    upper_bound = models.BigIntegerField(null=True)
    matched = models.PositiveIntegerField(null=True)
    matched_bound = models.PositiveIntegerField(null=True)
    floor = models.PositiveSmallIntegerField(default=0)
    is_floor_proven = models.BooleanField(default=True)
    seconds = models.FloatField(null=True)
    memory_mb = models.PositiveIntegerField(null=True)
    # What everybody's place is worth: {"bonus", "mentees": {id: points}, "mentors": …}
    prices = models.JSONField(default=dict)
    # Why it came to nothing: a key, and what is known; matching/obstacles.py says it.
    problem = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    # Whether joining was closed with what was published last; taken back with it.
    closed_joining = models.BooleanField(default=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(state="running"),
                name="one_running_round_per_program",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="round_progress_within_100"
            ),
            models.CheckConstraint(
                condition=Q(least__gte=2) & Q(most__gte=models.F("least")),
                name="round_least_within_most",
                violation_error_message=_(
                    "Two people at least, and the most is not below the fewest."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matching:round_detail", args=[self.pk])

    def lock(self) -> bool:
        """Take its row for a change, where the database can, before any proposal of it:
        whoever is second waits here. Whether it is ``READY`` still.
        """
        states = Round.objects.select_for_update().values_list("state", flat=True)
        return states.get(pk=self.pk) == self.State.READY

    @property
    def is_done(self) -> bool:
        """Whether there are proposals to look at."""
        return self.state in {self.State.READY, self.State.PUBLISHED}

    @property
    def gap(self) -> int | None:
        """Points between the result and what nobody could do better than.

        Who overrules a limit by hand may come above it; then there is none.
        """
        if self.total is None or self.upper_bound is None:
            return None
        return max(0, self.upper_bound - self.total)

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists: in people, then in points."""
        return (
            self.gap == 0
            and self.is_floor_proven
            and (
                self.objective != self.Objective.MOST_MATCHED
                or self.matched == self.matched_bound
            )
        )

    @property
    def verdict(self) -> str:
        """How good the result is, in words that somebody can pass on."""
        if self.is_proven:
            return gettext(
                "Proven best possible: with these criteria there is no better way to"
                " match these people."
            )
        if self.gap:
            return gettext("At most %(gap)s points better is possible.") % {
                "gap": number_format(self.gap, force_grouping=True)
            }
        return gettext("The points are the best possible for this number of people.")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def stuck(self) -> "ProposalQuerySet":
        """Not published, and no longer to be: somebody in it has no place, or left."""
        return self.filter(_cannot_begin(), state__in=Proposal.OPEN)

    def to_decide(self) -> "ProposalQuerySet":
        """Neither approved nor rejected, and everybody in it can still begin."""
        undecided = [Proposal.State.PROPOSED, Proposal.State.HELD]
        return self.filter(~_cannot_begin(), state__in=undecided)

    def to_publish(self) -> "ProposalQuerySet":
        """Approved, and everybody in it can still begin."""
        return self.filter(~_cannot_begin(), state=Proposal.State.APPROVED)


def _cannot_begin() -> Exists:
    """Of a proposal: that some member is one of whom no place can be claimed."""
    able = (
        Participant.objects.active()
        .not_pausing()
        .with_room()
        .filter(
            Exists(User.objects.working_here().filter(pk=OuterRef("user"))),
            pk=OuterRef("participant"),
        )
    )
    return Exists(ProposalMember.objects.filter(~Exists(able), proposal=OuterRef("pk")))


class Proposal(models.Model):
    """People whom a round puts together, and the sum that says why."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to decide")
        APPROVED = "approved", _("approved")
        HELD = "held", _("on hold")
        REJECTED = "rejected", _("rejected")
        PUBLISHED = "published", _("published")

    # From which state an action leads to which: docs/states.md is made from this.
    TRANSITIONS = {
        "approve": ({"proposed", "held", "rejected"}, "approved"),
        "hold": ({"proposed", "approved", "rejected"}, "held"),
        "reject": ({"proposed", "approved", "held"}, "rejected"),
        "decide again": ({"approved", "held", "rejected"}, "proposed"),
        "publish": ({"approved"}, "published"),
        "take back": ({"published"}, "approved"),
    }

    # What a person may make of it, and take back, until it is published.
    DECISIONS = frozenset({"proposed", "approved", "held", "rejected"})
    # Of which somebody may still change who is in it.
    OPEN = frozenset({"proposed", "approved", "held"})

    round = models.ForeignKey(Round, models.CASCADE, related_name="proposals")
    score = models.PositiveSmallIntegerField()
    # [{"key", "weight", "millionths", "is_known", "points", "mentee", "mentor"}, …]
    lines = models.JSONField(default=list)
    # Of a group or circle the sum of each two: [{"one", "other", "score", "lines"}, …]
    parts = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    # Put together by a person; a rerun keeps it as it keeps what is approved.
    is_by_hand = models.BooleanField(default=False)
    # The limits that the person who did so chose to overrule.
    overruled = models.JSONField(default=list)
    mentorship = models.OneToOneField(
        Mentorship, models.SET_NULL, null=True, related_name="proposal"
    )
    published_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        indexes = [models.Index(fields=["round", "state", "score"])]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matching:proposal_detail", args=[self.pk])

    def _in_role(self, *roles: str) -> "list[ProposalMember]":
        return [each for each in self.members.all() if each.role in roles]

    @property
    def mentor(self) -> "ProposalMember | None":
        """Whom the others learn from; nobody among peers."""
        return next(iter(self._in_role(Role.MENTOR)), None)

    @property
    def mentee(self) -> "ProposalMember | None":
        """The mentee of a pair, or the first of several."""
        return next(iter(self.learners), None)

    @property
    def learners(self) -> "list[ProposalMember]":
        return self._in_role(*LEARNERS)

    @property
    def first(self) -> "ProposalMember":
        """The one whom a list names first."""
        return self.learners[0]

    @property
    def others(self) -> "list[ProposalMember]":
        """The rest, the mentor foremost."""
        mentor = self.mentor
        rest = [each for each in self.learners if each.pk != self.first.pk]
        return [mentor, *rest] if mentor else rest

    @property
    def why_stuck(self) -> list[str]:
        """Why it can no longer be published, a sentence for each person."""
        if self.state not in self.OPEN:
            return []
        found = [each.participant.why_no_place for each in self.members.all()]
        return [why for why in found if why]

    def decide(self, state: str) -> bool:
        """Approve, hold, reject, or take that back; a published one stays.

        True if it did.
        """
        assert state in self.DECISIONS
        # The round is asked for apart: whoever is second looks again at this row alone.
        ready = Round.objects.filter(pk=OuterRef("round"), state=Round.State.READY)
        changed = (
            Proposal.objects.filter(Exists(ready), pk=self.pk)
            .exclude(state=self.State.PUBLISHED)
            .update(state=state)
        )
        return bool(changed)


class ProposalMember(models.Model):
    """A participant in a proposal, in a role."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="members")
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="proposed_in"
    )
    role = models.CharField(max_length=12, choices=Role)
    # Put in this group by a person; a rerun leaves them with its mentor.
    is_fixed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "participant"], name="proposal_member_once"
            )
        ]


class LeftOver(models.Model):
    """Somebody for whom a round found nobody, and the limit that keeps them out."""

    class Limit(models.TextChoices):
        NO_MENTORS = (
            "no_mentors",
            worded(_("There is no %(mentor_word)s with a free place.")),
        )
        FORBIDDEN = (
            "forbidden",
            worded(
                _(
                    "All %(mentors_word)s with a free place are ruled out by a hard"
                    " limit."
                )
            ),
        )
        CAPACITY = (
            "capacity",
            worded(
                _(
                    "The %(mentors_word)s who fit are full; one more place with one of"
                    " them helps."
                )
            ),
        )
        BELOW_FLOOR = "below_floor", _("No match reaches the lowest score you allow.")
        AWAY = "away", _("They are away while the mentorship would begin.")
        GROUP = "group", _("No group with a place for them could be filled.")
        TAKEN_OUT = "taken_out", _("You took them out; a new round looks again.")

    round = models.ForeignKey(Round, models.CASCADE, related_name="left_over")
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="left_over_in"
    )
    limit = models.CharField(max_length=12, choices=Limit)
    # What is known: "mentor", "score", "more_people", "more_points"; for those whom
    # every limit rules out "blocked" (how many mentors by which) and "lift"; and for
    # those who are away "until". Of those taken out by hand "not_with" whom this time.
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["participant__user__name_folded", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "participant"], name="left_over_once_per_round"
            )
        ]


def most_together(program: Program) -> int:
    """How many each place of a mentor holds: in groups as in the last round."""
    if program.model != Program.Model.GROUP:
        return 1
    last = program.rounds.values_list("most", flat=True).first()
    return last or int(Round._meta.get_field("most").default)


def fixed_pairs(previous: "Round | None") -> "list[Proposal]":
    """What a rerun keeps: the approved, and those a person put together."""
    if previous is None:
        return []
    kept: Any = Q(state=Proposal.State.APPROVED) | (
        Q(is_by_hand=True) & Q(state=Proposal.State.PROPOSED)
    )
    return list(previous.proposals.filter(kept).prefetch_related("members"))


def fixed_members(previous: "Round | None") -> list[tuple[int, int]]:
    """Whom a rerun leaves with a mentor, by participant, in groups that may change."""
    if previous is None:
        return []
    loose = previous.proposals.filter(
        state__in=[Proposal.State.PROPOSED, Proposal.State.HELD], is_by_hand=False
    )
    found = []
    fixed = loose.filter(members__is_fixed=True).distinct()
    for proposal in fixed.prefetch_related("members"):
        mentor = proposal.mentor
        found += [
            (each.participant_id, mentor.participant_id)
            for each in proposal.learners
            if mentor is not None and each.is_fixed
        ]
    return found
