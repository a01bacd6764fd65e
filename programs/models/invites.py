"""Who was asked by e-mail to take part."""

import secrets

from django.core import signing
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, Lower
from django.utils import timezone

from people.models import User
from programs.models.participants import Participant
from programs.models.programs import Program
from programs.models.roles import Role


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


def token_of(nonce: str) -> str:
    """What a mail carries: only this server can make it of what the database holds."""
    return signing.Signer(salt="programs.Invite", sep=".").sign(nonce)


class InviteQuerySet(models.QuerySet["Invite"]):
    def unused(self) -> "InviteQuerySet":
        """Those whose link signs somebody in now."""
        return self.filter(
            used_at=None,
            expires_at__gt=timezone.now(),
            program__state__in=[Program.State.OPEN, Program.State.RUNNING],
        )

    def working(self) -> "InviteQuerySet":
        """Those by which somebody may join: the link was used, or still can be."""
        return self.filter(Q(used_at__isnull=False) | Q(expires_at__gt=timezone.now()))

    def unanswered(self) -> "InviteQuerySet":
        """Those of people who do not take part."""
        # As the index on addresses has them: a list of thousands is not searched anew
        # for every invitation.
        takes_part = (
            Participant.objects.active()
            .annotate(address=Lower("user__email"))
            .filter(program=OuterRef("program"), address=Lower(OuterRef("email")))
        )
        return self.filter(~Exists(takes_part))

    def forget_addresses(self, why: str) -> None:
        """Put what is nobody's in the place of each address; no two are the same."""
        number = Cast(F("pk"), models.CharField())
        self.update(email=Concat(Value(f"{why}-"), number, Value(f"@{why}.invalid")))


class Invite(models.Model):
    """Somebody asked by e-mail to take part in a role. The token's hash is kept."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="invites")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = InviteQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"

    @property
    def has_expired(self) -> bool:
        return self.used_at is None and self.expires_at <= timezone.now()
