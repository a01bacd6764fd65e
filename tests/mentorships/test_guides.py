import pytest
from django.utils import translation

from mentorships.guides import guide_for, guides
from tests.mentorships.pages import at, text


@pytest.mark.parametrize("guide", guides().values(), ids=lambda guide: guide.key)
def test_each_guide_fits_in_a_session_and_speaks_both_languages(guide):
    assert 30 <= guide.minutes <= 90
    assert len(guide.questions) >= 3
    texts = [guide.title, guide.summary, guide.tip, *guide.questions]
    texts += [words for step in guide.steps for words in (step.title, step.text)]
    for words in texts:
        assert words.nl.strip()
        assert words.en.strip()


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


def test_guides_are_there_for_everybody(as_user, outsider):
    client = as_user(outsider)

    assert "The first meeting" in text(client.get(at("guide_list")))
    assert "Agenda" in text(client.get(at("guide_detail", "first-meeting")))
    assert client.get(at("guide_detail", "no-such-guide")).status_code == 404
