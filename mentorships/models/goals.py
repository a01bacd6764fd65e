"""What they work on."""

from datetime import timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.models.mentorships import Member, Mentorship
from people.models import Topic, User


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, user: User) -> "GoalQuerySet":
        return self.filter(mentorship__in=Mentorship.objects.visible_to(user))

    def active(self) -> "GoalQuerySet":
        return self.filter(state=Goal.State.ACTIVE)


class Goal(models.Model):
    """A SMART goal: specific, measured, wanted for a reason, with a date."""

    class State(models.TextChoices):
        ACTIVE = "active", _("working on it")
        REACHED = "reached", _("reached")
        LET_GO = "let_go", _("let go")

    # From which state an action leads to which: docs/states.md is made from this.
    TRANSITIONS = {
        "reach": ({"active"}, "reached"),
        "let go": ({"active"}, "let_go"),
    }

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="goals")
    owner = models.ForeignKey(Member, models.CASCADE, related_name="goals")
    specific = models.CharField(_("what I want to reach"), max_length=300)
    measure = models.CharField(_("how I measure it"), max_length=200)
    start = models.DecimalField(
        _("value now"), max_digits=9, decimal_places=1, default=0
    )
    target = models.DecimalField(
        _("value to reach"), max_digits=9, decimal_places=1, default=100
    )
    relevance = models.CharField(_("why it matters"), max_length=500, blank=True)
    by_on = models.DateField(_("reached by"))
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    closed_at = models.DateTimeField(null=True, blank=True)
    reflection = models.TextField(_("looking back"), max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["state", "by_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(start=F("target")),
                name="goal_target_differs_from_start",
                violation_error_message=_(
                    "The value to reach is not the value that you have now."
                ),
            ),
            models.UniqueConstraint(
                fields=["owner", "specific"],
                condition=Q(state="active"),
                name="one_active_goal_of_a_name",
                violation_error_message=_("You work on this goal already."),
            ),
            models.CheckConstraint(
                condition=Q(state="active", closed_at=None)
                | Q(state__in=["reached", "let_go"], closed_at__isnull=False),
                name="goal_closed_at_says_when_it_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.specific

    def get_absolute_url(self) -> str:
        return reverse("mentorships:goal_detail", args=[self.pk])

    def clean(self) -> None:
        """Who goes down begins at what there is now; no count passes zero."""
        if None not in (self.start, self.target) and self.target < 0 <= self.start:
            raise ValidationError(
                {
                    "target": _(
                        "What you count is never less than 0. If it is to go down, give"
                        " what it is now and the lower value: from 5 to 0, say."
                    )
                }
            )

    @property
    def counts_from_zero(self) -> bool:
        """Whether a value below zero makes no sense of it."""
        return min(self.start, self.target) >= 0

    def is_past_target(self, value: Decimal) -> bool:
        """Whether a value is further than what was to be reached."""
        return value > self.target if self.target > self.start else value < self.target

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def value(self) -> float:
        """Where it stands: the last entry, else the start."""
        entries = sorted(self.progress.all(), key=lambda entry: (entry.at, entry.pk))
        return float(entries[-1].value if entries else self.start)

    @property
    def percent(self) -> int:
        """How far from start to target, 0 to 100, whichever way it counts."""
        start, target = float(self.start), float(self.target)
        return max(0, min(100, round(100 * (self.value - start) / (target - start))))


class Milestone(models.Model):
    """A step on the way to a goal."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="milestones")
    text = models.CharField(_("step"), max_length=200)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]


class Progress(models.Model):
    """Where a goal stood at a moment."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="progress")
    value = models.DecimalField(_("value"), max_digits=9, decimal_places=1)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]


class GoalComment(models.Model):
    """What somebody of the mentorship says of a goal; its owner may be helped by it."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="comments")
    by = models.ForeignKey(Member, models.CASCADE, related_name="+")
    body = models.TextField(_("comment"), max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.goal_id}"


# So long somebody may correct how they rated themselves; then it is counted.
MAY_CORRECT = timedelta(days=1)


class SelfRating(models.Model):
    """How well somebody masters a topic, in their own eyes, at one of three times."""

    class Moment(models.TextChoices):
        START = "start", _("at the start")
        HALF_WAY = "half_way", _("half-way")
        END = "end", _("at the end")

    member = models.ForeignKey(Member, models.CASCADE, related_name="self_ratings")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+")
    moment = models.CharField(max_length=10, choices=Moment)
    value = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["topic", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "topic", "moment"], name="one_self_rating_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(value__range=(1, 5)), name="self_rating_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(moment__in=["start", "half_way", "end"]),
                name="self_rating_moment_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.topic_id} {self.moment}"
