"""Who works together, and when they meet."""

import re
import uuid
import zoneinfo
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.wallclock import moment
from people.models import User
from programs.models import Participant, Program, Role

# In the place of a session: a link that a browser opens as a page.
LINK = re.compile(r"https?://[^\s<>\"]+")
NOON = time(12, 0)


def _needed() -> "models.QuerySet[Member]":
    """Within a query of mentorships: those without whom they cannot meet, each of two,
    and whoever leads a group. The rest of a group or circle goes on.
    """
    two = (
        Member.objects.filter(mentorship=OuterRef("mentorship"))
        .order_by()
        .values("mentorship")
        .annotate(number=Count("pk"))
        .filter(number=2)
    )
    return Member.objects.filter(
        Q(role=Role.MENTOR) | Exists(two), mentorship=OuterRef("pk")
    )


def _last_held() -> Subquery:
    """When they last met. Asked for each, not grouped: an index has it."""
    held = MentoringSession.objects.held().filter(mentorship=OuterRef("pk"))
    return Subquery(held.order_by("-starts_at").values("starts_at")[:1])


def _somebody_away(day: date) -> Exists:
    """Whether one of those is away on a day, or pauses in the programme until later."""
    absent = Q(
        participant__user__absences__starts_on__lte=day,
        participant__user__absences__ends_on__gte=day,
    )
    return Exists(_needed().filter(absent | Q(participant__paused_until__gt=day)))


def _back_on(field: str, last: Q, wait: timedelta) -> Coalesce:
    """When the last of them was back, by a field of a date that is over."""
    found = _needed().order_by().values("mentorship")
    back = found.annotate(last=Max(field, filter=last)).values(back=F("last") + wait)
    return Coalesce(Subquery(back), F("started_at"))


def _rhythm_and_a_half_before(now: datetime) -> Case:
    """Since then a session was due, by their own rhythm."""
    return Case(
        *(
            When(rhythm_days=rhythm, then=Value(now - timedelta(days=1.5 * rhythm)))
            for rhythm in Program.Rhythm.values
        ),
        output_field=models.DateTimeField(),
    )


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
        """Adds ``last_held_at``."""
        return self.annotate(last_held_at=_last_held())

    def with_quiet_from(self) -> "MentorshipQuerySet":
        """Adds ``last_held_at``, and ``quiet_from``: that, or else when it started.

        After a pause, or a time away, it counts from the day on which they are back.
        """
        today = timezone.localdate()
        absent, pausing = (
            "participant__user__absences__ends_on",
            "participant__paused_until",
        )
        last = _last_held()
        return self.annotate(
            last_held_at=last,
            quiet_from=Greatest(
                Coalesce(last, F("started_at")),
                Coalesce("back_at", "started_at"),
                _back_on(absent, Q((f"{absent}__lt", today)), timedelta(days=1)),
                _back_on(pausing, Q((f"{pausing}__lte", today)), timedelta()),
            ),
        )

    def over_by(self, day: date) -> "MentorshipQuerySet":
        """Those whose last day is this one or before: as agreed, or the programme's."""
        return self.filter(
            Q(ends_on__lte=day) | Q(ends_on=None, program__ends_on__lte=day)
        )

    def somebody_away_at(self, now: datetime) -> "MentorshipQuerySet":
        """Those who cannot meet: one of the two is away or pauses, or who leads the
        group.
        """
        return self.filter(_somebody_away(timezone.localdate(now)))

    def with_rests(self, now: datetime) -> "MentorshipQuerySet":
        """Adds ``rests``: whether it pauses, or they cannot meet."""
        resting = Mentorship.objects.resting_at(now).filter(pk=OuterRef("pk"))
        return self.annotate(rests=Exists(resting))

    def resting_at(self, now: datetime) -> "MentorshipQuerySet":
        """Those that pause, and those who cannot meet."""
        return self.filter(Q(back_at__gt=now) | _somebody_away(timezone.localdate(now)))

    def quiet_at(self, now: datetime) -> "MentorshipQuerySet":
        """Off their rhythm in a running programme: those to ask how it goes."""
        return self.off_rhythm_at(now).filter(program__state=Program.State.RUNNING)

    def under_way_at(self, now: datetime) -> "MentorshipQuerySet":
        """Active, and for longer than one and a half times their own rhythm: those of
        whom it can be said whether they keep it.
        """
        return self.active().filter(Q(started_at__lt=_rhythm_and_a_half_before(now)))

    def off_rhythm_at(self, now: datetime) -> "MentorshipQuerySet":
        """Active, nobody away, nothing planned, and no session for one and a half times
        their own rhythm.
        """
        found = (
            self.active()
            .with_quiet_from()
            .exclude(
                Exists(
                    MentoringSession.objects.planned().filter(
                        mentorship=OuterRef("pk"), starts_at__gt=now
                    )
                )
            )
            .exclude(_somebody_away(timezone.localdate(now)))
        )
        due = _rhythm_and_a_half_before(now)
        # Nearly all met since: that is looked at first, and costs less than when
        # everybody was back.
        return found.alias(met_at=Coalesce("last_held_at", "started_at")).filter(
            Q(met_at__lt=due), Q(quiet_from__lt=due)
        )


