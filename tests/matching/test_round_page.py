"""The page of a round, while it runs and when it is done."""

import pytest

from matching.models import Round


@pytest.fixture
def round_(program) -> Round:
    return Round.objects.create(
        program=program, state=Round.State.READY, total=0, upper_bound=0, seconds=1
    )


def test_a_round_that_is_done_while_one_waits_brings_its_pairs(
    as_user, coordinator, round_
):
    htmx = {"HX-Request": "true", "HX-Target": "progress"}

    part = as_user(coordinator).get(round_.get_absolute_url(), headers=htmx)

    assert part["HX-Refresh"] == "true"
    assert "<html" not in part.content.decode()
