"""One run of mentoring: a programme, its goals and guidelines, and who takes part."""

import hashlib
import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.words import pick
from people.models import User


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    MENTOR = "mentor", _("mentor")
    MENTEE = "mentee", _("mentee")
    PEER = "peer", _("peer")


class ProgramQuerySet(models.QuerySet["Program"]):
    def visible_to(self, user: User) -> "ProgramQuerySet":
        """All for an HR admin; else one's own, and those that one may join."""
        if user.is_hr_admin:
            return self
        mine = Participant.objects.filter(
            program=OuterRef("pk"), user=user, left_at=None
        )
        return self.filter(Exists(mine) | Q(pk__in=self.may_be_joined_by(user)))

    def may_be_joined_by(self, user: User) -> "ProgramQuerySet":
        """Those open for everybody, and those that one was asked to take part in."""
        asked = Invite.objects.working().filter(
            program=OuterRef("pk"), email=user.email.lower()
        )
        everybody = Q(state=Program.State.OPEN, join_mode=Program.JoinMode.OPEN)
        if user.is_it_admin:
            everybody = Q(pk__in=[])
        return self.filter(
            everybody
            | (Q(state__in=[Program.State.OPEN, Program.State.RUNNING]) & Exists(asked))
        )

    def managed_by(self, user: User | AnonymousUser) -> "ProgramQuerySet":
        """Those that a user runs: as its coordinator, or any as an HR admin."""
        if not user.is_authenticated:
            return self.none()
        if user.is_hr_admin:
            return self
        return self.filter(
            Exists(
                Participant.objects.filter(
                    program=OuterRef("pk"),
                    user=user,
                    role=Role.COORDINATOR,
                    left_at=None,
                )
            )
        )

    def with_counts(self) -> "ProgramQuerySet":
        """Adds who takes part, who is ready, who waits, and the free places."""

        def people(*roles: str, **more: Any) -> Count:
            return Count(
                "participants",
                Q(
                    participants__left_at=None,
                    participants__role__in=roles,
                    **{f"participants__{name}": value for name, value in more.items()},
                ),
            )

        learning = (Role.MENTEE, Role.PEER)
        return self.annotate(
            mentors=people(Role.MENTOR),
            mentees=people(*learning),
            mentors_ready=people(Role.MENTOR, state="ready"),
            mentees_ready=people(*learning, state="ready"),
            waiting=people(*learning, state="ready", places_taken=0),
            matched=people(*learning, places_taken__gt=0),
            free_places=Sum(
                F("participants__capacity") - F("participants__places_taken"),
                filter=Q(
                    participants__left_at=None,
                    participants__role=Role.MENTOR,
                    participants__state="ready",
                ),
                default=0,
            ),
        )

    def live(self) -> "ProgramQuerySet":
        """Open, running or closing."""
        return self.filter(
            state__in=[Program.State.OPEN, Program.State.RUNNING, Program.State.CLOSING]
        )