class Mentorship(models.Model):
    """People working together in one programme: a pair, a group or a circle."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="mentorships")
    rhythm_days = models.PositiveSmallIntegerField(
        _("rhythm"), choices=Program.Rhythm, default=Program.Rhythm.TWO_WEEKS
    )
    # What a group calls itself; a pair goes by its names.
    name = models.CharField(_("name of the group"), max_length=80, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Until when they agreed to go on; without it, as long as the programme runs.
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # Until then it rests; nobody is reminded of anything.
    back_at = models.DateTimeField(null=True, blank=True)

    # Filled in by ``with_last_held`` and ``with_quiet_from``.
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
        if self.name:
            return self.name
        names = [member.participant.user.name for member in self.members.all()]
        return " & ".join(names) if len(names) < 3 else ", ".join(names)

    def get_absolute_url(self) -> str:
        return reverse("mentorships:mentorship_detail", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    @property
    def is_paused(self) -> bool:
        return self.back_at is not None and self.back_at > timezone.now()

    @property
    def paused_until(self) -> date | None:
        """The day on which they are back."""
        if self.back_at is None:
            return None
        return self.back_at.astimezone(timezone.get_default_timezone()).date()

    @property
    def is_group(self) -> bool:
        return len(self.members.all()) > 2

    @property
    def last_day(self) -> date | None:
        """The day on which it is meant to be finished, if there is one."""
        return self.ends_on or self.program.ends_on

    @property
    def last_minutes(self) -> int | None:
        """How long their last session was, or is planned to be."""
        last = self.sessions.last()
        return last.minutes if last else None

    @property
    def usual_minutes(self) -> int:
        """How long they meet: as last time, or else as they agreed. For them alone."""
        agreement = getattr(self, "agreement", None)
        return self.last_minutes or (agreement.minutes if agreement else 60)

    def goes_on_without(self, participant: Participant) -> bool:
        """Whether there are still two or more, of whom one leads; peers lead all."""
        rest = [
            each for each in self.members.all() if each.participant_id != participant.pk
        ]
        leads = any(each.role in {Role.MENTOR, Role.PEER} for each in rest)
        return len(rest) > 1 and leads

    def may_be_left_by(self, participant: Participant) -> bool:
        """Whether somebody may go and leave the others together. For all of them it is
        ended by who leads it; a group that one may leave is not ended by anybody else.
        """
        return self.is_active and self.is_group and self.goes_on_without(participant)

    def member_for(self, user: User) -> "Member | None":
        """The user's own membership, if any."""
        for member in self.members.all():
            if member.participant.user_id == user.pk:
                return member
        return None

    def session_on(self, day: date, zone: str) -> "MentoringSession":
        """What there is to log of a day: the session that was planned for it and has
        begun, or else one that nobody planned.
        """
        for session in self.sessions.planned().filter(starts_at__lte=timezone.now()):
            if session.starts_at.astimezone(zoneinfo.ZoneInfo(zone)).date() == day:
                return session
        session = MentoringSession(mentorship=self)
        session.set_day(day, zone)
        return session

    def end(self) -> None:
        """End it now. Ending twice is refused; a race has one winner."""
        ended_at = timezone.now()
        if not Mentorship.objects.active().filter(pk=self.pk).update(ended_at=ended_at):
            raise ValidationError(_("This mentorship has already ended."))
        self.ended_at = ended_at


