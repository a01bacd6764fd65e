"""The relationship: who works together, when they meet, what they work on."""

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.sealing import seal, unseal
from mentorships.wallclock import moment
from people.models import User
from programs.models import Participant, Program, Role


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    def visible_to(self, user: User) -> "MentorshipQuerySet":
        """Those a user is a member of. What is said there is theirs alone."""
        mine = Member.objects.filter(participant__user=user, mentorship=OuterRef("pk"))
        return self.filter(Exists(mine))

    def overseen_by(self, user: User) -> "MentorshipQuerySet":
        """Those of programmes one runs: that they met and when, never what was said."""
        return self.filter(program__in=Program.objects.managed_by(user))

    def active(self) -> "MentorshipQuerySet":
        return self.filter(ended_at=None)

    def with_last_held(self) -> "MentorshipQuerySet":
        """Adds ``last_held_at``, and ``quiet_from``: that, or else when it started."""
        last = Max(
            "sessions__starts_at",
            filter=Q(sessions__state=MentoringSession.State.HELD),
        )
        return self.annotate(
            last_held_at=last, quiet_from=Coalesce(last, F("started_at"))
        )

    def quiet_at(self, now: datetime) -> "MentorshipQuerySet":
        """Off their rhythm in a running programme: those to ask how it goes."""
        return self.off_rhythm_at(now).filter(program__state=Program.State.RUNNING)

    def off_rhythm_at(self, now: datetime) -> "MentorshipQuerySet":
        """Active, nothing planned, and no session for one and a half times their own
        rhythm.
        """
        found = (
            self.active()
            .with_last_held()
            .exclude(
                Exists(
                    MentoringSession.objects.planned().filter(
                        mentorship=OuterRef("pk"), starts_at__gt=now
                    )
                )
            )
        )
        quiet = Q(pk__in=[])
        for rhythm in Program.Rhythm.values:
            since = now - timedelta(days=1.5 * rhythm)
            quiet |= Q(rhythm_days=rhythm, quiet_from__lt=since)
        return found.filter(quiet)


class Mentorship(models.Model):
    """People working together in one programme: a pair, a group or a circle."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="mentorships")
    rhythm_days = models.PositiveSmallIntegerField(
        _("rhythm"), choices=Program.Rhythm, default=Program.Rhythm.TWO_WEEKS
    )
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    # Filled in by ``with_last_held``.
    last_held_at: datetime | None
    quiet_from: datetime

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="mentorship_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return " & ".join(member.participant.user.name for member in self.members.all())

    def get_absolute_url(self) -> str:
        return reverse("mentorships:mentorship_detail", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    def member_for(self, user: User) -> "Member | None":
        """The user's own membership, if any."""
        for member in self.members.all():
            if member.participant.user_id == user.pk:
                return member
        return None

    def end(self) -> None:
        """End it now. Ending twice is refused; a race has one winner."""
        ended_at = timezone.now()
        if not Mentorship.objects.active().filter(pk=self.pk).update(ended_at=ended_at):
            raise ValidationError(_("This mentorship has already ended."))
        self.ended_at = ended_at


