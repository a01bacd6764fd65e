"""Times on the clock of a place, and the moments they are."""

import zoneinfo
from datetime import UTC, datetime

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
