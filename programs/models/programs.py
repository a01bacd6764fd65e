"""One run of mentoring: what it is, and who may see, join and run it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.words import pick
from people.models import User
from programs.models.eligibility import open_to
from programs.models.roles import Role


class ProgramQuerySet(models.QuerySet["Program"]):
    def visible_to(self, user: User) -> "ProgramQuerySet":
        """All for an HR admin; else one's own, and those that one may join."""
        if user.is_hr_admin:
            return self
        return self.filter(
            Q(pk__in=self.taken_part_in_by(user))
            | Q(pk__in=self.may_be_joined_by(user))
            | Q(pk__in=self.applied_for_by(user))
        )

    def taken_part_in_by(self, user: User, *roles: Role) -> "ProgramQuerySet":
        """Those in which somebody takes part, in one of these roles."""
        mine = Q(participants__user=user, participants__left_at=None)
        if roles:
            mine &= Q(participants__role__in=roles)
        return Program.objects.order_by().filter(mine)

    def applied_for_by(self, user: User) -> "ProgramQuerySet":
        """Those in which somebody waits for the answer to an application."""
        return Program.objects.order_by().filter(
            applications__user=user, applications__state="waiting"
        )

    def asking(self, user: User) -> "ProgramQuerySet":
        """Those that somebody was asked to take part in, by a link that works."""
        return Program.objects.order_by().filter(
            Q(invites__used_at__isnull=False)
            | Q(invites__expires_at__gt=timezone.now()),
            invites__email=user.email.lower(),
        )

    def may_be_joined_by(self, user: User) -> "ProgramQuerySet":
        """Those open for people like this one, and those that asked this one.

        An invitation goes before the rules of who is let in: a person sent it.
        """
        everybody = Q(pk__in=[])
        if not user.is_it_admin:
            everybody = open_to(user) & Q(
                state=Program.State.OPEN,
                join_mode__in=[Program.JoinMode.OPEN, Program.JoinMode.APPLICATION],
            )
        return self.filter(
            everybody
            | Q(
                state__in=[Program.State.OPEN, Program.State.RUNNING],
                pk__in=self.asking(user).values("pk"),
            )
        )

    def managed_by(self, user: User | AnonymousUser) -> "ProgramQuerySet":
        """Those that a user runs: as its coordinator, or any as an HR admin."""
        if not user.is_authenticated:
            return self.none()
        if user.is_hr_admin:
            return self
        return self.filter(
            pk__in=self.taken_part_in_by(user, Role.COORDINATOR).values("pk")
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
        APPLICATION = "application", _("everybody may apply; a coordinator decides")

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
    # How far the one who sets it up is: the steps that were seen and found right.
    steps_done = models.JSONField(default=list, blank=True, editable=False)
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
    def takes_applications(self) -> bool:
        """Whether a coordinator decides on who joins."""
        return self.join_mode == self.JoinMode.APPLICATION

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