class Member(models.Model):
    """A participant in a mentorship, in a role."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="members")
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        # Mentors after mentees in the alphabet too, so that a pair reads the same.
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentorship", "participant"], name="member_once_per_mentorship"
            )
        ]

    def __str__(self) -> str:
        return self.participant.user.name


class MentoringSessionQuerySet(models.QuerySet["MentoringSession"]):
    def visible_to(self, user: User) -> "MentoringSessionQuerySet":
        return self.filter(mentorship__in=Mentorship.objects.visible_to(user))

    def planned(self) -> "MentoringSessionQuerySet":
        return self.filter(state=MentoringSession.State.PLANNED)

    def held(self) -> "MentoringSessionQuerySet":
        return self.filter(state=MentoringSession.State.HELD)


def new_ics_uid() -> str:
    return f"{uuid.uuid4().hex}@wegwijs"


class MentoringSession(models.Model):
    """One meeting of a mentorship, planned or held."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        MISSED = "missed", _("did not happen")

    class Mode(models.TextChoices):
        VIDEO = "video", _("by video")
        OFFICE = "office", _("in person")
        PHONE = "phone", _("by phone")

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("starts at"))
    # What was agreed is a time on the clock of a place; the moment follows from it.
    wall_time = models.CharField(max_length=16, editable=False, default="", blank=True)
    zone = models.CharField(max_length=64, editable=False, default="Europe/Amsterdam")
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
    )
    mode = models.CharField(_("how"), max_length=10, choices=Mode, default=Mode.VIDEO)
    place = models.CharField(_("place or link"), max_length=300, blank=True)
    subject = models.CharField(_("what about"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    ics_uid = models.CharField(max_length=80, unique=True, default=new_ics_uid)
    ics_sequence = models.PositiveIntegerField(default=0)
    logged_at = models.DateTimeField(null=True, blank=True)

    objects = MentoringSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(5, 480)), name="session_minutes_5_to_480"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "held", "missed"]),
                name="session_state_is_known",
            ),
            # A second click on the button plans nothing twice.
            models.UniqueConstraint(
                fields=["mentorship", "starts_at"],
                condition=~Q(state="missed"),
                name="one_session_at_a_moment",
                violation_error_message=_("There is a session at this moment already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("mentorships:session_detail", args=[self.pk])

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def set_wall(self, wall: datetime, zone: str) -> None:
        """Put it at a time on the clock of a place; the moment follows.

        Raises ``ValidationError`` for an hour that the clock there skips.
        """
        self.starts_at = moment(wall, zone)
        self.wall_time = f"{wall:%Y-%m-%dT%H:%M}"
        self.zone = zone


class Attendance(models.Model):
    """Who was there."""

    session = models.ForeignKey(
        MentoringSession, models.CASCADE, related_name="attendances"
    )
    member = models.ForeignKey(Member, models.CASCADE, related_name="attendances")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "member"], name="attendance_once_per_session"
            )
        ]


class SharedNote(models.Model):
    """What the pair wrote down together: one version. The last one is what counts."""

    session = models.ForeignKey(MentoringSession, models.CASCADE, related_name="notes")
    version = models.PositiveIntegerField(default=1)
    body = models.TextField(_("shared notes"), max_length=20_000)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "version"], name="note_version_once"
            )
        ]


class PrivateNoteQuerySet(models.QuerySet["PrivateNote"]):
    def visible_to(self, user: User) -> "PrivateNoteQuerySet":
        return self.filter(author=user)


class PrivateNote(models.Model):
    """What one person noted for themselves. Nobody else can read it, ever."""

    session = models.ForeignKey(
        MentoringSession, models.CASCADE, related_name="private_notes"
    )
    author = models.ForeignKey(User, models.CASCADE, related_name="private_notes")
    sealed = models.BinaryField()

    objects = PrivateNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "author"], name="one_private_note_per_session"
            )
        ]

    def __str__(self) -> str:
        return f"private note {self.pk}"

    @property
    def _bound_to(self) -> str:
        return f"private-note:{self.session_id}:{self.author_id}"

    def write(self, text: str) -> None:
        """Seal the text into this row; save it afterwards."""
        self.sealed = seal(text, bound_to=self._bound_to)

    def read(self) -> str:
        """The text. Raises ``CannotOpen`` when the row or the key was changed."""
        return unseal(bytes(self.sealed), bound_to=self._bound_to)


class ActionQuerySet(models.QuerySet["Action"]):
    def open(self) -> "ActionQuerySet":
        return self.filter(done_at=None)


class Action(models.Model):
    """Something one of them will do. It carries forward until it is done."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="actions")
    owner = models.ForeignKey(Member, models.CASCADE, related_name="actions")
    text = models.CharField(_("action"), max_length=300)
    due_on = models.DateField(_("by"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = [
            F("done_at").desc(nulls_first=True),
            F("due_on").asc(nulls_last=True),
            "pk",
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mentorship", "owner", "text"],
                condition=Q(done_at=None),
                name="open_action_once",
                violation_error_message=_("This stands on the list already."),
            )
        ]

    def __str__(self) -> str:
        return self.text


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
