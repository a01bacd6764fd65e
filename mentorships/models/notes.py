"""What is written down: together, for oneself, and what somebody will do."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.sealing import seal, unseal
from mentorships.models.mentorships import Member, MentoringSession, Mentorship
from people.models import User

# What one writes, in characters; and what two who wrote at once may come to.
LONGEST, LONGEST_TOGETHER = 20_000, 100_000


class SharedNote(models.Model):
    """What the pair wrote down together: one version. The last one is what counts."""

    session = models.ForeignKey(MentoringSession, models.CASCADE, related_name="notes")
    version = models.PositiveIntegerField(default=1)
    body = models.TextField(_("shared notes"), max_length=LONGEST_TOGETHER)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "version"], name="note_version_once"
            )
        ]


class SealedQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "SealedQuerySet":
        return self.filter(author=user)


class Sealed(models.Model):
    """What one person wrote for themselves, sealed and bound to its row and author."""

    author = models.ForeignKey(User, models.CASCADE, related_name="+")
    sealed = models.BinaryField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def _bound_to(self) -> str:
        raise NotImplementedError

    def write(self, text: str) -> None:
        """Seal the text into this row; save it afterwards."""
        self.sealed = seal(text, bound_to=self._bound_to)

    def read(self) -> str:
        """The text. Raises ``CannotOpen`` when the row or the key was changed."""
        return unseal(bytes(self.sealed), bound_to=self._bound_to)


class PrivateNote(Sealed):
    """What one person noted for themselves. Nobody else can read it, ever."""

    session = models.ForeignKey(
        MentoringSession, models.CASCADE, related_name="private_notes"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "author"], name="one_private_note_per_session"
            )
        ]

    def __str__(self) -> str:
        return f"private note {self.pk}"

    @property
    def _bound_to(self) -> str:
        return f"private-note:{self.session_id}:{self.author_id}"


class ActionQuerySet(models.QuerySet["Action"]):
    def open(self) -> "ActionQuerySet":
        return self.filter(done_at=None)


class Action(models.Model):
    """Something one of them will do. It carries forward until it is done."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="actions")
    owner = models.ForeignKey(Member, models.CASCADE, related_name="actions")
    text = models.CharField(_("action"), max_length=300)
    due_on = models.DateField(_("by"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = [
            F("done_at").desc(nulls_first=True),
            F("due_on").asc(nulls_last=True),
            "pk",
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mentorship", "owner", "text"],
                condition=Q(done_at=None),
                name="open_action_once",
                violation_error_message=_("This stands on the list already."),
            )
        ]

    def __str__(self) -> str:
        return self.text
