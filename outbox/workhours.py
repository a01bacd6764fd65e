"""When people work, where they are: a reminder waits for such an hour."""

import zoneinfo
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from babel.core import get_global
from django.conf import settings

from people.models import Absence, last_day_away


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
    return day.weekday() in settings.WORKING_DAYS and not is_holiday(day, zone)


def is_holiday(day: date, zone: str) -> bool:
    """Whether it is a public holiday in the country of the time zone."""
    if not settings.PUBLIC_HOLIDAYS_OFF:
        return False
    country = get_global("zone_territories").get(zone, "")
    return day in _holidays(country, day.year)


def next_working_day(day: date, zone: str) -> date:
    """This day if people work, else the first after it on which they do."""
    while not is_working_day(day, zone):
        day += timedelta(days=1)
    return day


def next_working_morning(
    now: datetime,
    zone: str,
    hour: int | None = None,
    *,
    absences: Iterable[Absence] = (),
) -> datetime:
    """Now, in working hours there; else the beginning of the next working day.

    Days on which somebody is away are no working days of theirs.
    """
    place = zoneinfo.ZoneInfo(zone)
    first, last = settings.WORKING_HOURS
    first = first if hour is None else hour
    local = now.astimezone(place)
    today = local.date()
    away = list(absences)
    if last_day_away(today, away):
        return _morning(_first_day_back(today, zone, away), first, place)
    if not settings.REMINDERS_WAIT:
        return now
    if is_working_day(today, zone) and first <= local.hour < last:
        return now
    if local.hour >= first:
        today += timedelta(days=1)
    return _morning(next_working_day(today, zone), first, place)


def _first_day_back(day: date, zone: str, away: list[Absence]) -> date:
    """The first working day from a day on that lies in no absence."""
    until = last_day_away(day, away)
    if until is None:
        return day
    after = next_working_day(until + timedelta(days=1), zone)
    return _first_day_back(after, zone, away)


def tomorrow_morning(now: datetime, zone: str) -> datetime:
    """The beginning of the first working day after today."""
    place = zoneinfo.ZoneInfo(zone)
    day = now.astimezone(place).date() + timedelta(days=1)
    return _morning(next_working_day(day, zone), settings.WORKING_HOURS[0], place)


def _morning(day: date, hour: int, place: zoneinfo.ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=place).astimezone(UTC)
