"""On the way to a session: moments to choose from, preparation, the calendar."""

import uuid
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.models.mentorships import Member, MentoringSession, Mentorship
from people.models import User


class Preparation(models.Model):
    """What somebody wants to talk about. The others of the session see it."""

    session = models.ForeignKey(
        MentoringSession, models.CASCADE, related_name="preparations"
    )
    member = models.ForeignKey(Member, models.CASCADE, related_name="preparations")
    body = models.TextField(_("what I want to talk about"), max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "member"], name="one_preparation_per_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} for {self.session_id}"


class SessionOfferQuerySet(models.QuerySet["SessionOffer"]):
    def open(self, now: datetime) -> "SessionOfferQuerySet":
        """Not yet answered, of people who go on, with a moment still to come."""
        return self.filter(
            settled_at=None, mentorship__ended_at=None, times__starts_at__gt=now
        ).distinct()

    def fall_away(self) -> None:
        """Nobody can pick one of them any more."""
        self.filter(settled_at=None).update(settled_at=timezone.now())


class SessionOffer(models.Model):
    """A few moments put to the others; the first who picks one settles it."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="offers")
    by = models.ForeignKey(Member, models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField(default=60)
    mode = models.CharField(max_length=10, choices=MentoringSession.Mode)
    place = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    guide_key = models.SlugField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = SessionOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"offer {self.pk} in {self.mentorship_id}"

    def settle(self) -> bool:
        """Whether this call settled it; of two at once one does."""
        now = timezone.now()
        return bool(
            SessionOffer.objects.filter(pk=self.pk, settled_at=None).update(
                settled_at=now
            )
        )


class OfferedTime(models.Model):
    """One of the moments."""

    offer = models.ForeignKey(SessionOffer, models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    wall_time = models.CharField(max_length=16)
    zone = models.CharField(max_length=64)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "starts_at"], name="offered_time_once"
            )
        ]

    def __str__(self) -> str:
        return self.wall_time

    @property
    def wall(self) -> datetime:
        """The time on the clock of the place where it was offered."""
        return datetime.fromisoformat(self.wall_time)


class CalendarFeed(models.Model):
    """That somebody reads their own sessions in a calendar, by a link of its own.

    The link is the mark of this row, signed: a new mark ends the old link, and the row
    alone does not open the feed.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    mark = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"feed of {self.user_id}"
