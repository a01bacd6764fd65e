"""Calendar invitations: iCalendar (RFC 5545) by mail (RFC 6047)."""

import zoneinfo
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from mentorships.models import MentoringSession
from people.models import User

REQUEST, CANCEL = "REQUEST", "CANCEL"


def _line(text: str) -> str:
    """The text without what would end a line of the file, or no calendar can read."""
    return "".join(each if each.isprintable() else " " for each in text)


def invitation(
    session: MentoringSession, method: str = REQUEST, to: User | None = None
) -> bytes:
    """The file that a calendar reads: the same UID always, a higher SEQUENCE each time.
    Who is in the mentorship no longer is alone in it: it goes out of their calendar.

    Times are on the clock of the place where it was planned, and the file says how that
    clock runs. What it is about stays out: colleagues may see each other's calendars.
    """
    zone = zoneinfo.ZoneInfo(session.zone)
    calendar = Calendar()
    calendar.add("prodid", "-//Wegwijs//Sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", session.ics_uid)
    event.add("sequence", session.ics_sequence)
    event.add("dtstamp", datetime.now(tz=UTC))
    event.add("dtstart", session.starts_at.astimezone(zone))
    event.add("dtend", session.ends_at.astimezone(zone))
    members = list(session.mentorship.members.select_related("participant__user"))
    event.add("summary", _line(" & ".join(str(member) for member in members)))
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if session.place:
        event.add("location", _line(session.place))
    event.add("url", settings.SITE_URL + session.mentorship.get_absolute_url())
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["cn"] = vText(name)
    event["organizer"] = organizer
    people = {each.participant.user for each in members}
    if to and to not in people:
        people = {to}
    for user in sorted(people, key=lambda each: each.pk):
        attendee = vCalAddress(f"mailto:{user.email}")
        attendee.params["cn"] = vText(_line(user.name))
        attendee.params["role"] = vText("REQ-PARTICIPANT")
        attendee.params["partstat"] = vText("NEEDS-ACTION")
        # Answers would go to an address that nobody reads.
        attendee.params["rsvp"] = vText("FALSE")
        event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    day = session.starts_at.date()
    calendar.add_missing_timezones(
        first_date=day - timedelta(days=400), last_date=day + timedelta(days=400)
    )
    return bytes(calendar.to_ical())


def feed(user: User, sessions: Iterable[MentoringSession]) -> bytes:
    """Somebody's own sessions, for a calendar that asks for them now and then."""
    calendar = Calendar()
    calendar.add("prodid", "-//Wegwijs//Sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Wegwijs")
    calendar.add("refresh-interval", timedelta(hours=1), {"value": "DURATION"})
    days = []
    for session in sessions:
        zone = zoneinfo.ZoneInfo(session.zone)
        event = Event()
        event.add("uid", session.ics_uid)
        event.add("sequence", session.ics_sequence)
        event.add("dtstamp", datetime.now(tz=UTC))
        event.add("dtstart", session.starts_at.astimezone(zone))
        event.add("dtend", session.ends_at.astimezone(zone))
        others = [
            str(member)
            for member in session.mentorship.members.all()
            if member.participant.user_id != user.pk
        ]
        event.add("summary", _line(", ".join(others)))
        event.add("status", "CONFIRMED")
        if session.place:
            event.add("location", _line(session.place))
        event.add("url", settings.SITE_URL + session.get_absolute_url())
        calendar.add_component(event)
        days.append(session.starts_at.date())
    if days:
        calendar.add_missing_timezones(
            first_date=min(days) - timedelta(days=400),
            last_date=max(days) + timedelta(days=400),
        )
    return bytes(calendar.to_ical())
