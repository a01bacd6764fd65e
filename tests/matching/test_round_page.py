"""The page of a round, while it runs and when it is done."""

import pytest

from matching.models import Round


@pytest.fixture
def round_(program) -> Round:
    return Round.objects.create(
        program=program, state=Round.State.READY, total=0, upper_bound=0, seconds=1
    )


def test_a_round_that_is_done_while_one_waits_shows_the_way_to_its_pairs(
    as_user, coordinator, round_
):
    htmx = {"HX-Request": "true", "HX-Target": "progress"}

    part = as_user(coordinator).get(round_.get_absolute_url(), headers=htmx)

    assert "Show the pairs" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_the_page_of_a_round_needs_no_link_to_itself(as_user, coordinator, round_):
    page = as_user(coordinator).get(round_.get_absolute_url())

    assert "Show the pairs" not in page.content.decode()
