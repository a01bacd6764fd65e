"""What came in from the HR system, and when."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models.users import User


class HrImport(models.Model):
    """One time that the HR feed was read in: when, by whom, and what it did."""

    class Refusal(models.TextChoices):
        TOO_MANY_LEAVERS = "too_many_leavers", _("too many people would leave")

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    refused_because = models.CharField(max_length=20, choices=Refusal, blank=True)

    class Meta:
        ordering = ["-at"]


class HrUpload(models.Model):
    """A file from HR that waits for a yes to its preview, or is being applied."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a yes")
        APPLYING = "applying", _("being applied")
        FAILED = "failed", _("failed")

    # From which state an action leads to which: docs/states.md is made from this.
    TRANSITIONS = {
        "confirm": ({"waiting", "failed"}, "applying"),
        "fail": ({"applying"}, "failed"),
    }

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    with_leavers = models.BooleanField(default=False)
    good_rows = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)


class FeedSettings(models.Model):
    """How files from HR are read; there is one row, once somebody has chosen."""

    # The name of a column in the file, in small letters, to the name of ours.
    mapping = models.JSONField(default=dict, blank=True)
    leavers_percent = models.PositiveSmallIntegerField(
        _("refuse when more than this share would leave (%)"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_feed_settings"),
            models.CheckConstraint(
                condition=models.Q(leavers_percent__range=(1, 100)),
                name="leavers_percent_1_to_100",
            ),
        ]

    @classmethod
    def current(cls) -> "FeedSettings":
        """What was chosen, else what one begins with."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
