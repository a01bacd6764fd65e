"""Who asks to take part where a coordinator decides."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import User
from programs.models.programs import Program
from programs.models.roles import Role


class ApplicationQuerySet(models.QuerySet["Application"]):
    def waiting(self) -> "ApplicationQuerySet":
        """Those that nobody decided on, of people who still work here."""
        return self.filter(
            state=Application.State.WAITING, user__is_active=True, user__left_on=None
        )

    def waiting_of(self, user: User) -> "ApplicationQuerySet":
        """What somebody asked to take part in and still waits to hear of, the oldest
        first.
        """
        return self.waiting().filter(user=user).select_related("program").order_by("at")


class Application(models.Model):
    """That somebody wants to take part, and what the coordinator decided."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for an answer")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    # From which state an action leads to which: docs/states.md is made from this.
    TRANSITIONS = {
        "approve": ({"waiting"}, "approved"),
        "decline": ({"waiting"}, "declined"),
        "withdraw": ({"waiting"}, "withdrawn"),
    }

    program = models.ForeignKey(Program, models.CASCADE, related_name="applications")
    user = models.ForeignKey(User, models.CASCADE, related_name="applications")
    role = models.CharField(max_length=12, choices=Role)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    capacity = models.PositiveSmallIntegerField(default=1)
    motivation = models.TextField(max_length=1000, blank=True)
    # The version of the guidelines that the applicant said yes to.
    accepted_version = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # Written to the applicant.
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "user"],
                condition=Q(state="waiting"),
                name="one_waiting_application_each",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "approved", "declined", "withdrawn"]),
                name="application_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def decide(self, state: str, *, by: User, reason: str = "") -> None:
        """Answer it, once; of two who answer at the same moment one does."""
        now = timezone.now()
        changed = Application.objects.filter(
            pk=self.pk, state=self.State.WAITING
        ).update(state=state, decided_at=now, decided_by=by, reason=reason)
        if not changed:
            raise ValidationError(_("This application has been answered already."))
        self.state, self.decided_at, self.reason = state, now, reason
