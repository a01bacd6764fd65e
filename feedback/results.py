"""What may be shown of answers: sums of whole batches, and nothing else."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.anonymity import TEXT_FLOOR, cuts, joined
from feedback.models import Batch, NamedAnswer, Question, Remark, Survey, Tally, Wave
from mentoring import charts
from mentoring.statistics import Mean, mean_of, nps_of
from programs.models import Role

__all__ = ["TEXT_FLOOR", "Cut", "Result", "results", "trends"]

Counts = Counter[str]
# By question: for each batch, in order, how many gave each answer.
Table = dict[int, list[Counts]]


@dataclass(frozen=True)
class Cut:
    """One group of those who answered, named by what they share."""

    label: str
    answered: int
    mean: Mean | None = None
    nps: Mean | None = None
    shares: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    """One question. Nothing of it is filled in when too few answered."""

    question: Question
    answered: int
    chart: charts.Bars | None = None
    interval: Mean | None = None
    nps_interval: Mean | None = None
    texts: list[str] = field(default_factory=list)
    roles: list[Cut] = field(default_factory=list)
    departments: list[Cut] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        return not self.answered

    @property
    def bars(self) -> list[charts.Bar]:
        return self.chart.rows if self.chart else []

    @property
    def mean(self) -> float | None:
        return self.interval.value if self.interval else None

    @property
    def nps(self) -> int | None:
        return round(self.nps_interval.value) if self.nps_interval else None


def results(wave: Wave) -> tuple[int, list[Result]]:
    """How many sheets count, and the result of each question."""
    questions = list(wave.survey.questions.all())
    if wave.survey.is_named:
        return _named(wave, questions)
    batches = list(wave.batches.all())
    places = {each.pk: number for number, each in enumerate(batches)}
    table: Table = {each.pk: [Counter() for _batch in batches] for each in questions}
    for batch, question, value, count in Tally.objects.filter(
        batch__in=places
    ).values_list("batch", "question", "value", "count"):
        table[question][places[batch]][value] = count
    texts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for batch, question, text in Remark.objects.filter(batch__in=places).values_list(
        "batch", "question", "text"
    ):
        texts[question].append((places[batch], text))
    floor = wave.survey.floor
    found = [
        _result(each, table[each.pk], texts[each.pk], batches, floor)
        for each in questions
    ]
    return sum(each.size for each in batches), found


def _result(
    question: Question,
    by_batch: Sequence[Counts],
    texts: Sequence[tuple[int, str]],
    batches: Sequence[Batch],
    floor: int,
) -> Result:
    if question.is_of_everybody:
        counts = sum(by_batch, Counter())
        return _figures(
            question,
            counts,
            roles=_cuts(question, by_batch, [each.role for each in batches]),
            departments=_cuts(
                question, by_batch, [each.department for each in batches]
            ),
        )
    least = TEXT_FLOOR if question.kind == Question.Kind.TEXT else floor
    shown = joined([each[""] for each in by_batch], least)
    counts = sum(by_batch[:shown], Counter())
    if question.kind == Question.Kind.TEXT:
        words = [text for place, text in texts if place < shown]
        random.SystemRandom().shuffle(words)
        return Result(question, counts[""], texts=words)
    return _figures(question, counts)


def _cuts(
    question: Question, by_batch: Sequence[Counts], labels: Sequence[str]
) -> list[Cut]:
    """Of each group; nothing when there are not two to compare."""
    groups = cuts(labels)
    if len(groups) < 2:
        return []
    return [
        _cut(question, str(label), sum((by_batch[each] for each in places), Counter()))
        for label, places in sorted(groups.items(), key=lambda each: str(each[0]))
    ]


def _cut(question: Question, label: str, counts: Counts) -> Cut:
    answered = counts[""]
    numbers = _numbers(counts) if question.is_figure else {}
    return Cut(
        str(Role(label).label) if label in Role.values else label,
        answered,
        mean=mean_of(numbers, least=1, most=5)
        if question.kind == Question.Kind.SCALE
        else None,
        nps=nps_of(numbers) if question.kind == Question.Kind.NPS else None,
        shares=[
            (name, round(100 * counts[value] / answered) if answered else 0)
            for value, name in question.choices
        ],
    )


def _numbers(counts: Counts) -> dict[int, int]:
    return {int(value): count for value, count in counts.items() if value}


def _figures(
    question: Question,
    counts: Counts,
    *,
    roles: Iterable[Cut] = (),
    departments: Iterable[Cut] = (),
) -> Result:
    answered = counts[""]
    if not answered:
        return Result(question, 0)
    numbers = _numbers(counts) if question.is_figure else {}
    return Result(
        question,
        answered,
        chart=charts.bars(
            question.text,
            [(label, counts[value]) for value, label in question.choices],
            whole=answered,
        ),
        interval=mean_of(numbers, least=1, most=5)
        if question.kind == Question.Kind.SCALE
        else None,
        nps_interval=nps_of(numbers) if question.kind == Question.Kind.NPS else None,
        roles=list(roles),
        departments=list(departments),
    )


def _named(wave: Wave, questions: list[Question]) -> tuple[int, list[Result]]:
    """The same of a named survey, which has no floor: it says so on top."""
    by_role: dict[int, dict[str, Counts]] = {
        each.pk: defaultdict(Counter) for each in questions
    }
    texts: dict[int, list[str]] = defaultdict(list)
    people = set()
    kinds = {each.pk: each.kind for each in questions}
    for invitation, role, key, value in NamedAnswer.objects.filter(
        invitation__wave=wave
    ).values_list("invitation", "invitation__role", "question", "value"):
        people.add(invitation)
        counts = by_role[key][role]
        counts[""] += 1
        if kinds[key] == Question.Kind.TEXT:
            texts[key].append(str(value))
        else:
            counts.update(value if isinstance(value, list) else [str(value)])
    found = []
    for question in questions:
        groups = by_role[question.pk]
        whole: Counts = sum(groups.values(), Counter())
        if question.kind == Question.Kind.TEXT:
            found.append(Result(question, whole[""], texts=texts[question.pk]))
            continue
        roles = [
            _cut(question, role, counts) for role, counts in sorted(groups.items())
        ]
        found.append(_figures(question, whole, roles=roles if len(roles) > 1 else ()))
    return len(people), found


@dataclass(frozen=True)
class Trend:
    """How one question went over the times that it was asked."""

    question: Question
    chart: charts.Line
    is_nps: bool


def trends(survey: Survey) -> list[Trend]:
    """The figures of an anonymous survey over its waves, all versions together."""
    labels: dict[int, str] = {}
    waves = Wave.objects.filter(
        survey__program=survey.program_id, survey__key=survey.key
    )
    for wave in waves.order_by("opens_at", "pk"):
        labels[wave.pk] = date_format(wave.opens_at, "SHORT_DATE_FORMAT")
    table: dict[str, dict[int, Counts]] = defaultdict(lambda: defaultdict(Counter))
    for key, wave_id, value, count in (
        Tally.objects.filter(
            batch__wave__in=labels,
            question__kind__in=[Question.Kind.SCALE, Question.Kind.NPS],
            question__is_required=True,
            question__shown_if=None,
        )
        .exclude(value="")
        .values_list("question__key", "batch__wave", "value", "count")
    ):
        table[key][wave_id][value] += count
    found = []
    for question in survey.questions.all():
        by_wave = table.get(question.key, {})
        if not (question.is_figure and question.is_of_everybody) or len(by_wave) < 2:
            continue
        found.append(_trend(question, by_wave, labels))
    return found


def _trend(
    question: Question, by_wave: dict[int, Counts], labels: dict[int, str]
) -> Trend:
    is_nps = question.kind == Question.Kind.NPS
    values = []
    for wave_id, label in labels.items():
        if wave_id not in by_wave:
            continue
        numbers = _numbers(by_wave[wave_id])
        mean = nps_of(numbers) if is_nps else mean_of(numbers, least=1, most=5)
        assert mean
        values.append((label, mean.value, mean.low, mean.high, mean.number))
    if is_nps:
        title = _("NPS over time: %(question)s") % {"question": question.text}
        chart = charts.line(title, values, least=-100, most=100, ticks=(-100, 0, 100))
    else:
        title = _("Mean over time: %(question)s") % {"question": question.text}
        chart = charts.line(title, values, least=1, most=5, ticks=(1, 2, 3, 4, 5))
    return Trend(question, chart, is_nps)
