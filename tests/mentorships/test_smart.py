from datetime import date, timedelta
from decimal import Decimal

import pytest

from mentorships.smart import review

TODAY = date(2027, 1, 12)
GOOD = {
    "specific": "I chair the weekly stand-up of my team",
    "measure": "stand-ups chaired",
    "start": Decimal(0),
    "target": Decimal(5),
    "relevance": "I want to be heard sooner",
    "by_on": TODAY + timedelta(days=40),
    "today": TODAY,
    "language": "en",
}


def missing(**changes):
    return [hint.part for hint in review(**{**GOOD, **changes}) if not hint.ok]


def test_a_smart_goal_lacks_nothing():
    assert missing() == []


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"specific": "Grow"}, "specific"),
        ({"specific": ""}, "specific"),
        ({"measure": "  "}, "measurable"),
        ({"target": Decimal(0)}, "measurable"),
        ({"start": None}, "measurable"),
        ({"start": Decimal(1), "target": Decimal(90)}, "achievable"),
        ({"relevance": "yes"}, "relevant"),
        ({"by_on": None}, "time"),
        ({"by_on": TODAY}, "time"),
        ({"by_on": TODAY + timedelta(days=300)}, "time"),
    ],
)
def test_it_says_which_of_the_five_is_missing(changes, part):
    assert missing(**changes) == [part]


def test_a_vague_word_is_named():
    [hint, *_] = review(**{**GOOD, "specific": "Communicate better"})

    assert "“better”" in hint.text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_speaks_the_language_asked(language):
    labels = [hint.label for hint in review(**{**GOOD, "language": language})]

    assert labels[0] == {"nl": "Specifiek", "en": "Specific"}[language]


def test_a_language_it_does_not_speak_is_answered_in_dutch():
    [hint, *_] = review(**{**GOOD, "language": "fr"})

    assert hint.label == "Specifiek"
