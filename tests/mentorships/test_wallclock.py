from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from mentorships.wallclock import moment, workdays_from


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


def test_workdays_skip_the_weekend_at_the_same_time_of_day():
    friday = datetime(2026, 11, 27, 10)

    assert workdays_from(friday, 3) == [
        friday,
        datetime(2026, 11, 30, 10),
        datetime(2026, 12, 1, 10),
    ]
