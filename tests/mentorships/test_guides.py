import pytest
from django.utils import translation

from mentorships.guides import guide_for, guides


@pytest.mark.parametrize("guide", guides().values(), ids=lambda guide: guide.key)
def test_each_guide_fits_in_a_session_and_speaks_both_languages(guide):
    assert 30 <= guide.minutes <= 90
    assert len(guide.questions) >= 3
    texts = [guide.title, guide.summary, guide.tip, *guide.questions]
    texts += [text for step in guide.steps for text in (step.title, step.text)]
    for text in texts:
        assert text.nl.strip()
        assert text.en.strip()


def test_a_guide_reads_in_the_active_language():
    title = guides()["first-meeting"].title

    with translation.override("nl"):
        assert str(title) == "De eerste ontmoeting"
    with translation.override("en"):
        assert str(title) == "The first meeting"


@pytest.mark.parametrize(
    ("held", "has_goals", "key"),
    [(0, False, "first-meeting"), (1, False, "goals"), (3, True, "regular")],
)
def test_the_guide_that_fits_is_offered(held, has_goals, key):
    assert guide_for(held=held, has_goals=has_goals).key == key
