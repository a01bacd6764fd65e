"""How it goes between them, which each says for oneself, and what shows it was done."""

import secrets
import uuid

from django.db import models
from django.urls import reverse
from django.utils import timezone

from mentorships.models.mentorships import Member
from mentorships.models.notes import Sealed


class FitCheck(Sealed):
    """Whether it clicks, by one of them, after the first session. Only they read it."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="fit_check")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"fit check of {self.member_id}"

    @property
    def _bound_to(self) -> str:
        return f"fit-check:{self.member_id}:{self.author_id}"


class Concern(Sealed):
    """That something is off, and what, in somebody's own words. Only they read it.

    A coordinator hears that they want to be called, if they ask for it; never why.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="concerns")
    at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True)
    # What its text is bound to: it is sealed before it has a number.
    mark = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"concern {self.pk}"

    @property
    def _bound_to(self) -> str:
        return f"concern:{self.mark}:{self.member_id}:{self.author_id}"


class EndReason(Sealed):
    """Why somebody ended it. Only they read it."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="end_reason")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"end reason of {self.member_id}"

    @property
    def _bound_to(self) -> str:
        return f"end-reason:{self.member_id}:{self.author_id}"


def new_code() -> str:
    """Twelve signs that one can read aloud, without those that look alike."""
    signs = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
    return "".join(secrets.choice(signs) for _number in range(12))


class Certificate(models.Model):
    """That somebody took part to the end. Whoever has its code can check it."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="certificate")
    code = models.CharField(max_length=12, unique=True, default=new_code)
    issued_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"certificate of {self.member_id}"

    def get_absolute_url(self) -> str:
        return reverse("mentorships:certificate_check", args=[self.code])
