"""One run of mentoring: what it is, and who may see, join and run it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.branding import worded
from mentoring.words import pick
from people.models import User
from programs.models.eligibility import open_to
from programs.models.roles import Role

# So long before what people wrote is removed they are told, in days.
TOLD_DAYS = 30
MOST_YEARS_OFF = 25
NAME_TAKEN = _(
    "There is a programme with this name already. Add what tells them apart, such as"
    " the year or the place."
)


def within_reach(day: date) -> None:
    """Refuse a day that was mistyped: sums with it would leave the calendar."""
    if abs(day.year - timezone.localdate().year) > MOST_YEARS_OFF:
        raise ValidationError(_("Choose a date nearer to today."))


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
        """Adds who takes part, who is ready, who waits, and the free places. Nobody
        waits, and no place is free, where no matches are made.
        """

        not_pausing = Q(participants__paused_until=None) | Q(
            participants__paused_until__lte=timezone.localdate()
        )
        here = not_pausing & Q(
            participants__user__is_active=True,
            participants__user__left_on=None,
            state__in=[Program.State.OPEN, Program.State.RUNNING],
        )

        def people(*roles: str, only: Q | None = None, **more: Any) -> Count:
            return Count(
                "participants",
                (only or Q())
                & Q(
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
            waiting=people(*learning, only=here, state="ready", places_taken=0),
            matched=people(*learning, places_taken__gt=0),
            free_places=Sum(
                F("participants__capacity") - F("participants__places_taken"),
                filter=here
                & Q(
                    participants__left_at=None,
                    participants__role=Role.MENTOR,
                    participants__state="ready",
                ),
                default=0,
            ),
        )

    def to_clear(self) -> "ProgramQuerySet":
        """In the archive, with what people wrote still there."""
        return self.filter(state=Program.State.ARCHIVED, cleared_at=None)

    def names(self) -> set[str]:
        """What they are called, in both languages; large and small letters alike."""
        return {
            name.casefold()
            for names in self.order_by().values_list("name_nl", "name_en")
            for name in names
            if name
        }

    def live(self) -> "ProgramQuerySet":
        """Open, running or closing."""
        return self.filter(
            state__in=[Program.State.OPEN, Program.State.RUNNING, Program.State.CLOSING]
        )

    def matching(self) -> "ProgramQuerySet":
        """Those in which people still wait for a match: not once it is closing."""
        return self.filter(state__in=[Program.State.OPEN, Program.State.RUNNING])


class Program(models.Model):
    """One run of mentoring, from idea to archive."""

    class Model(models.TextChoices):
        ONE_TO_ONE = "one_to_one", _("one-to-one")
        GROUP = "group", _("group")
        PEER = "peer", worded(_("circle of %(peers_word)s"))
        REVERSE = "reverse", _("reverse")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open for joining")
        RUNNING = "running", _("running")
        CLOSING = "closing", _("closing")
        ARCHIVED = "archived", _("archived")

    DONE_MATCHING = (State.CLOSING, State.ARCHIVED)

    class JoinMode(models.TextChoices):
        OPEN = "open", _("everybody may join")
        INVITATION = "invitation", _("by invitation only")
        APPLICATION = (
            "application",
            worded(_("everybody may apply; the %(coordinator_word)s decides")),
        )

    class Rhythm(models.IntegerChoices):
        WEEKLY = 7, _("weekly")
        TWO_WEEKS = 14, _("every two weeks")
        THREE_WEEKS = 21, _("every three weeks")
        MONTHLY = 30, _("monthly")

    class Kept(models.IntegerChoices):
        """In days."""

        HALF_A_YEAR = 183, _("half a year after the archive")
        A_YEAR = 365, _("a year after the archive")
        TWO_YEARS = 730, _("two years after the archive")
        FIVE_YEARS = 1826, _("five years after the archive")

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
        worded(_("%(mentees_word)s for each %(mentor_word)s, to begin with")), default=1
    )
    capacity_max = models.PositiveSmallIntegerField(
        worded(_("%(mentees_word)s for each %(mentor_word)s, at most")), default=3
    )
    # The programme team aside. Without it nobody is turned away.
    most_people = models.PositiveIntegerField(
        _("participants, at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2)],
    )
    # Counted when somebody joins or leaves.
    places_taken = models.PositiveIntegerField(default=0, editable=False)
    starts_on = models.DateField(
        _("starts on"), null=True, blank=True, validators=[within_reach]
    )
    ends_on = models.DateField(
        _("ends on"), null=True, blank=True, validators=[within_reach]
    )
    matching_on = models.DateField(
        _("matches are announced on"), null=True, blank=True, validators=[within_reach]
    )
    # Each participant says yes to it as well; without both, a manager sees nothing.
    managers_may_know = models.BooleanField(
        _("line managers see that somebody takes part"), default=False
    )
    # How long after the archive what people wrote is kept.
    kept_days = models.PositiveSmallIntegerField(
        _("what people wrote is kept until"), choices=Kept, default=Kept.TWO_YEARS
    )
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    # People are told a while before; nothing is cleared without that.
    clearing_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    cleared_at = models.DateTimeField(null=True, blank=True, editable=False)
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
            # By their names people tell programmes apart.
            *(
                models.UniqueConstraint(
                    Lower(name),
                    condition=~Q(**{name: ""}),
                    name=f"program_{name}_once",
                    violation_error_message=NAME_TAKEN,
                )
                for name in ("name_nl", "name_en")
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
                condition=Q(most_people=None) | Q(places_taken__lte=F("most_people")),
                name="program_places_within_most",
                violation_error_message=_(
                    "More people than this take part already; nobody is sent away."
                ),
            ),
            models.CheckConstraint(
                condition=Q(capacity_default__gte=1)
                & Q(capacity_max__gte=F("capacity_default")),
                name="program_capacity_default_within_max",
                violation_error_message=worded(
                    _(
                        "The most that %(mentors_word)s may have is at least what they"
                        " begin with."
                    )
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
    def clears_on(self) -> date | None:
        """When what people wrote is removed: so long after the archive, and never
        sooner than they were told. ``None`` when it is not in the archive.
        """
        if self.archived_at is None:
            return None
        kept = timezone.localdate(self.archived_at) + timedelta(days=self.kept_days)
        told = timezone.localdate(self.clearing_told_at or timezone.now())
        return max(kept, told + timedelta(days=TOLD_DAYS))

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def has_begun(self) -> bool:
        """Whether its first day has come; without one it begins when it runs."""
        return self.starts_on is None or self.starts_on <= timezone.localdate()

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def has_done_matching(self) -> bool:
        """Closing or archived: nobody waits for a match any more."""
        return self.state in self.DONE_MATCHING

    @property
    def is_closing(self) -> bool:
        return self.state == self.State.CLOSING

    @property
    def is_archived(self) -> bool:
        return self.state == self.State.ARCHIVED

    @property
    def is_for_peers(self) -> bool:
        return self.model == self.Model.PEER

    @property
    def learning_role(self) -> Role:
        """In which role one comes to learn."""
        return Role.PEER if self.is_for_peers else Role.MENTEE

    @property
    def takes_applications(self) -> bool:
        """Whether a coordinator decides on who joins."""
        return self.join_mode == self.JoinMode.APPLICATION

    @property
    def takes_joiners(self) -> bool:
        """Somebody may still join an open programme, and a running one."""
        return self.state in {self.State.OPEN, self.State.RUNNING}

    @property
    def is_full(self) -> bool:
        """Whether nobody more can join until somebody leaves."""
        return self.most_people is not None and self.places_taken >= self.most_people

    def claim_room(self) -> None:
        """Count somebody in. The last place goes to one of those who join at once."""
        claimed = Program.objects.filter(
            Q(most_people=None) | Q(places_taken__lt=F("most_people")), pk=self.pk
        ).update(places_taken=F("places_taken") + 1)
        if not claimed:
            raise ValidationError(
                worded(
                    _(
                        "This programme is full. A place comes free when somebody"
                        " leaves; the %(coordinator_word)s knows more."
                    )
                ),
                code="full",
            )
        self.places_taken += 1

    def free_room(self) -> None:
        """Count somebody out."""
        Program.objects.filter(pk=self.pk, places_taken__gt=0).update(
            places_taken=F("places_taken") - 1
        )

    @property
    def joining_roles(self) -> list[Role]:
        """What one may join as."""
        if self.is_for_peers:
            return [Role.PEER]
        return [Role.MENTEE, Role.MENTOR]

    def move(self, action: str) -> None:
        """Go to the state that a named action leads to; a race has one winner."""
        sources, target = self.TRANSITIONS[action]
        now = timezone.now() if target == self.State.ARCHIVED else None
        changed = Program.objects.filter(pk=self.pk, state__in=sources).update(
            state=target, archived_at=now
        )
        if not changed:
            raise ValidationError(
                _("This programme is not in a state in which that can be done.")
            )
        self.state, self.archived_at = target, now

    def open_again(self) -> bool:
        """Let people join again, where that was closed a moment ago and is taken back.

        Not for somebody to choose: what has run for a while has begun. True if it did.
        """
        changed = Program.objects.filter(pk=self.pk, state=self.State.RUNNING).update(
            state=self.State.OPEN
        )
        if changed:
            self.state = self.State.OPEN
        return bool(changed)

    def can(self, action: str) -> bool:
        """Whether ``move(action)`` would do something now."""
        return self.state in self.TRANSITIONS[action][0]
