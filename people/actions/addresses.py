"""Another address for people: it is theirs alone from now on, and no secret."""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.db import transaction

from history.models import Event
from people.addresses import FOLLOWS, Moved
from people.models import User


@transaction.atomic
def follow_addresses(moved: Sequence[Moved], *, by: User | None) -> None:
    """These people have another address: the history says so, nothing is left of the
    one before, and each app does its part. Their sessions have ended by themselves.
    """
    if not moved:
        return
    EmailAddress.objects.filter(user__in=[each.user_id for each in moved]).delete()
    Event.objects.bulk_create(
        Event(
            by=by,
            verb="address changed",
            about_type="people.user",
            about_id=each.user_id,
        )
        for each in moved
    )
    for follow in FOLLOWS:
        follow(moved, by)
