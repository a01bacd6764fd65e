"""What of messages follows another address."""

from collections.abc import Sequence

from outbox.models import Bounce
from people.addresses import Moved, follows
from people.models import User


@follows
def forget_bounces(moved: Sequence[Moved], by: User | None) -> None:
    """That an earlier address came back says nothing of whoever gets it next."""
    Bounce.objects.filter(email__in=[each.before.lower() for each in moved]).delete()
