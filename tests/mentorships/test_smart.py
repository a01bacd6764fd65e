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
        ({"target": Decimal(-5)}, "achievable"),
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


@pytest.mark.parametrize(
    ("language", "specific", "word"),
    [
        ("en", "I want to become better at presenting to people", "better"),
        ("en", "I present to people every month, and better each time", ""),
        ("en", "I do things for 3 colleagues", ""),
        ("nl", "Ik wil beter worden in presenteren voor een groep", "beter"),
        ("nl", "Ik presenteer elke maand voor meer dan de helft", ""),
        ("nl", "Beter", "beter"),
    ],
)
def test_a_vague_word_wants_a_number_or_a_rhythm_beside_it(language, specific, word):
    [hint, *_] = review(**{**GOOD, "specific": specific, "language": language})

    assert hint.ok is not bool(word)
    assert f"“{word}”" in hint.text if word else True


def test_without_a_value_to_reach_nobody_knows_whether_it_can_be_reached():
    assert missing(target=None) == ["measurable", "achievable"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_speaks_the_language_asked(language):
    labels = [hint.label for hint in review(**{**GOOD, "language": language})]

    assert labels[0] == {"nl": "Specifiek", "en": "Specific"}[language]


def test_a_language_it_does_not_speak_is_answered_in_dutch():
    [hint, *_] = review(**{**GOOD, "language": "fr"})

    assert hint.label == "Specifiek"


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "It goes down, from 7.5 to 2. Is that right?"),
        ("nl", "Het gaat omlaag, van 7,5 naar 2. Klopt dat?"),
    ],
)
def test_who_goes_down_is_asked_whether_they_mean_it(language, question):
    down = {"start": Decimal("7.5"), "target": Decimal("2.0"), "language": language}
    hints = {hint.part: hint for hint in review(**{**GOOD, **down})}

    assert hints["achievable"].ok
    assert hints["achievable"].text == question
    assert [hint.part for hint in hints.values() if hint.asks] == ["achievable"]