class Program(models.Model):
    """One run of mentoring, from idea to archive."""

    class Model(models.TextChoices):
        ONE_TO_ONE = "one_to_one", _("one-to-one")
        GROUP = "group", _("group")
        PEER = "peer", _("peer")
        REVERSE = "reverse", _("reverse")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open for joining")
        RUNNING = "running", _("running")
        CLOSING = "closing", _("closing")
        ARCHIVED = "archived", _("archived")

    class JoinMode(models.TextChoices):
        OPEN = "open", _("everybody may join")
        INVITATION = "invitation", _("by invitation only")

    class Rhythm(models.IntegerChoices):
        WEEKLY = 7, _("weekly")
        TWO_WEEKS = 14, _("every two weeks")
        THREE_WEEKS = 21, _("every three weeks")
        MONTHLY = 30, _("monthly")

    # From which state an action leads to which: docs/states.md is made from this.
    TRANSITIONS = {
        "open": ({"draft"}, "open"),
        "run": ({"open"}, "running"),
        "close": ({"running"}, "closing"),
        "archive": ({"draft", "open", "closing"}, "archived"),
    }

    slug = models.SlugField(max_length=80, unique=True)
    template_key = models.SlugField(max_length=40, blank=True)
    name_nl = models.CharField(_("Dutch name"), max_length=120, blank=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    purpose_nl = models.TextField(_("purpose, in Dutch"), max_length=2000, blank=True)
    purpose_en = models.TextField(_("purpose, in English"), max_length=2000, blank=True)
    theme_nl = models.CharField(
        _("strategic theme, in Dutch"), max_length=160, blank=True
    )
    theme_en = models.CharField(
        _("strategic theme, in English"), max_length=160, blank=True
    )
    model = models.CharField(
        _("kind of mentoring"), max_length=12, choices=Model, default=Model.ONE_TO_ONE
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    join_mode = models.CharField(
        _("who may join"), max_length=12, choices=JoinMode, default=JoinMode.OPEN
    )
    rhythm_days = models.PositiveSmallIntegerField(
        _("rhythm of the sessions"), choices=Rhythm, default=Rhythm.TWO_WEEKS
    )
    hours_a_month = models.DecimalField(
        _("hours a month"),
        max_digits=4,
        decimal_places=1,
        default=Decimal("2"),
        validators=[
            MinValueValidator(Decimal("0.5")),
            MaxValueValidator(Decimal("40")),
        ],
    )
    capacity_default = models.PositiveSmallIntegerField(
        _("mentees for each mentor, to begin with"), default=1
    )
    capacity_max = models.PositiveSmallIntegerField(
        _("mentees for each mentor, at most"), default=3
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    matching_on = models.DateField(_("matches are announced on"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_nl="", name_en=""),
                name="program_has_a_name",
                violation_error_message=_("Give the programme a name."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "open", "running", "closing", "archived"]
                ),
                name="program_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None)
                | Q(ends_on=None)
                | Q(ends_on__gt=F("starts_on")),
                name="program_ends_after_it_starts",
                violation_error_message=_("A programme ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(capacity_default__gte=1)
                & Q(capacity_max__gte=F("capacity_default")),
                name="program_capacity_default_within_max",
                violation_error_message=_(
                    "The most a mentor may have is at least what they begin with."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programs:program_detail", args=[self.slug])

    @property
    def name(self) -> str:
        return pick(self.name_nl, self.name_en)

    @property
    def purpose(self) -> str:
        return pick(self.purpose_nl, self.purpose_en)

    @property
    def theme(self) -> str:
        return pick(self.theme_nl, self.theme_en)

    @property
    def length(self) -> timedelta | None:
        """From the first day to the last, when both are known."""
        if self.starts_on and self.ends_on:
            return self.ends_on - self.starts_on
        return None

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_archived(self) -> bool:
        return self.state == self.State.ARCHIVED

    @property
    def is_for_peers(self) -> bool:
        return self.model == self.Model.PEER

    @property
    def takes_joiners(self) -> bool:
        """Somebody may still join an open programme, and a running one."""
        return self.state in {self.State.OPEN, self.State.RUNNING}

    @property
    def joining_roles(self) -> list[Role]:
        """What one may join as."""
        if self.is_for_peers:
            return [Role.PEER]
        return [Role.MENTEE, Role.MENTOR]

    def move(self, action: str) -> None:
        """Go to the state that a named action leads to; a race has one winner."""
        sources, target = self.TRANSITIONS[action]
        changed = Program.objects.filter(pk=self.pk, state__in=sources).update(
            state=target
        )
        if not changed:
            raise ValidationError(
                _("This programme is not in a state in which that can be done.")
            )
        self.state = target

    def can(self, action: str) -> bool:
        """Whether ``move(action)`` would do something now."""
        return self.state in self.TRANSITIONS[action][0]


class ProgramGoal(models.Model):
    """What the programme is for, as a figure that the application measures."""

    class Measure(models.TextChoices):
        MATCH_RATE = "match_rate", _("share of mentees with a mentor (%)")
        ON_RHYTHM = "on_rhythm", _("share of pairs on rhythm (%)")
        SESSIONS_HELD = "sessions_held", _("sessions held")
        GOALS_REACHED = "goals_reached", _("share of goals reached (%)")
        SATISFACTION = "satisfaction", _("mean answer to the survey (1–5)")
        RESPONSE_RATE = "response_rate", _("share of surveys answered (%)")
        DAYS_TO_FIRST_SESSION = (
            "days_to_first_session",
            _("median days to the first session"),
        )

    program = models.ForeignKey(Program, models.CASCADE, related_name="goals")
    measure = models.CharField(_("measure"), max_length=24, choices=Measure)
    name_nl = models.CharField(_("goal, in Dutch"), max_length=200, blank=True)
    name_en = models.CharField(_("goal, in English"), max_length=200, blank=True)
    baseline = models.DecimalField(
        _("baseline"), max_digits=9, decimal_places=1, null=True, blank=True
    )
    target = models.DecimalField(_("target"), max_digits=9, decimal_places=1)
    by_on = models.DateField(_("by"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "measure"],
                name="one_goal_per_measure",
                violation_error_message=_("There is a goal with this measure."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_nl, self.name_en) or self.get_measure_display()


class GuidelineQuerySet(models.QuerySet["Guideline"]):
    def current(self) -> "GuidelineQuerySet":
        """The newest version of each programme and role."""
        newer = Guideline.objects.filter(
            program=OuterRef("program"),
            role=OuterRef("role"),
            version__gt=OuterRef("version"),
        )
        return self.filter(~Exists(newer))


class Guideline(models.Model):
    """What is expected of a role: one version, never changed once written."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="guidelines")
    role = models.CharField(max_length=12, choices=Role)
    version = models.PositiveSmallIntegerField(default=1)
    body_nl = models.TextField(_("guidelines, in Dutch"), max_length=20_000, blank=True)
    body_en = models.TextField(
        _("guidelines, in English"), max_length=20_000, blank=True
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GuidelineQuerySet.as_manager()

    class Meta:
        ordering = ["role", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "role", "version"], name="guideline_version_once"
            )
        ]

    @property
    def body(self) -> str:
        return pick(self.body_nl, self.body_en)


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def active(self) -> "ParticipantQuerySet":
        """Those who have not left."""
        return self.filter(left_at=None)

    def coordinators(self) -> "ParticipantQuerySet":
        return self.active().filter(role=Role.COORDINATOR)

    def visible_to(self, user: User) -> "ParticipantQuerySet":
        """One's own, and all in programmes one runs."""
        return self.filter(
            Q(user=user) | Q(program__in=Program.objects.managed_by(user))
        )

    def ready(self) -> "ParticipantQuerySet":
        """Those whom a round may match: guidelines accepted and profile complete."""
        return self.active().filter(state=Participant.State.READY)

    def with_room(self) -> "ParticipantQuerySet":
        return self.filter(places_taken__lt=F("capacity"))


class Participant(models.Model):
    """One person, in one role, in one programme."""

    class State(models.TextChoices):
        JOINING = "joining", _("still to complete")
        READY = "ready", _("ready")

    program = models.ForeignKey(Program, models.PROTECT, related_name="participants")
    user = models.ForeignKey(User, models.PROTECT, related_name="participations")
    role = models.CharField(max_length=12, choices=Role)
    state = models.CharField(max_length=10, choices=State, default=State.JOINING)
    # How many mentorships at most; counted when a place is claimed.
    capacity = models.PositiveSmallIntegerField(_("how many people"), default=1)
    places_taken = models.PositiveSmallIntegerField(default=0, editable=False)
    motivation = models.TextField(
        _("what I hope for"),
        max_length=1000,
        blank=True,
    )
    joined_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "user", "role"],
                name="participant_once_per_role",
                violation_error_message=_("You already take part in this role."),
            ),
            models.CheckConstraint(
                condition=Q(places_taken__lte=F("capacity")),
                name="participant_places_within_capacity",
                violation_error_message=_(
                    "You have more people than this already; a place comes free when a"
                    " mentorship ends."
                ),
            ),
            models.CheckConstraint(
                condition=Q(role__in=["coordinator", "mentor", "mentee", "peer"]),
                name="participant_role_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def room(self) -> int:
        """Places that are free."""
        return self.capacity - self.places_taken

    def claim_place(self) -> None:
        """Take one free place. The last one goes to one of those who ask at once."""
        claimed = Participant.objects.filter(
            pk=self.pk, left_at=None, places_taken__lt=F("capacity")
        ).update(places_taken=F("places_taken") + 1)
        if not claimed:
            raise ValidationError(
                _("%(name)s has no free place any more.") % {"name": self.user.name},
                code="taken",
            )
        self.places_taken += 1

    def free_place(self) -> None:
        """Give a place back."""
        Participant.objects.filter(pk=self.pk, places_taken__gt=0).update(
            places_taken=F("places_taken") - 1
        )


class Acceptance(models.Model):
    """That a participant accepted one version of the guidelines."""

    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="acceptances"
    )
    guideline = models.ForeignKey(Guideline, models.PROTECT, related_name="acceptances")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "guideline"], name="guideline_accepted_once"
            )
        ]


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


def token_of(nonce: str) -> str:
    """What a mail carries: only this server can make it of what the database holds."""
    return signing.Signer(salt="programs.Invite", sep=".").sign(nonce)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InviteQuerySet(models.QuerySet["Invite"]):
    def unused(self) -> "InviteQuerySet":
        """Those whose link signs somebody in now."""
        return self.filter(
            used_at=None,
            expires_at__gt=timezone.now(),
            program__state__in=[Program.State.OPEN, Program.State.RUNNING],
        )

    def working(self) -> "InviteQuerySet":
        """Those by which somebody may join: the link was used, or still can be."""
        return self.filter(Q(used_at__isnull=False) | Q(expires_at__gt=timezone.now()))

    def unanswered(self) -> "InviteQuerySet":
        """Those of people who do not take part."""
        takes_part = Participant.objects.active().filter(
            program=OuterRef("program"), user__email__iexact=OuterRef("email")
        )
        return self.filter(~Exists(takes_part))


class Invite(models.Model):
    """Somebody asked by e-mail to take part in a role. The token's hash is kept."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="invites")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = InviteQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"

    @property
    def has_expired(self) -> bool:
        return self.used_at is None and self.expires_at <= timezone.now()
