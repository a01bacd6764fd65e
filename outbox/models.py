"""What we tell people: a message is a row before it is a mail."""

import uuid
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox.kinds import KINDS, reminders
from people.models import User

# Short, so that what a killed worker held is soon another's; it is renewed before each
# mail. Longer than a mail server may keep us waiting for one answer.
LEASE = timedelta(seconds=2 * settings.EMAIL_TIMEOUT)
# What is noted as the error of a message whose address does not exist.
BOUNCED = "bounced"
# So long after it was sent a mail may still come back, to be sent again.
BACK_WITHIN = timedelta(days=7)
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

    def claim_beside(self, message: "Message", until: datetime) -> "list[Message]":
        """Take the other reminders for the same person that fall due until a moment.

        Those in the batch that is being sent are with us already.
        """
        now = timezone.now()
        beside = self.filter(
            to=message.to_id,
            kind__in=reminders(),
            state=Message.State.PLANNED,
            not_before__lte=until,
        ).exclude(pk=message.pk)
        # In one batch the claim is the same, and stays.
        beside.filter(Q(lease_until=None) | Q(lease_until__lte=now)).update(
            claim=message.claim, lease_until=now + LEASE
        )
        return list(
            beside.filter(claim=message.claim, lease_until__isnull=False)
            .select_related("to")
            .order_by("not_before", "pk")
        )

    def gave_up(self) -> "MessageQuerySet":
        return self.filter(state=Message.State.FAILED)

    def may_come_back(self) -> "MessageQuerySet":
        """Those sent so lately that a mail server may still give them up."""
        return self.filter(
            state=Message.State.SENT, sent_at__gt=timezone.now() - BACK_WITHIN
        )

    def forget_facts(self) -> None:
        """Empty the facts of what was sent and comes back no more."""
        self.filter(
            state=Message.State.SENT, sent_at__lte=timezone.now() - BACK_WITHIN
        ).exclude(facts={}).update(facts={})


class Message(models.Model):
    """Something to tell one person once, written in the transaction that causes it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("no longer needed")
        FAILED = "failed", _("failed")

    # From which state an action leads to which: docs/states.md is made from this.
    TRANSITIONS = {
        "send": ({"planned"}, "sent"),
        "drop": ({"planned"}, "dropped"),
        "give up": ({"planned"}, "failed"),
        "come back": ({"sent"}, "failed"),
        "send again": ({"failed"}, "planned"),
        "let be": ({"failed"}, "dropped"),
    }

    kind = models.CharField(max_length=40)
    to = models.ForeignKey(User, models.CASCADE, related_name="messages")
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(default=0)
    # Which time of this kind about this thing: "", "2026-W48", "day-3".
    occasion = models.CharField(max_length=60, blank=True)
    program_id = models.BigIntegerField(null=True)
    # Small facts that are gone once the mail is sent and comes back no more. Never what
    # somebody wrote, and nobody's name.
    facts = models.JSONField(default=dict, blank=True)
    not_before = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=120, unique=True)
    # The Date of the mail: when it was tried first.
    dated_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # The one in whose mail it travelled, when several fell due together.
    sent_with = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="took_along"
    )
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

    def hold(self) -> bool:
        """Renew the lease before sending; whether it is still ours to send."""
        now = timezone.now()
        held = Message.objects.filter(
            pk=self.pk, claim=self.claim, state=Message.State.PLANNED
        ).update(lease_until=now + LEASE, dated_at=Coalesce(F("dated_at"), now))
        self.dated_at = self.dated_at or now
        return bool(held)

    def put_off(self, until: datetime) -> None:
        """Let it go, to be sent at another time."""
        Message.objects.filter(
            pk=self.pk, claim=self.claim, state=Message.State.PLANNED
        ).update(not_before=until, lease_until=None, dated_at=None)

    def person(self, fact: str) -> User | None:
        """Whom a fact names: by a number, so that it says their name of now."""
        return User.objects.filter(pk=self.facts.get(fact)).first()

    @property
    def headers(self) -> dict[str, str]:
        """The same at every attempt, so that a copy can be seen to be one."""
        return {
            "Message-ID": self.message_id,
            "Date": format_datetime((self.dated_at or timezone.now()).astimezone(UTC)),
            "Auto-Submitted": "auto-generated",
        }

    @property
    def is_wanted(self) -> bool:
        """Whether the person is here, and neither they nor the programme wants it off;
        and it is not so late that it makes no sense any more.
        """
        if not self.to.is_active:
            return False
        kind = KINDS[self.kind]
        if kind.lasts and timezone.now() > self.not_before + kind.lasts:
            return False
        if not kind.may_switch_off:
            return True
        unwanted = Preference.objects.filter(
            user=self.to, kind=self.kind, wanted=False
        ).exists()
        return not unwanted and not (
            self.program_id
            and SwitchedOff.objects.filter(
                program_id=self.program_id, kind=self.kind
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


class SwitchedOff(models.Model):
    """That a programme does not send a kind of message."""

    program_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program_id", "kind"], name="switched_off_once_per_program"
            )
        ]


class Wording(models.Model):
    """How a programme says something itself; what is left empty is said as shipped."""

    program_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("text"), max_length=5000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program_id", "kind", "language"],
                name="one_wording_per_program_and_language",
            )
        ]


class ReminderDay(models.Model):
    """The one reminder that somebody gets on a day of theirs. The first to take the day
    has it; what falls due besides travels along, or waits for the next.
    """

    to = models.ForeignKey(User, models.CASCADE, related_name="+")
    on = models.DateField()
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["to", "on"], name="one_reminder_a_day")
        ]

    @staticmethod
    def take(message: Message, on: date) -> bool:
        """Take the day for this message; whether it is this message's now."""
        ReminderDay.objects.bulk_create(
            [ReminderDay(to_id=message.to_id, on=on, message=message)],
            ignore_conflicts=True,
        )
        return ReminderDay.objects.filter(
            to=message.to_id, on=on, message=message
        ).exists()


class BounceQuerySet(models.QuerySet["Bounce"]):
    def of(self, email: str) -> "BounceQuerySet":
        return self.filter(email=email.lower())


class Bounce(models.Model):
    """An address, in lower case, that a mail server refused for good. Nothing is sent
    to it until somebody says to try again.
    """

    email = models.EmailField(unique=True)
    at = models.DateTimeField(default=timezone.now)

    objects = BounceQuerySet.as_manager()


class Heartbeat(models.Model):
    """When a process that runs by itself last said that it lives."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
