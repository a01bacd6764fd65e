"""What mentees say themselves: whom they wish for, and whom they ask."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import User
from programs.models import Participant, Program

ANSWER_IN = timedelta(days=7)
REMIND_AFTER = timedelta(days=3)
# So long the link in a mail says what became of a question that is over.
LINK_WORKS = timedelta(weeks=4)
MOST_WISHES = 5
TOKENS = signing.Signer(salt="matching.Request", sep=".")
PLACE_TOKENS = signing.Signer(salt="matching.PlaceRequest", sep=".")


def _still_works(mentor: Participant, over_at: datetime | None) -> bool:
    """Whether a mailed link still opens: its mentor is here, and it is not long ago."""
    user = mentor.user
    is_here = mentor.left_at is None and user.is_active and user.left_on is None
    return is_here and (over_at is None or over_at + LINK_WORKS > timezone.now())


class WishFor(models.Model):
    """That a participant wishes for another one, as their first to fifth choice."""

    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="wishes_for"
    )
    wanted = models.ForeignKey(Participant, models.CASCADE, related_name="wished_by")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "wanted"], name="wish_for_somebody_once"
            ),
            models.UniqueConstraint(
                fields=["participant", "rank"], name="wish_one_per_rank"
            ),
            models.CheckConstraint(
                condition=Q(rank__range=(1, MOST_WISHES)), name="wish_rank_1_to_5"
            ),
            models.CheckConstraint(
                condition=~Q(participant=F("wanted")), name="wish_for_somebody_else"
            ),
        ]


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, user: User) -> "RequestQuerySet":
        """Those that one wrote, and those that one was sent."""
        return self.filter(
            Q(mentee__user=user) | (Q(mentor__user=user) & ~Q(state="queued"))
        )

    def open(self) -> "RequestQuerySet":
        """Those that wait for the mentor's answer."""
        return self.filter(state=Request.State.OPEN)

    def withdrawn_with(self, moment: datetime | None) -> "RequestQuerySet":
        """Those of people whom a round matched that was published then."""
        return self.filter(state=Request.State.WITHDRAWN, answered_at=moment)

    def alive(self) -> "RequestQuerySet":
        """Those that may still become a match."""
        return self.filter(state__in=[Request.State.OPEN, Request.State.QUEUED])


class Request(models.Model):
    """A mentee asks a mentor; a queued one follows when the one before fails.

    What the mentee hopes to reach is for the two of them.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("next choice")
        OPEN = "open", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("not answered in time")
        WITHDRAWN = "withdrawn", _("withdrawn")

    # From which state an action leads to which: docs/states.md is made from this.
    BEGINS = ["open", "queued"]
    TRANSITIONS = {
        "follow": ({"queued"}, "open"),
        "accept": ({"open"}, "accepted"),
        "decline": ({"open"}, "declined"),
        "expire": ({"open"}, "expired"),
        "withdraw": ({"queued", "open"}, "withdrawn"),
        # With the publishing of a round that withdrew it.
        "take back": ({"withdrawn"}, "open"),
    }

    class Length(models.IntegerChoices):
        PROGRAM = 0, _("as long as the programme runs")
        THREE = 3, _("three months")
        SIX = 6, _("six months")
        TWELVE = 12, _("twelve months")

    mentee = models.ForeignKey(
        Participant, models.CASCADE, related_name="requests_sent"
    )
    mentor = models.ForeignKey(
        Participant, models.CASCADE, related_name="requests_received"
    )
    goals = models.TextField(_("what I want to reach"), max_length=1000)
    rhythm_days = models.PositiveSmallIntegerField(
        _("how often we meet"),
        choices=Program.Rhythm,
        default=Program.Rhythm.TWO_WEEKS,
    )
    months = models.PositiveSmallIntegerField(
        _("for how long"), choices=Length, default=Length.SIX
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    # Among the queued of one mentee the lowest is next.
    rank = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    # Why the mentor said no; only for the mentor, and empty unless they wrote it.
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentee"],
                condition=Q(state="open"),
                name="one_open_request_per_mentee",
                violation_error_message=_(
                    "You have asked somebody; wait for the answer."
                ),
            ),
            models.UniqueConstraint(
                fields=["mentee", "mentor"],
                condition=Q(state__in=["open", "queued"]),
                name="one_living_request_per_two",
                violation_error_message=_("You have asked this person already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(expires_at__isnull=False),
                name="open_request_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    def get_absolute_url(self) -> str:
        """Where the mentor answers: the link of the mail. Opening it does nothing."""
        return reverse("matching:request_answer", args=[self.token])

    @property
    def token(self) -> str:
        return TOKENS.sign(str(self.pk))

    @property
    def link_works(self) -> bool:
        return _still_works(self.mentor, self.answered_at or self.expires_at)

    @property
    def program_id(self) -> int:
        return self.mentee.program_id

    @property
    def program(self) -> Program:
        return self.mentee.program

    def move(self, state: str, *, of: str = "open", **more: Any) -> bool:
        """Go from one state to another; of two who try at once, one does."""
        changed = Request.objects.filter(pk=self.pk, state=of).update(
            state=state, **more
        )
        if changed:
            self.state = state
        return bool(changed)


def request_of(token: str) -> Request | None:
    """The request that a mailed link is about."""
    try:
        pk = int(TOKENS.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return (
        Request.objects.select_related(
            "mentee__program", "mentee__user", "mentor__user"
        )
        .filter(pk=pk)
        .first()
    )


class PlaceRequest(models.Model):
    """Whoever runs a programme asks a mentor for one more place.

    Nobody is asked again who has not answered, or said no.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        ACCEPTED = "accepted", _("yes")
        DECLINED = "declined", _("no")

    # From which state an action leads to which: docs/states.md is made from this.
    BEGINS = ["open"]
    TRANSITIONS = {
        "accept": ({"open"}, "accepted"),
        "decline": ({"open"}, "declined"),
    }

    mentor = models.ForeignKey(
        Participant, models.CASCADE, related_name="place_requests"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor"],
                condition=Q(state__in=["open", "declined"]),
                name="asked_once_for_one_more_place",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined"]),
                name="place_request_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"place request {self.pk}"

    def get_absolute_url(self) -> str:
        """Where the mentor answers: the link of the mail. Opening it does nothing."""
        return reverse("matching:place_answer", args=[self.token])

    @property
    def token(self) -> str:
        return PLACE_TOKENS.sign(str(self.pk))

    @property
    def link_works(self) -> bool:
        return _still_works(self.mentor, self.answered_at)

    @property
    def program(self) -> Program:
        return self.mentor.program

    def answer(self, state: str) -> bool:
        """Of two answers at once one counts. True if it was this one."""
        now = timezone.now()
        changed = PlaceRequest.objects.filter(pk=self.pk, state=self.State.OPEN).update(
            state=state, answered_at=now
        )
        if changed:
            self.state, self.answered_at = state, now
        return bool(changed)


def place_request_of(token: str) -> PlaceRequest | None:
    """The question for a place that a mailed link is about."""
    try:
        pk = int(PLACE_TOKENS.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return (
        PlaceRequest.objects.select_related("mentor__program", "mentor__user", "by")
        .filter(pk=pk)
        .first()
    )
