"""How a question was worded each time that it was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from feedback.models import Question, Survey
from mentoring.words import pick, same_words

Words = tuple[str, str]
# By key of the question and by wave.
Wordings = dict[tuple[str, int], Words]


@dataclass(frozen=True)
class Rewording:
    """From which point of a line on other words were used, and those of before."""

    place: int
    label: str
    before: str


def wordings(survey: Survey) -> Wordings:
    """The words of each figure in each wave, of all versions of a survey."""
    return {
        (key, wave): (text_nl, text_en)
        for key, wave, text_nl, text_en in Question.objects.filter(
            survey__program=survey.program_id,
            survey__key=survey.key,
            kind__in=[Question.Kind.SCALE, Question.Kind.NPS],
            survey__waves__isnull=False,
        ).values_list("key", "survey__waves", "text_nl", "text_en")
    }


def rewordings(points: Sequence[tuple[str, Words]]) -> tuple[Rewording, ...]:
    """Where the words changed along a line, given the label and words of each point."""
    return tuple(
        Rewording(place, label, pick(*before))
        for place, ((_label, before), (label, after)) in enumerate(
            pairwise(points), start=1
        )
        if not same_words(before, after)
    )
