"""Times on the clock of a place, and the moments they are."""

import zoneinfo
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

# Nobody plans or remembers further; at the ends of the calendar no clock goes on.
WITHIN = timedelta(days=5 * 365)


def moment(wall: datetime, zone: str) -> datetime:
    """The moment of a wall time in a zone.

    An hour that the clock skips is refused, and so is a day of another time; of an
    hour that comes twice the first is meant.
    """
    if abs(wall.date() - timezone.localdate()) > WITHIN:
        raise ValidationError(_("This day is too far away."))
    place = zoneinfo.ZoneInfo(zone)
    found = wall.replace(tzinfo=place)
    utc = found.astimezone(UTC)
    if utc.astimezone(place).replace(tzinfo=None) != wall:
        raise ValidationError(
            _("The clock skips this hour. Choose an hour earlier or later.")
        )
    return utc


def workdays_from(first: datetime, number: int) -> list[datetime]:
    """So many days of the working week from this one, at the same time of day."""
    days: list[datetime] = []
    while len(days) < number:
        if first.weekday() < 5:
            days.append(first)
        first += timedelta(days=1)
    return days
