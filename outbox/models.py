"""What we tell people: a message is a row before it is a mail."""

import uuid
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox.kinds import KINDS
from people.models import User

LEASE = timedelta(minutes=5)
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)]


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> "MessageQuerySet":
        """Those to send now that no other worker holds."""
        return self.filter(
            Q(lease_until=None) | Q(lease_until__lte=now),
            state=Message.State.PLANNED,
            not_before__lte=now,
        )

    def claim_due(self, limit: int) -> "list[Message]":
        """Take up to ``limit`` due messages; no two workers take the same one."""
        now = timezone.now()
        ids = list(
            self.due(now)
            .order_by("not_before", "pk")
            .values_list("pk", flat=True)[:limit]
        )
        claim = uuid.uuid4()
        # One statement decides: whoever sets the claim has the row.
        self.due(now).filter(pk__in=ids).update(claim=claim, lease_until=now + LEASE)
        return list(
            self.filter(claim=claim, state=Message.State.PLANNED)
            .select_related("to")
            .order_by("not_before", "pk")
        )

    def gave_up(self) -> "MessageQuerySet":
        return self.filter(state=Message.State.FAILED)


class Message(models.Model):
    """Something to tell one person once, written in the transaction that causes it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("no longer needed")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=40)
    to = models.ForeignKey(User, models.CASCADE, related_name="messages")
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(default=0)
    # Which time of this kind about this thing: "", "2026-W48", "day-3".
    occasion = models.CharField(max_length=60, blank=True)
    program_id = models.BigIntegerField(null=True)
    # Small facts that are gone when the mail is sent. Never what somebody wrote.
    facts = models.JSONField(default=dict, blank=True)
    not_before = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=120, unique=True)
    dated_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "to", "about_type", "about_id", "occasion"],
                name="message_once_per_occasion",
            )
        ]
        indexes = [models.Index(fields=["state", "not_before"])]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_id}"

    @property
    def headers(self) -> dict[str, str]:
        """The same at every attempt, so that a copy can be seen to be one."""
        return {
            "Message-ID": self.message_id,
            "Date": format_datetime(self.dated_at.astimezone(UTC)),
            "Auto-Submitted": "auto-generated",
        }

    @property
    def is_wanted(self) -> bool:
        """Whether the person is still here and has not switched this kind off."""
        if not self.to.is_active:
            return False
        kind = KINDS[self.kind]
        return not (
            kind.may_switch_off
            and Preference.objects.filter(
                user=self.to, kind=self.kind, wanted=False
            ).exists()
        )


def new_message_id() -> str:
    host = settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0]
    return f"<{uuid.uuid4().hex}@{host}>"


class Preference(models.Model):
    """That somebody does or does not want a kind of message."""

    user = models.ForeignKey(User, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=40)
    wanted = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"], name="one_preference_per_kind"
            )
        ]


class Heartbeat(models.Model):
    """When a process that runs by itself last said that it lives."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
