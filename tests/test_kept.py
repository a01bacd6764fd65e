"""Figures that many read are worked out once in a while."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from history.kept import kept
from history.models import Event, record
from people.models import User
from programs.models import Program
from tests import factories


class Worked:
    """Counts how often it was asked."""

    times = 0

    def __call__(self) -> str:
        self.times += 1
        return f"made {self.times}"


@pytest.fixture
def keeping(settings: Any) -> None:
    settings.KEPT_SECONDS = 60


@pytest.fixture
def worked() -> Worked:
    return Worked()


def test_it_is_worked_out_once_for_all_who_read_it(
    keeping: None, worked: Worked, hr_admin: User, coordinator: User
) -> None:
    found = {kept("it", worked, reader=each) for each in (hr_admin, coordinator)}

    assert found == {"made 1"}


def test_in_another_language_or_zone_it_is_another(
    keeping: None, worked: Worked, hr_admin: User
) -> None:
    kept("it", worked, reader=hr_admin)
    with translation.override("nl"):
        assert kept("it", worked, reader=hr_admin) == "made 2"
    with timezone.override("Asia/Tokyo"):
        assert kept("it", worked, reader=hr_admin) == "made 3"


def test_who_did_something_reads_what_came_of_it_and_others_within_a_minute(
    keeping: None,
    worked: Worked,
    program: Program,
    hr_admin: User,
    coordinator: User,
    sponsor: User,
) -> None:
    kept("it", worked, reader=hr_admin)
    record(program, "changed", by=coordinator)

    assert kept("it", worked, reader=sponsor) == "made 1"
    assert kept("it", worked, reader=coordinator) == "made 2"


def test_an_act_of_before_does_not_count(
    keeping: None, worked: Worked, program: Program, coordinator: User
) -> None:
    record(program, "changed", by=coordinator)
    Event.objects.update(at=timezone.now() - timedelta(minutes=1))
    for _time in range(2):
        found = kept("it", worked, reader=coordinator)

    assert found == "made 1"


def test_in_a_trial_nothing_is_kept(worked: Worked, hr_admin: User) -> None:
    for _time in range(2):
        found = kept("it", worked, reader=hr_admin)

    assert found == "made 2"


@pytest.mark.parametrize(
    "path", ["/overview/leaders/", "/overview/", "/overview/leaders/totals/"]
)
def test_pages_of_figures_are_kept_and_still_only_for_who_may_read_them(
    keeping: None, path: str, program: Program, hr_admin: User, outsider: User
) -> None:
    client = Client()
    client.force_login(hr_admin)
    first = client.get(path)
    factories.ParticipantFactory.create_batch(9, program=program)
    again = client.get(path)

    assert _main(again.content) == _main(first.content)
    client.force_login(outsider)
    assert client.get(path).status_code == 404
    cache.clear()
    client.force_login(hr_admin)
    assert _main(client.get(path).content) != _main(first.content)


def _main(page: bytes) -> bytes:
    return page.partition(b"<main")[2]
