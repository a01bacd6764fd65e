"""The second step when signing in: what is told of it, and taking it away."""

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from outbox.actions import plan
from people.actions import end_sessions
from people.models import User


@transaction.atomic
def tell_second_step_changed(user: User, change: str) -> None:
    """Write down what somebody changed about it, and mail it: it may not be they."""
    record(user, change.replace("_", " "), by=user)
    plan("second_step_changed", user, occasion=_now(), facts={"change": change})


@transaction.atomic
def reset_second_step(user: User, *, by: User | None) -> None:
    """Take away the second step of who lost it; ``None`` is who keeps the server. They
    are signed out everywhere and read it in a mail.
    """
    if by == user:
        raise ValidationError(_("Your own second step you change in your settings."))
    gone, _rows = Authenticator.objects.filter(user=user).delete()
    if not gone:
        raise ValidationError(_("%(name)s has no second step.") % {"name": user.name})
    end_sessions({str(user.pk)})
    record(user, "second step reset", by=by)
    plan(
        "second_step_reset",
        user,
        occasion=_now(),
        facts={"by": by.pk if by else None},
    )


def _now() -> str:
    """Each time is an occasion of its own."""
    return f"{timezone.now():%Y-%m-%dT%H:%M:%S.%f}"
