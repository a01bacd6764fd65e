from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from mentorships.wallclock import moment, next_working_morning


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        ("2027-03-27T10:00", "Europe/Amsterdam", "2027-03-27T09:00"),
        ("2027-03-29T10:00", "Europe/Amsterdam", "2027-03-29T08:00"),
        ("2027-10-31T10:00", "Europe/Amsterdam", "2027-10-31T09:00"),
        ("2027-03-29T10:00", "America/Paramaribo", "2027-03-29T13:00"),
        ("2027-03-29T10:00", "Asia/Tokyo", "2027-03-29T01:00"),
    ],
)
def test_ten_o_clock_is_ten_o_clock_there(wall, zone, utc):
    found = moment(datetime.fromisoformat(wall), zone)

    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_an_hour_that_the_clock_skips_is_refused():
    with pytest.raises(ValidationError, match="skips this hour"):
        moment(datetime(2027, 3, 28, 2, 30), "Europe/Amsterdam")


def test_of_an_hour_that_comes_twice_the_first_is_meant():
    found = moment(datetime(2027, 10, 31, 2, 30), "Europe/Amsterdam")

    assert found == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


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
    ],
)
def test_mail_waits_for_working_hours_where_the_person_is(now, zone, expected):
    found = next_working_morning(datetime.fromisoformat(now).replace(tzinfo=UTC), zone)

    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)
