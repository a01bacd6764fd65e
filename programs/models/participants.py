"""Who takes part, as what, and what they accepted."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import User
from programs.models.guidelines import Guideline
from programs.models.programs import Program
from programs.models.roles import Role


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
        """Take one free place. The last one goes to one of those who ask at once, and
        none to who no longer works here.
        """
        here = User.objects.working_here().filter(pk=OuterRef("user"))
        claimed = Participant.objects.filter(
            Exists(here), pk=self.pk, left_at=None, places_taken__lt=F("capacity")
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
