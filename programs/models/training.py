"""What people can learn from before and during a programme."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.words import pick
from programs.models.participants import Participant
from programs.models.programs import Program
from programs.models.roles import Role


def random_name(_module: Any, _called: str) -> str:
    """Where a file is kept: nothing that somebody called it is in it."""
    return f"training/{secrets.token_hex(16)}"


class ModuleQuerySet(models.QuerySet["Module"]):
    def meant_for(self, role: str) -> "ModuleQuerySet":
        """Those for a role, or for everybody."""
        return self.filter(role__in=["", role])

    def training(self) -> "ModuleQuerySet":
        """Those that one completes; the rest is there to look things up."""
        return self.exclude(need=Module.Need.RESOURCE)

    def out(self) -> "ModuleQuerySet":
        """Those that may be read today."""
        return self.filter(Q(opens_on=None) | Q(opens_on__lte=timezone.localdate()))

    def needed_first(self) -> "ModuleQuerySet":
        """Those without which nobody is matched."""
        return self.out().filter(
            need=Module.Need.REQUIRED, stage=Module.Stage.BEFORE_MATCHING
        )

    def undone_by(self, participant: Participant) -> "ModuleQuerySet":
        return self.exclude(completions__participant=participant)


class Module(models.Model):
    """A short training, or something for the library of a programme."""

    class Need(models.TextChoices):
        REQUIRED = "required", _("required")
        ADVISED = "advised", _("advised")
        RESOURCE = "resource", _("to look things up")

    class Stage(models.TextChoices):
        BEFORE_MATCHING = "before", _("before matching")
        START = "start", _("getting acquainted")
        WORKING = "working", _("on the way")
        CLOSING = "closing", _("rounding off")

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        VIDEO = "video", _("video")
        COURSE = "course", _("course elsewhere")
        LINK = "link", _("page or document elsewhere")
        FILE = "file", _("file to download")

    program = models.ForeignKey(Program, models.CASCADE, related_name="modules")
    # The shipped one that it came from.
    key = models.SlugField(max_length=60, blank=True)
    role = models.CharField(
        _("for whom"), max_length=12, choices=Role, blank=True, default=""
    )
    need = models.CharField(
        _("how much it is needed"), max_length=10, choices=Need, default=Need.ADVISED
    )
    stage = models.CharField(
        _("when"), max_length=10, choices=Stage, default=Stage.BEFORE_MATCHING
    )
    kind = models.CharField(
        _("what it is"), max_length=8, choices=Kind, default=Kind.TEXT
    )
    title_nl = models.CharField(_("title, in Dutch"), max_length=120, blank=True)
    title_en = models.CharField(_("title, in English"), max_length=120, blank=True)
    body_nl = models.TextField(_("text, in Dutch"), max_length=20_000, blank=True)
    body_en = models.TextField(_("text, in English"), max_length=20_000, blank=True)
    link = models.URLField(_("web address"), max_length=500, blank=True)
    file = models.FileField(_("file"), upload_to=random_name, blank=True)
    # What it is saved as, with the ending of what it is.
    file_name = models.CharField(max_length=100, blank=True, editable=False)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)
    opens_on = models.DateField(_("to be read from"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title_nl="", title_en=""),
                name="module_has_a_title",
                violation_error_message=_("Give it a title."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return pick(self.title_nl, self.title_en)

    @property
    def body(self) -> str:
        return pick(self.body_nl, self.body_en)

    @property
    def is_file(self) -> bool:
        return self.kind == self.Kind.FILE and bool(self.file)

    @property
    def is_elsewhere(self) -> bool:
        return self.kind not in {self.Kind.TEXT, self.Kind.FILE}

    @property
    def is_resource(self) -> bool:
        return self.need == self.Need.RESOURCE


class Completion(models.Model):
    """That a participant did a training."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="completions")
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="completions"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["module", "participant"], name="module_completed_once"
            )
        ]
