"""What is expected of each role, in versions."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.words import pick
from programs.models.programs import Program
from programs.models.roles import Role


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
