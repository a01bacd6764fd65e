"""What they give each other, and what one thinks by oneself."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.models.mentorships import Member, Mentorship
from mentorships.models.notes import Sealed
from people.models import User


class PeerFeedback(models.Model):
    """Feedback as situation, behaviour, impact and a next step: from one to another.

    Who gave it and who got it see it; the rest of a group does not.
    """

    by = models.ForeignKey(Member, models.CASCADE, related_name="feedback_given")
    to = models.ForeignKey(Member, models.CASCADE, related_name="feedback_received")
    situation = models.TextField(_("situation"), max_length=1000)
    behavior = models.TextField(_("behaviour"), max_length=1000)
    impact = models.TextField(_("impact"), max_length=1000)
    next_step = models.TextField(_("next step"), max_length=1000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(by=F("to")), name="feedback_is_for_somebody_else"
            )
        ]

    def __str__(self) -> str:
        return f"feedback {self.pk}"


class Reflection(Sealed):
    """A page of somebody's journal. Sealed always; the others see it once shared."""

    mentorship = models.ForeignKey(
        Mentorship, models.CASCADE, related_name="reflections"
    )
    prompt_key = models.SlugField(max_length=40, blank=True)
    at = models.DateTimeField(default=timezone.now)
    shared_at = models.DateTimeField(null=True, blank=True)
    # What its text is bound to: it is sealed before it has a number.
    mark = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"reflection {self.pk}"

    @property
    def _bound_to(self) -> str:
        return f"reflection:{self.mark}:{self.mentorship_id}:{self.author_id}"


class ThankYouQuerySet(models.QuerySet["ThankYou"]):
    def public(self) -> "ThankYouQuerySet":
        """Those that both wish to be seen in the programme."""
        return self.filter(offered_at__isnull=False, accepted_at__isnull=False)

    def visible_to(self, user: User) -> "ThankYouQuerySet":
        """Those that one wrote or got."""
        return self.filter(
            Q(by__participant__user=user) | Q(to__participant__user=user)
        )


class ThankYou(models.Model):
    """A note of thanks. The two of them see it; the programme only if both wish."""

    by = models.ForeignKey(Member, models.CASCADE, related_name="thanks_given")
    to = models.ForeignKey(Member, models.CASCADE, related_name="thanks_received")
    body = models.TextField(_("thank you for"), max_length=600)
    at = models.DateTimeField(default=timezone.now)
    offered_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = ThankYouQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(by=F("to")), name="thanks_are_for_somebody_else"
            )
        ]

    def __str__(self) -> str:
        return f"thanks {self.pk}"

    @property
    def is_public(self) -> bool:
        return self.offered_at is not None and self.accepted_at is not None

    @property
    def shown_since(self) -> datetime | None:
        """Since when both wish the programme to see it."""
        if self.offered_at is None or self.accepted_at is None:
            return None
        return max(self.offered_at, self.accepted_at)
