"""What they agreed on, and who put their name under it."""

from datetime import datetime

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentorships.models.mentorships import Member, Mentorship
from people.models import User


class Agreement(models.Model):
    """How they want to work together. Everybody in it sees it, nobody else.

    A change makes it a new version, which is signed anew. It is never needed for
    anything else.
    """

    mentorship = models.OneToOneField(
        Mentorship, models.CASCADE, related_name="agreement"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    minutes = models.PositiveSmallIntegerField(_("how long we meet"), default=60)
    channel = models.CharField(_("where or how we meet"), max_length=300, blank=True)
    confidentiality = models.TextField(
        _("what stays between us"), max_length=1000, blank=True
    )
    expectations = models.TextField(
        _("what we expect of each other"), max_length=2000, blank=True
    )
    first_goal = models.CharField(_("what we begin with"), max_length=300, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    def __str__(self) -> str:
        return f"agreement of {self.mentorship_id}"

    def signed_by(self) -> "set[int]":
        """The members whose name stands under the version of now."""
        return {
            each.member_id
            for each in self.signatures.all()
            if each.version == self.version
        }

    @property
    def is_signed(self) -> bool:
        """Whether everybody signed it as it stands."""
        return self.signed_by() >= {each.pk for each in self.mentorship.members.all()}

    @property
    def signed_at(self) -> datetime | None:
        """When the last of them signed it as it stands; ``None`` until then."""
        if not self.is_signed:
            return None
        return max(
            each.at for each in self.signatures.all() if each.version == self.version
        )


class Signature(models.Model):
    """That a member signed one version."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = [F("version").desc(), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "member", "version"], name="sign_a_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} under version {self.version}"
