"""What people tell about their mentorship, so that others dare to begin."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.branding import worded
from people.models import User
from programs.models import Participant, Program


class StoryQuerySet(models.QuerySet["Story"]):
    def shown(self) -> "StoryQuerySet":
        """Those that stand on the page of the programme."""
        return self.filter(state=Story.State.SHOWN)

    def offered(self) -> "StoryQuerySet":
        """Those that wait for who runs the programme."""
        return self.filter(state=Story.State.OFFERED)

    def written_by(self, user: User) -> "StoryQuerySet":
        return self.filter(author__user=user)

    def managed_by(self, user: User) -> "StoryQuerySet":
        """Those that one decides on: never a draft, and never one's own."""
        return (
            self.exclude(state=Story.State.DRAFT)
            .filter(author__program__in=Program.objects.managed_by(user))
            .exclude(author__user=user)
        )


class Story(models.Model):
    """A story of a participant, with their name, for whoever sees the programme.

    It is shown with two yeses: of the writer, who may take it back at any time, and of
    who runs the programme.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("only for you")
        OFFERED = "offered", worded(_("waits for the %(coordinator_word)s"))
        SHOWN = "shown", _("shown")

    # From which state an action leads to which: docs/states.md is made from this.
    TRANSITIONS = {
        "offer": ({"draft"}, "offered"),
        "show": ({"offered"}, "shown"),
        "give back": ({"offered", "shown"}, "draft"),
        "withdraw": ({"offered", "shown"}, "draft"),
        "change": ({"draft", "offered", "shown"}, "draft"),
    }

    author = models.ForeignKey(Participant, models.CASCADE, related_name="stories")
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("your story"), max_length=4000)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="nl"
    )
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    # Which text it is: who shows it shows the one they read.
    version = models.PositiveSmallIntegerField(default=1)
    written_at = models.DateTimeField(default=timezone.now)
    # When the writer said that it may be shown.
    consented_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-shown_at", "-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", consented_at=None, shown_at=None)
                | Q(state="offered", consented_at__isnull=False, shown_at=None)
                | Q(
                    state="shown",
                    consented_at__isnull=False,
                    shown_at__isnull=False,
                ),
                name="story_is_shown_only_with_consent",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("mentorships:story_edit", args=[self.pk])

    @property
    def program_id(self) -> int:
        return self.author.program_id

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT
