"""What takes work and says the same to many: worked out once in a while."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language

from history.models import Event

if TYPE_CHECKING:
    from people.models import User

# An act has its moment before it can be seen; one that took longer than this shows a
# little later.
STORED_WITHIN = timedelta(seconds=5)


def kept(name: str, make: Callable[[], str], *, reader: "User") -> str:
    """What ``make`` gives, or what it gave at most ``KEPT_SECONDS`` ago to somebody
    else who may see it, in the same language and time zone.

    Whoever did something reads what came of it: nothing is kept for them from before
    their last act. ``name`` says all else that the outcome hangs on.
    """
    if not settings.KEPT_SECONDS:
        return make()
    zone = timezone.get_current_timezone_name()
    key = f"kept.{name}.{get_language()}.{zone}"
    now = timezone.now()
    if found := cache.get(key):
        made_at, outcome = found
        acted = Event.objects.filter(by=reader, at__gte=made_at - STORED_WITHIN)
        if not acted.exists():
            return str(outcome)
    outcome = make()
    cache.set(key, (now, outcome), settings.KEPT_SECONDS)
    return outcome
