"""When people work, where they are: a reminder waits for such an hour."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from babel.core import get_global
from django.conf import settings


@lru_cache(maxsize=512)
def _holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country; none where they are not known."""
    # Dear to load, and only whoever sends needs it.
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_working_day(day: date, zone: str) -> bool:
    """Whether people work on this day in the country of the time zone."""
    if day.weekday() not in settings.WORKING_DAYS:
        return False
    if not settings.PUBLIC_HOLIDAYS_OFF:
        return True
    country = get_global("zone_territories").get(zone, "")
    return day not in _holidays(country, day.year)


def next_working_day(day: date, zone: str) -> date:
    """This day if people work, else the first after it on which they do."""
    while not is_working_day(day, zone):
        day += timedelta(days=1)
    return day


def next_working_morning(now: datetime, zone: str, hour: int | None = None) -> datetime:
    """Now, in working hours there; else the beginning of the next working day."""
    if not settings.REMINDERS_WAIT:
        return now
    place = zoneinfo.ZoneInfo(zone)
    first, last = settings.WORKING_HOURS
    first = first if hour is None else hour
    local = now.astimezone(place)
    today = local.date()
    if is_working_day(today, zone) and first <= local.hour < last:
        return now
    if local.hour >= first:
        today += timedelta(days=1)
    return _morning(next_working_day(today, zone), first, place)


def tomorrow_morning(now: datetime, zone: str) -> datetime:
    """The beginning of the first working day after today."""
    place = zoneinfo.ZoneInfo(zone)
    day = now.astimezone(place).date() + timedelta(days=1)
    return _morning(next_working_day(day, zone), settings.WORKING_HOURS[0], place)


def _morning(day: date, hour: int, place: zoneinfo.ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=place).astimezone(UTC)
