"""What may be shown of answers: nothing that tells of fewer than the floor."""

import random
from collections import Counter
from dataclasses import dataclass, field
from statistics import mean

from feedback.models import Answer, Question, Wave

# Words say more about who wrote them than a figure does.
TEXT_FLOOR = 8
PROMOTER, DETRACTOR = 9, 6


@dataclass(frozen=True)
class Bar:
    """One answer that can be given and how many gave it; a width of 0 to 100."""

    label: str
    count: int
    share: int
    y: int


@dataclass(frozen=True)
class Result:
    """One question. ``bars`` and ``mean`` are empty when too few answered."""

    question: Question
    answered: int
    bars: list[Bar] = field(default_factory=list)
    mean: float | None = None
    nps: int | None = None
    texts: list[str] = field(default_factory=list)
    height: int = 0

    @property
    def is_hidden(self) -> bool:
        return not self.bars and not self.texts


def results(wave: Wave) -> tuple[int, list[Result]]:
    """How many sheets count, and the result of each question.

    Below the floor there is no figure at all, of nothing.
    """
    sheets = wave.sheets.count()
    questions = list(wave.survey.questions.all())
    floor = wave.survey.floor
    if sheets < floor:
        return 0, [Result(question, 0) for question in questions]
    values: dict[int, list[str]] = {question.pk: [] for question in questions}
    for question_id, value in Answer.objects.filter(sheet__wave=wave).values_list(
        "question", "value"
    ):
        values[question_id].append(value)
    return sheets, [_result(each, values[each.pk], floor) for each in questions]


def _result(question: Question, values: list[str], floor: int) -> Result:
    if question.kind == Question.Kind.TEXT:
        shown = values if len(values) >= TEXT_FLOOR else []
        random.SystemRandom().shuffle(shown)
        return Result(question, len(values) if shown else 0, texts=shown)
    if len(values) < floor:
        return Result(question, 0)
    count = Counter(values)
    bars = [
        Bar(label, count[value], round(100 * count[value] / len(values)), 26 * place)
        for place, (value, label) in enumerate(question.choices)
    ]
    numbers = [int(value) for value in values]
    nps = None
    if question.kind == Question.Kind.NPS:
        good = sum(number >= PROMOTER for number in numbers)
        bad = sum(number <= DETRACTOR for number in numbers)
        nps = round(100 * (good - bad) / len(numbers))
    is_scale = question.kind == Question.Kind.SCALE
    return Result(
        question,
        len(values),
        bars=bars,
        mean=mean(numbers) if is_scale else None,
        nps=nps,
        height=26 * len(bars),
    )
