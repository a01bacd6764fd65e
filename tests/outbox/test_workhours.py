from datetime import UTC, date, datetime

import pytest

from outbox.workhours import is_working_day, next_working_morning, tomorrow_morning


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        # A Tuesday at eleven in Amsterdam is a good moment at once.
        ("2027-01-12T10:00", "Europe/Amsterdam", "2027-01-12T10:00"),
        # Early in the morning: at nine the same day.
        ("2027-01-12T05:00", "Europe/Amsterdam", "2027-01-12T08:00"),
        # In the evening: the next day.
        ("2027-01-12T19:00", "Europe/Amsterdam", "2027-01-13T08:00"),
        # On Friday evening and in the weekend: on Monday.
        ("2027-01-15T19:00", "Europe/Amsterdam", "2027-01-18T08:00"),
        ("2027-01-16T11:00", "Europe/Amsterdam", "2027-01-18T08:00"),
        # In Paramaribo the day begins four hours later, in Tokyo it is over.
        ("2027-01-12T10:00", "America/Paramaribo", "2027-01-12T12:00"),
        ("2027-01-12T10:00", "Asia/Tokyo", "2027-01-13T00:00"),
        # King's Day is a day off in Amsterdam, and nowhere else.
        ("2027-04-27T10:00", "Europe/Amsterdam", "2027-04-28T07:00"),
        ("2027-04-27T10:00", "Europe/Berlin", "2027-04-27T10:00"),
        # Christmas 2026, and the weekend that follows it.
        ("2026-12-25T10:00", "Europe/Amsterdam", "2026-12-28T08:00"),
        # The Mondays after the clock changes.
        ("2027-03-27T10:00", "Europe/Amsterdam", "2027-03-30T07:00"),
        ("2027-10-30T10:00", "Europe/Amsterdam", "2027-11-01T08:00"),
        ("2028-02-29T05:00", "Europe/Amsterdam", "2028-02-29T08:00"),
    ],
)
def test_mail_waits_for_working_hours_where_the_person_is(
    office_hours, now, zone, expected
):
    found = next_working_morning(datetime.fromisoformat(now).replace(tzinfo=UTC), zone)

    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_tomorrow_is_the_next_day_on_which_people_work(office_hours):
    friday = datetime(2027, 1, 15, 10, 0, tzinfo=UTC)

    assert tomorrow_morning(friday, "Europe/Amsterdam") == datetime(
        2027, 1, 18, 8, 0, tzinfo=UTC
    )


def test_a_country_without_known_holidays_has_its_weekends(office_hours):
    assert is_working_day(date(2027, 1, 12), "Antarctica/Troll")
    assert not is_working_day(date(2027, 1, 16), "Antarctica/Troll")


def test_a_zone_of_no_country_has_its_weekends(office_hours):
    assert is_working_day(date(2027, 1, 1), "UTC")