class MemberManager(models.Manager["Member"]):
    """Those who are in it: who stepped out of a group is not asked or told any more."""

    def get_queryset(self) -> models.QuerySet["Member"]:
        return super().get_queryset().filter(left_at=None)


class Member(models.Model):
    """A participant in a mentorship, in a role."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="members")
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role)
    # When they stepped out of a group that went on without them.
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MemberManager()
    ever = models.Manager["Member"]()

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

    # From which state an action leads to which: docs/states.md is made from this.
    TRANSITIONS = {
        "log": ({"planned", "missed"}, "held"),
        "miss": ({"planned", "held"}, "missed"),
        "call off": ({"planned"}, "missed"),
    }

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
    logged_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # Those that were planned in one go share it.
    series = models.UUIDField(null=True, editable=False)
    guide_key = models.SlugField(_("agenda"), max_length=40, blank=True)

    objects = MentoringSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        # When they last met and what is planned is asked of thousands at once.
        indexes = [models.Index(fields=["mentorship", "state", "starts_at"])]
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

    @property
    def link(self) -> str:
        """The link of the call, if the place has one."""
        found = LINK.search(self.place)
        return found[0] if found else ""

    @property
    def is_over(self) -> bool:
        return self.ends_at < timezone.now()

    def set_wall(self, wall: datetime, zone: str) -> None:
        """Put it at a time on the clock of a place; the moment follows.

        Raises ``ValidationError`` for an hour that the clock there skips.
        """
        self.starts_at = moment(wall, zone)
        self.wall_time = f"{wall:%Y-%m-%dT%H:%M}"
        self.zone = zone

    def set_day(self, day: date, zone: str) -> None:
        """Put one that nobody planned on a day: at noon, or now when it is morning."""
        self.set_wall(datetime.combine(day, NOON), zone)
        self.not_later_than_now()

    def not_later_than_now(self) -> None:
        """What is being logged was not to begin later: they met before that."""
        now = timezone.now()
        if self.starts_at > now:
            local = now.astimezone(zoneinfo.ZoneInfo(self.zone))
            self.set_wall(
                local.replace(tzinfo=None, second=0, microsecond=0), self.zone
            )


def to_log_and_coming(
    planned: Iterable[MentoringSession], now: datetime
) -> tuple[list[MentoringSession], list[MentoringSession]]:
    """Of what is planned: what is over and waits to be written down, and the rest."""
    to_log: list[MentoringSession] = []
    coming: list[MentoringSession] = []
    for session in planned:
        (to_log if session.ends_at < now else coming).append(session)
    return to_log, coming


class Attendance(models.Model):
    """That somebody was there, and what the hour was worth to them alone."""

    session = models.ForeignKey(
        MentoringSession, models.CASCADE, related_name="attendances"
    )
    member = models.ForeignKey(Member, models.CASCADE, related_name="attendances")
    rating = models.PositiveSmallIntegerField(
        _("how useful was it?"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(1, 5)),
                name="rating_1_to_5",
            ),
            models.UniqueConstraint(
                fields=["session", "member"], name="attendance_once_per_session"
            ),
        ]
