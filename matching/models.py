"""Who should meet whom: the criteria, the rounds, and what each round proposed."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import User
from programs.models import Participant, Program, Role


class Criterion(models.Model):
    """What counts in a programme's matching, and how much."""

    class Key(models.TextChoices):
        TOPICS = "topics", _("topics wanted and offered")
        DIRECTION = "direction", _("career direction")
        STYLE = "style", _("working style")
        LANGUAGES = "languages", _("languages")
        LOCATION = "location", _("location")
        LEVEL = "level", _("difference in level")
        DEPARTMENT = "department", _("department")
        INTERESTS = "interests", _("interests")

    program = models.ForeignKey(Program, models.CASCADE, related_name="criteria")
    key = models.CharField(max_length=20, choices=Key)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=5, validators=[MaxValueValidator(10)]
    )
    must = models.BooleanField(_("must"), default=False)
    settings = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-weight", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "key"], name="criterion_once_per_program"
            ),
            models.CheckConstraint(
                condition=Q(weight__range=(0, 10)), name="criterion_weight_0_to_10"
            ),
        ]

    def __str__(self) -> str:
        return self.get_key_display()


class Exclusion(models.Model):
    """Two people who are never matched in a programme, in whichever order."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="exclusions")
    a = models.ForeignKey(User, models.CASCADE, related_name="+")
    b = models.ForeignKey(User, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "a", "b"], name="exclusion_once_per_two"
            ),
            # One way to write a pair down: the lower id first.
            models.CheckConstraint(
                condition=Q(a__lt=F("b")), name="exclusion_lower_id_first"
            ),
        ]


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> "RoundQuerySet":
        """Those of programmes that one runs."""
        return self.filter(program__in=Program.objects.managed_by(user))


class Round(models.Model):
    """One time that the whole pool was matched: with what, by whom, and the result."""

    class Objective(models.TextChoices):
        MOST_MATCHED = "most_matched", _("most people matched")
        BEST_TOTAL = "best_total", _("best total fit")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        READY = "ready", _("to review")
        PUBLISHED = "published", _("published")
        FAILED = "failed", _("failed")

    program = models.ForeignKey(Program, models.PROTECT, related_name="rounds")
    objective = models.CharField(
        _("what comes first"),
        max_length=12,
        choices=Objective,
        default=Objective.MOST_MATCHED,
    )
    protect_weakest = models.BooleanField(_("protect the weakest match"), default=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    # The criteria as they were, so that an old sum can still be followed.
    settings = models.JSONField(default=dict)
    total = models.BigIntegerField(null=True)
    upper_bound = models.BigIntegerField(null=True)
    seconds = models.FloatField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(state="running"),
                name="one_running_round_per_program",
            )
        ]

    def __str__(self) -> str:
        return f"round {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matching:round_detail", args=[self.pk])

    @property
    def gap(self) -> int | None:
        """Points between the result and what nobody could do better than."""
        if self.total is None or self.upper_bound is None:
            return None
        return self.upper_bound - self.total

    @property
    def is_proven(self) -> bool:
        return self.gap == 0


class Proposal(models.Model):
    """People whom a round puts together, and the sum that says why."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to decide")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        PUBLISHED = "published", _("published")

    round = models.ForeignKey(Round, models.CASCADE, related_name="proposals")
    score = models.PositiveSmallIntegerField()
    # [{"key", "weight", "fraction", "points", "mentee", "mentor"}, …]
    lines = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)

    class Meta:
        ordering = ["-score", "pk"]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @property
    def mentor(self) -> "ProposalMember":
        return next(m for m in self.members.all() if m.role == Role.MENTOR)

    @property
    def mentee(self) -> "ProposalMember":
        return next(m for m in self.members.all() if m.role == Role.MENTEE)

    def decide(self, state: str) -> bool:
        """Approve, reject, or take that back; a published one stays. True if it did."""
        assert state in {"approved", "rejected", "proposed"}
        changed = (
            Proposal.objects.filter(pk=self.pk, round__state=Round.State.READY)
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
        NO_MENTORS = "no_mentors", _("There is no mentor with a free place.")
        FORBIDDEN = (
            "forbidden",
            _("Every mentor with a free place is ruled out by a hard limit."),
        )
        CAPACITY = (
            "capacity",
            _("The mentors who fit are full; one more place with one of them helps."),
        )
        BELOW_FLOOR = "below_floor", _("No match reaches the lowest score you allow.")

    round = models.ForeignKey(Round, models.CASCADE, related_name="left_over")
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="left_over_in"
    )
    limit = models.CharField(max_length=12, choices=Limit)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["participant__user__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "participant"], name="left_over_once_per_round"
            )
        ]
