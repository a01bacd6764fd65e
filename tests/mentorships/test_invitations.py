from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.utils import timezone

from mentorships import actions
from mentorships.invitations import CANCEL, invitation
from mentorships.models import MentoringSession
from tests import factories


@pytest.fixture
def session(mentorship):
    session = MentoringSession(mentorship=mentorship, place="Room 3, second floor")
    session.set_wall(datetime(2027, 3, 29, 10, 0), "Europe/Amsterdam")
    session.save()
    return session


def read(content):
    calendar = icalendar.Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_a_calendar_can_read_when_where_and_who(session, mentor, mentee):
    calendar, event = read(invitation(session))

    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"] == session.ics_uid
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event.decoded("DTSTART") == session.starts_at
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=60)
    assert event["LOCATION"] == "Room 3, second floor"
    assert event["ORGANIZER"] == "mailto:wegwijs@localhost"
    assert {str(each) for each in event["ATTENDEE"]} == {
        f"mailto:{mentor.email}",
        f"mailto:{mentee.email}",
    }


def test_the_file_says_how_the_clock_of_its_zone_runs(session):
    calendar, event = read(invitation(session))

    [zone] = calendar.walk("VTIMEZONE")

    assert zone["TZID"] == event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    there = zone.to_tz(lookup_tzid=False)
    assert datetime(2027, 3, 27, 10, tzinfo=there).utcoffset() == timedelta(hours=1)
    assert datetime(2027, 3, 29, 10, tzinfo=there).utcoffset() == timedelta(hours=2)


def test_what_it_is_about_stays_out_of_calendars_that_colleagues_see(mentorship):
    session = factories.MentoringSessionFactory(
        mentorship=mentorship, subject="My doubts"
    )

    assert b"doubts" not in invitation(session)


def test_a_move_keeps_the_uid_and_raises_the_sequence(session, mentee):
    _, before = read(invitation(session))

    actions.move_session(session, wall=datetime(2027, 4, 1, 15, 0), by=mentee)
    _, after = read(invitation(session))

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == 1
    assert after.decoded("DTSTART") == datetime(2027, 4, 1, 13, 0, tzinfo=UTC)


def test_taking_back_cancels_the_same_event(session, mentee):
    actions.cancel_session(session, by=mentee)
    calendar, event = read(invitation(session, CANCEL))

    assert calendar["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"
    assert event["UID"] == session.ics_uid
    assert event["SEQUENCE"] == 1


def test_a_zone_without_summer_time_needs_no_rules(mentorship):
    session = MentoringSession(mentorship=mentorship)
    session.set_wall(datetime(2027, 7, 1, 9, 0), "UTC")
    session.save()

    _, event = read(invitation(session))

    assert event.decoded("DTSTART") == datetime(2027, 7, 1, 9, 0, tzinfo=UTC)


def test_a_long_place_and_odd_signs_come_through(mentorship):
    place = "Café „De Brug”; " + "Lange straat 1, " * 12
    session = factories.MentoringSessionFactory(
        mentorship=mentorship, place=place[:300], starts_at=timezone.now()
    )

    content = invitation(session)
    _, event = read(content)

    assert event["LOCATION"] == place[:300]
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
