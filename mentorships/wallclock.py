"""Times on the clock of a place, and the moments they are."""

import zoneinfo
from datetime import UTC, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def moment(wall: datetime, zone: str) -> datetime:
    """The moment of a wall time in a zone.

    An hour that the clock skips is refused; of an hour that comes twice the first is
    meant.
    """
    place = zoneinfo.ZoneInfo(zone)
    found = wall.replace(tzinfo=place)
    utc = found.astimezone(UTC)
    if utc.astimezone(place).replace(tzinfo=None) != wall:
        raise ValidationError(
            _("The clock skips this hour. Choose an hour earlier or later.")
        )
    return utc


def next_working_morning(now: datetime, zone: str, hour: int = 9) -> datetime:
    """Now, between nine and six on a weekday there; else the next such morning."""
    place = zoneinfo.ZoneInfo(zone)
    local = now.astimezone(place)
    if local.weekday() < 5 and hour <= local.hour < 18:
        return now
    day = local.date()
    if local.hour >= hour:
        day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, time(hour), tzinfo=place).astimezone(UTC)
