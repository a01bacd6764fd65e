"""What may be shown of answers: sums of whole batches, and nothing else."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.anonymity import TEXT_FLOOR, joined
from feedback.models import (
    Batch,
    NamedAnswer,
    Question,
    Remark,
    Survey,
    Tally,
    Wave,
)
from mentoring import charts
from mentoring.statistics import Mean, mean_of, nps_of
from programs.models import Program, Role

__all__ = [
    "TEXTS",
    "TEXT_FLOOR",
    "Cut",
    "Result",
    "pulse_trends",
    "remarks",
    "results",
    "trends",
]

# How many texts of a question stand on one page.
TEXTS = 100

Counts = Counter[str]
# By role and department of the batches: how many gave each answer.
Groups = dict[tuple[str, str], Counts]
Texts = QuerySet[Any, Any]
# When each wave opened; and by question and wave, how many gave each answer.
Waves = tuple[dict[int, datetime], dict[str, dict[int, Counts]]]
FOR_SECONDS = 24 * 3600


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
    def has_more(self) -> bool:
        """Whether there are texts that do not stand here."""
        return bool(self.texts) and self.answered > len(self.texts)

    @property
    def bars(self) -> tuple[charts.Bar, ...]:
        return self.chart.rows if self.chart else ()

    @property
    def mean(self) -> float | None:
        return self.interval.value if self.interval else None

    @property
    def nps(self) -> int | None:
        return round(self.nps_interval.value) if self.nps_interval else None


def results(wave: Wave, *, texts: int | None = TEXTS) -> tuple[int, list[Result]]:
    """How many sheets count, and the result of each question with its first texts.

    The database adds up; what comes back does not grow with those who answered, but
    for the sizes of the batches that answered a question not everybody is asked.
    """
    questions = list(wave.survey.questions.all())
    if wave.survey.is_named:
        return _named(wave, questions, texts)
    groups = _groups(wave)
    shown = _shown(wave, questions)
    rest = _rest(wave, shown)
    sheets = wave.batches.aggregate(whole=Sum("size"))["whole"] or 0
    found = []
    for question in questions:
        counts = rest[question.pk]
        if question.is_of_everybody:
            found.append(_of_everybody(question, groups[question.pk]))
        elif question.kind == Question.Kind.TEXT:
            words = remarks(wave, question, shown[question.pk])
            found.append(Result(question, counts[""], texts=list(words[:texts])))
        else:
            found.append(_figures(question, counts))
    return sheets, found


def _groups(wave: Wave) -> dict[int, Groups]:
    """What everybody answers, by what batches have in common."""
    found: dict[int, Groups] = defaultdict(lambda: defaultdict(Counter))
    for question, role, department, value, number in (
        Tally.objects.filter(
            batch__wave=wave, question__is_required=True, question__shown_if=None
        )
        .values_list("question", "batch__role", "batch__department", "value")
        .annotate(number=Sum("count"))
        .order_by()
    ):
        found[question][role, department][value] += number
    return found


def _shown(wave: Wave, questions: Iterable[Question]) -> dict[int, int]:
    """The number of the last batch that may be shown of a question which not everybody
    answers; 0 while too few have.
    """
    floors = {
        each.pk: TEXT_FLOOR if each.kind == Question.Kind.TEXT else wave.survey.floor
        for each in questions
        if not each.is_of_everybody
    }
    sizes: dict[int, list[tuple[int, int]]] = {key: [] for key in floors}
    for question, number, counting in (
        Tally.objects.filter(batch__wave=wave, question__in=list(floors), value="")
        .order_by("batch__number")
        .values_list("question", "batch__number", "counting")
    ):
        sizes[question].append((number, counting))
    found = {}
    for question, floor in floors.items():
        place = joined([counting for _number, counting in sizes[question]], floor)
        found[question] = sizes[question][place - 1][0] if place else 0
    return found


def _rest(wave: Wave, shown: dict[int, int]) -> dict[int, Counts]:
    """The answers to these questions in all batches up to the last that is shown."""
    wanted = Q(pk__in=[])
    for question, last in shown.items():
        wanted |= Q(question=question, batch__number__lte=last)
    found: dict[int, Counts] = defaultdict(Counter)
    for question, value, number in (
        Tally.objects.filter(wanted, batch__wave=wave)
        .values_list("question", "value")
        .annotate(number=Sum("count"))
        .order_by()
    ):
        found[question][value] = number
    return found


def remarks(wave: Wave, question: Question, last: int | None = None) -> Texts:
    """What was written, as far as it may be shown, in the order of its random keys:
    the same each time, so that there are pages, and telling nothing of who or when.
    """
    if wave.survey.is_named:
        return (
            NamedAnswer.objects.filter(invitation__wave=wave, question=question)
            .order_by("pk")
            .values_list("value", flat=True)
        )
    if last is None:
        last = _shown(wave, [question])[question.pk]
    return (
        Remark.objects.filter(
            question=question, batch__wave=wave, batch__number__lte=last
        )
        .order_by("pk")
        .values_list("text", flat=True)
    )


def _of_everybody(question: Question, groups: Groups) -> Result:
    roles: dict[str, Counts] = defaultdict(Counter)
    departments: dict[str, Counts] = defaultdict(Counter)
    for (role, department), counts in groups.items():
        roles[role] += counts
        departments[department] += counts
    return _figures(
        question,
        sum(groups.values(), Counter()),
        roles=_cuts(question, roles),
        departments=_cuts(question, departments),
    )


def _cuts(question: Question, groups: dict[str, Counts]) -> list[Cut]:
    """Of each group, those in none left out; nothing when there are not two to
    compare.
    """
    named = {label: counts for label, counts in groups.items() if label}
    if len(named) < 2:
        return []
    return [_cut(question, label, counts) for label, counts in sorted(named.items())]


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


def _named(
    wave: Wave, questions: list[Question], texts: int | None
) -> tuple[int, list[Result]]:
    """The same of a named survey, which has no floor: it says so on top."""
    by_role: dict[int, dict[str, Counts]] = {
        each.pk: defaultdict(Counter) for each in questions
    }
    people = set()
    kinds = {each.pk: each.kind for each in questions}
    for invitation, role, key, value in NamedAnswer.objects.filter(
        invitation__wave=wave
    ).values_list("invitation", "invitation__role", "question", "value"):
        people.add(invitation)
        counts = by_role[key][role]
        counts[""] += 1
        if kinds[key] != Question.Kind.TEXT:
            counts.update(value if isinstance(value, list) else [str(value)])
    found = []
    for question in questions:
        groups = by_role[question.pk]
        whole: Counts = sum(groups.values(), Counter())
        if question.kind == Question.Kind.TEXT:
            words = remarks(wave, question)[:texts]
            found.append(Result(question, whole[""], texts=list(words)))
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


def pulse_trends(program: Program) -> list[Trend]:
    """How the pulse of a programme went, as far as it can be shown."""
    pulse = Survey.objects.current().filter(program=program, key="pulse")
    questions = list(Question.objects.filter(survey__in=pulse).select_related("survey"))
    return trends(questions[0].survey, questions) if questions else []


def trends(survey: Survey, questions: Iterable[Question] | None = None) -> list[Trend]:
    """The figures of an anonymous survey over its waves, all versions together."""
    moments, table = _over_the_waves(survey)
    days = {
        wave: timezone.localtime(moments[wave]).date()
        for wave in sorted(moments, key=lambda wave: (moments[wave], wave))
    }
    found = []
    for question in questions or survey.questions.all():
        by_wave = table.get(question.key, {})
        if not (question.is_figure and question.is_of_everybody) or len(by_wave) < 2:
            continue
        found.append(_trend(question, by_wave, days))
    return found


def _over_the_waves(survey: Survey) -> Waves:
    """When each wave opened, and how often each answer was given in it.

    All of it is sums of batches, and no batch ever changes: added up once for the
    batches there are, and anew as soon as there is another.
    """
    batches = Batch.objects.filter(
        wave__survey__program=survey.program_id, wave__survey__key=survey.key
    ).aggregate(
        Count("pk"),
        Max("pk"),
        Sum("size"),
        Min("wave__opens_at"),
        Max("wave__opens_at"),
    )
    mark = hashlib.sha256(repr(batches).encode()).hexdigest()
    key = f"feedback.trends.{survey.program_id}.{survey.key}.{mark}"
    found: Waves | None = cache.get(key)
    if found is None:
        found = _added_up(survey)
        cache.set(key, found, FOR_SECONDS)
    return found


def _added_up(survey: Survey) -> Waves:
    moments: dict[int, datetime] = {}
    table: dict[str, dict[int, Counts]] = {}
    for key, wave, opens_at, value, number in (
        Tally.objects.filter(
            batch__wave__survey__program=survey.program_id,
            batch__wave__survey__key=survey.key,
            question__kind__in=[Question.Kind.SCALE, Question.Kind.NPS],
            question__is_required=True,
            question__shown_if=None,
        )
        .exclude(value="")
        .values_list("question__key", "batch__wave", "batch__wave__opens_at", "value")
        .annotate(number=Sum("count"))
        .order_by()
    ):
        moments[wave] = opens_at
        table.setdefault(key, {}).setdefault(wave, Counter())[value] += number
    return moments, table


def _trend(
    question: Question, by_wave: dict[int, Counts], days: dict[int, date]
) -> Trend:
    is_nps = question.kind == Question.Kind.NPS
    values = []
    asked = {wave: day for wave, day in days.items() if wave in by_wave}
    for wave_id, day in asked.items():
        label = date_format(day, "SHORT_DATE_FORMAT")
        numbers = _numbers(by_wave[wave_id])
        mean = nps_of(numbers) if is_nps else mean_of(numbers, least=1, most=5)
        assert mean
        values.append((label, mean.value, mean.low, mean.high, mean.number))
    places = [day.toordinal() for day in asked.values()]
    if is_nps:
        title = _("NPS over time: %(question)s") % {"question": question.text}
        chart = charts.line(
            title,
            values,
            least=-100,
            most=100,
            ticks=(-100, 0, 100),
            places=0,
            days=places,
        )
    else:
        title = _("Mean over time: %(question)s") % {"question": question.text}
        chart = charts.line(
            title, values, least=1, most=5, ticks=(1, 2, 3, 4, 5), days=places
        )
    return Trend(question, chart, is_nps)
