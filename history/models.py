"""Who did what, when. Never what was said."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from mentoring.sealing import seal, unseal

if TYPE_CHECKING:
    from people.models import User


class Event(models.Model):
    """One thing that somebody did. Rows are only ever added.

    There is no foreign key to what it is about, so that history outlives it.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    verb = models.CharField(max_length=60)
    about_type = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    program_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["about_type", "about_id"]),
            models.Index(fields=["by", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.about_type} {self.about_id} {self.verb}"


class Press(models.Model):
    """A form that was sent, by the mark of its page and what was filled in, and
    where it led. That is sealed: beside what was made at the same moment it could say
    who reported something.
    """

    mark = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"press {self.mark}"

    @property
    def led_to(self) -> str:
        return unseal(bytes(self.sealed), bound_to=f"press:{self.mark}")

    def lead_to(self, url: str) -> None:
        self.sealed = seal(url, bound_to=f"press:{self.mark}")
        self.save(update_fields=["sealed"])


def record(thing: models.Model, verb: str, *, by: "User | None") -> Event:
    """Write down that ``by`` did ``verb`` to ``thing``; ``None`` is the clock."""
    if thing._meta.label_lower == "programs.program":
        program_id = thing.pk
    else:
        program_id = getattr(thing, "program_id", None)
    return Event.objects.create(
        by=by,
        verb=verb,
        about_type=thing._meta.label_lower,
        about_id=thing.pk,
        program_id=program_id,
    )
