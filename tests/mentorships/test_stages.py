from datetime import date, timedelta

import pytest

from mentorships.stages import LABELS, Facts, Stage, stage_of, way

TODAY = date(2026, 6, 1)
FAR, NEAR = TODAY + timedelta(days=90), TODAY + timedelta(days=14)


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        (Facts(0, False, False, FAR), Stage.ACQUAINTED),
        (Facts(0, True, True, NEAR), Stage.ACQUAINTED),
        (Facts(1, False, False, FAR), Stage.AGREEING),
        (Facts(1, True, False, FAR), Stage.WORKING),
        (Facts(2, False, True, None), Stage.WORKING),
        (Facts(5, True, True, NEAR), Stage.CLOSING),
        (Facts(5, True, True, FAR, is_ended=True), Stage.CLOSING),
    ],
)
def test_the_stage_follows_from_facts(facts, stage):
    assert stage_of(facts, TODAY) == stage


def test_the_way_says_what_is_past_and_where_one_is():
    states = [step["state"] for step in way(Stage.WORKING)]

    assert states == ["past", "past", "now", "ahead"]
    assert set(LABELS) == set(Stage)
