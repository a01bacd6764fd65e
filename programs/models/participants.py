"""Who takes part, as what, and what they accepted."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Absence, User, last_day_away
from programs.models.guidelines import Guideline
from programs.models.programs import Program
from programs.models.roles import Role

# How far somebody is; whoever is in two of them is in the first.
STAGES = {
    "pausing": _("pausing"),
    "matched": _("matched"),
    # Who leads is not waiting: there may be nobody for them.
    "free": _("still without a match"),
    "waiting": _("waiting for a match"),
    "joining": _("still to complete"),
    # Where no matches are made any more nobody waits, or has something to complete.
    "finished": _("finished"),
    "unmatched": _("never matched"),
}
# Whether somebody was ever in something with others, for the row of a participant: an
# app above adds its own when it starts.
EVER_MATCHED: list[Callable[[], Exists]] = []


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

    def may_be_viewed_by(self, user: User) -> "ParticipantQuerySet":
        """Those as whom somebody may look along: in programmes one runs, never oneself,
        and never who has a role in the organisation or runs the programme too.
        """
        runs = self.model.objects.coordinators().filter(
            program=OuterRef("program"), user=OuterRef("user")
        )
        return (
            self.active()
            .filter(
                program__in=Program.objects.managed_by(user),
                user__in=User.objects.working_here().filter(org_role=""),
            )
            .exclude(Exists(runs))
            .exclude(user=user)
            .exclude(role=Role.COORDINATOR)
        )

    def shown_to_manager(self, user: User) -> "ParticipantQuerySet":
        """Those who report to somebody and let them see that they take part, where the
        programme allows it. An IT admin sees nobody.
        """
        if user.is_it_admin:
            return self.none()
        return self.active().filter(
            shown_to=user,
            program__in=Program.objects.live().filter(managers_may_know=True),
            user__in=User.objects.working_here().filter(employment__manager=user),
        )

    def ready(self) -> "ParticipantQuerySet":
        """Those whom a round may match: guidelines accepted, profile complete, not
        pausing, and still working here.
        """
        here = {"user__is_active": True, "user__left_on": None}
        return self.active().filter(state=Participant.State.READY, **here).not_pausing()

    def not_pausing(self) -> "ParticipantQuerySet":
        """Those who are there today: who pauses is not matched, and not reminded."""
        return self.filter(
            Q(paused_until=None) | Q(paused_until__lte=timezone.localdate())
        )

    def pausing(self) -> "ParticipantQuerySet":
        """Those who are back on a later day."""
        return self.active().filter(paused_until__gt=timezone.localdate())

    def with_stage(self) -> Any:
        """Adds ``stage``: how far somebody is, one of ``STAGES``."""
        pauses = ~Q(pk__in=self.model.objects.not_pausing().values("pk"))
        over = Q(program__state__in=Program.DONE_MATCHING)
        return self.annotate(
            stage=Case(
                When(pauses, then=Value("pausing")),
                When(places_taken__gt=0, then=Value("matched")),
                *(
                    When(over & Q(ever()), then=Value("finished"))
                    for ever in EVER_MATCHED
                ),
                When(over, then=Value("unmatched")),
                When(
                    state=Participant.State.READY,
                    role=Role.MENTOR,
                    then=Value("free"),
                ),
                When(state=Participant.State.READY, then=Value("waiting")),
                default=Value("joining"),
                output_field=models.CharField(),
            )
        )

    def in_stage(self, stage: str) -> "ParticipantQuerySet":
        """Those of one of ``STAGES``; or all who are ready, or who have room."""
        people = self.exclude(role=Role.COORDINATOR)
        if stage == "ready":
            return people.ready()
        if stage == "room":
            return people.ready().filter(role=Role.MENTOR).with_room()
        found: ParticipantQuerySet = people.with_stage().filter(stage=stage)
        return found

    def with_must_accept(self) -> Any:
        """Adds ``must_accept``: whether the guidelines of the role have changed since
        they accepted them.
        """
        earlier = Acceptance.objects.filter(participant=OuterRef("pk"))
        return self.annotate(must_accept=_has_to_accept() & Exists(earlier))

    def with_guidelines_accepted(self) -> "ParticipantQuerySet":
        """Those who accepted the guidelines of their role as they are now."""
        return self.filter(~_has_to_accept())

    def hold(self) -> None:
        """Take these rows until the transaction is over, in one order: of two who give
        or free the same places, one waits for the other. Whoever changes more than one
        of them does so first, before a mentorship or a request.
        """
        rows = self.order_by("pk").select_for_update(no_key=True)
        list(rows.values_list("pk"))

    def with_room(self) -> "ParticipantQuerySet":
        return self.filter(places_taken__lt=F("capacity"))


def _has_to_accept() -> Exists:
    """That the guidelines of the role, as they are now, are not accepted."""
    accepted = Acceptance.objects.filter(
        participant=OuterRef(OuterRef("pk")), guideline=OuterRef("pk")
    )
    return Exists(
        Guideline.objects.current().filter(
            ~Exists(accepted), program=OuterRef("program"), role=OuterRef("role")
        )
    )


class Participant(models.Model):
    """One person, in one role, in one programme."""

    class State(models.TextChoices):
        JOINING = "joining", _("still to complete")
        READY = "ready", _("ready")

    # From which state an action leads to which: docs/states.md is made from this.
    TRANSITIONS = {
        "complete": ({"joining"}, "ready"),
        "be asked again": ({"ready"}, "joining"),
    }

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
    # The manager whom they let see that they take part, and no later one. It counts
    # where the programme allows it too.
    shown_to = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    joined_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    # The day on which they are back, or came back. Until then they are as good as away
    # from this programme: nobody matches or reminds them, and no clock runs.
    paused_until = models.DateField(_("back on"), null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["user__name_folded", "pk"]
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
    def is_pausing(self) -> bool:
        return (
            self.paused_until is not None and self.paused_until > timezone.localdate()
        )

    @property
    def pause(self) -> Absence | None:
        """The pause that goes on now, as a time away; the day back is not in it."""
        today = timezone.localdate()
        if self.paused_until is None or self.paused_until <= today:
            return None
        last = self.paused_until - timedelta(days=1)
        return Absence(user_id=self.user_id, starts_on=today, ends_on=last)

    @property
    def times_away(self) -> list[Absence]:
        """When they are away, first to last: from all they do, and while they pause."""
        found = [*self.user.absences.all(), *filter(None, [self.pause])]
        return sorted(found, key=lambda each: (each.starts_on, each.ends_on))

    @property
    def away_until(self) -> date | None:
        """The last day of the time away that goes on now, if one does."""
        return last_day_away(timezone.localdate(), self.times_away)

    @property
    def room(self) -> int:
        """Places that are free."""
        return self.capacity - self.places_taken

    @property
    def _works_here(self) -> bool:
        return self.user.is_active and self.user.left_on is None

    @property
    def why_no_place(self) -> str:
        """Why no place can be claimed, in a sentence; nothing when one can."""
        name = {"name": self.user.name}
        if self.left_at is not None or not self._works_here:
            return _("%(name)s no longer takes part.") % name
        if self.is_pausing:
            return _("%(name)s pauses.") % name
        if self.room > 0:
            return ""
        if self.role in {Role.MENTEE, Role.PEER}:
            return _("%(name)s already has a match.") % name
        return _("%(name)s has no free place any more.") % name

    def claim_place(self) -> None:
        """Take one free place. The last one goes to one of those who ask at once, and
        none to who no longer works here or pauses.
        """
        here = User.objects.working_here().filter(pk=OuterRef("user"))
        claimed = (
            Participant.objects.active()
            .not_pausing()
            .with_room()
            .filter(Exists(here), pk=self.pk)
            .update(places_taken=F("places_taken") + 1)
        )
        if not claimed:
            self.refresh_from_db(
                fields=["capacity", "places_taken", "left_at", "paused_until"]
            )
            full = _("%(name)s has no free place any more.") % {"name": self.user.name}
            raise ValidationError(self.why_no_place or full, code="taken")
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
