"""What may be shown of answers: sums of whole batches, and nothing else."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, FilteredRelation, Max, Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.anonymity import (
    TEXT_FLOOR,
    Asked,
    families,
    joined,
    joined_in_parts,
    parts,
)
from feedback.models import (
    Batch,
    NamedAnswer,
    Question,
    Remark,
    Survey,
    Tally,
    Wave,
)
from feedback.wordings import Rewording, Wordings, rewordings, wordings
from mentoring import charts
from mentoring.branding import role_word
from mentoring.statistics import Mean, mean_of, nps_of, sides_of
from programs.models import Program

__all__ = [
    "TEXTS",
    "TEXT_FLOOR",
    "Cut",
    "Result",
    "named_answers",
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
    # What was answered, and by how many.
    counts: list[tuple[str, int]] = field(default_factory=list)
    # Those whom no other group names.
    is_rest: bool = False

    @property
    def shares(self) -> list[tuple[str, int]]:
        """The same in whole per cents."""
        return [
            (name, round(100 * number / self.answered) if self.answered else 0)
            for name, number in self.counts
        ]


@dataclass(frozen=True)
class Side:
    """Those who recommend it, those who do not, or those between."""

    label: str
    count: int
    share: int


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
    def has_rest(self) -> bool:
        """Whether the last of its departments is everybody else."""
        return any(cut.is_rest for cut in self.departments)

    @property
    def sides(self) -> list[Side]:
        """What an NPS is made of: sums of the bars."""
        if not self.nps_interval:
            return []
        counts = {int(bar.label): bar.count for bar in self.bars}
        promoters, passives, detractors = sides_of(counts)
        return [
            Side(label, count, round(100 * count / self.answered))
            for label, count in (
                (_("promoters (9–10)"), promoters),
                (_("passives (7–8)"), passives),
                (_("detractors (0–6)"), detractors),
            )
        ]

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
    """The number of the last batch that may be shown of each question which not
    everybody answers; 0 while too few have, or too few have not.
    """
    questions = list(questions)
    asked = _asked(questions)
    batches = _answered(wave, questions)
    partial = [each for each in questions if not each.is_of_everybody]
    found = {each.pk: 0 for each in partial}

    def show(keys: Iterable[int], place: int) -> None:
        number = batches[place - 1].number if place else 0
        found.update(dict.fromkeys(keys, number))

    figures = [asked[each.pk] for each in partial if each.kind != Question.Kind.TEXT]
    for family in families(figures):
        sizes = [parts(family, each.answered, each.whole) for each in batches]
        show((each.key for each in family), joined_in_parts(sizes, wave.survey.floor))
    for text in partial:
        if text.kind != Question.Kind.TEXT:
            continue
        if text.shown_if_id is None:
            # Nobody is asked more or less for having written nothing.
            wrote = [each.answered.get(text.pk, 0) for each in batches]
            show([text.pk], joined(wrote, TEXT_FLOOR))
        else:
            alone = [asked[text.pk]]
            sizes = [parts(alone, each.answered, each.whole) for each in batches]
            show([text.pk], joined_in_parts(sizes, TEXT_FLOOR))
    return found


def _asked(questions: Sequence[Question]) -> dict[int, Asked]:
    """The questions by key, each with the one that it follows: that stands before."""
    found: dict[int, Asked] = {}
    for each in questions:
        found[each.pk] = Asked(
            each.pk,
            after=found.get(each.shown_if_id) if each.shown_if_id else None,
            values=frozenset(each.shown_values),
            is_required=each.is_required,
            is_many=each.kind == Question.Kind.MANY,
        )
    return found


@dataclass(frozen=True)
class _InBatch:
    """How many of a batch count towards the floor, and of these how many answered each
    question that not everybody answers.
    """

    number: int
    whole: int
    answered: dict[int, int]


def _answered(wave: Wave, questions: Sequence[Question]) -> list[_InBatch]:
    """Each batch in its order."""
    partial = [each.pk for each in questions if not each.is_of_everybody]
    who_answered = FilteredRelation(
        "tallies", condition=Q(tallies__value="", tallies__question__in=partial)
    )
    found: dict[int, _InBatch] = {}
    for number, whole, question, counting in (
        wave.batches.annotate(asked=who_answered)
        .order_by("number")
        .values_list("number", "counting", "asked__question", "asked__counting")
    ):
        batch = found.setdefault(number, _InBatch(number, whole, {}))
        if question is not None:
            batch.answered[question] = counting
    return list(found.values())


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
        last = _shown(wave, wave.survey.questions.all())[question.pk]
    return (
        Remark.objects.filter(
            question=question, batch__wave=wave, batch__number__lte=last
        )
        .order_by("pk")
        .values_list("text", flat=True)
    )


def _of_everybody(question: Question, groups: Groups) -> Result:
    return _figures(
        question,
        sum(groups.values(), Counter()),
        roles=_by_role(question, groups),
        departments=_by_department(question, groups),
    )


def _by_role(question: Question, groups: Groups) -> list[Cut]:
    """Of each role, those of none left out; nothing when there are not two to
    compare.
    """
    roles: dict[str, Counts] = defaultdict(Counter)
    for (role, _department), counts in groups.items():
        if role:
            roles[role] += counts
    if len(roles) < 2:
        return []
    return [
        _cut(question, role_word(role), counts)
        for role, counts in sorted(roles.items())
    ]


def _by_department(question: Question, groups: Groups) -> list[Cut]:
    """Of each department and role that could be shown apart, then all others: these are
    whole batches too.
    """
    is_by_role = any(role for role, _department in groups)
    named, rest = [], Counter[str]()
    for (role, department), counts in sorted(
        groups.items(), key=lambda each: (each[0][1], each[0][0])
    ):
        if not department:
            rest += counts
            continue
        label = department
        if is_by_role:
            who = role_word(role, many=True) if role else _("other roles")
            label = f"{department}, {who}"
        named.append(_cut(question, label, counts))
    if named and rest:
        label = _("other departments, or too few to show apart")
        named.append(replace(_cut(question, label, rest), is_rest=True))
    return named if len(named) > 1 else []


def _cut(question: Question, label: str, counts: Counts) -> Cut:
    answered = counts[""]
    numbers = _numbers(counts) if question.is_figure else {}
    return Cut(
        label,
        answered,
        mean=mean_of(numbers, least=1, most=5)
        if question.kind == Question.Kind.SCALE
        else None,
        nps=nps_of(numbers) if question.kind == Question.Kind.NPS else None,
        counts=[(name, counts[value]) for value, name in question.choices],
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
            _cut(question, role_word(role), counts)
            for role, counts in sorted(groups.items())
        ]
        found.append(_figures(question, whole, roles=roles if len(roles) > 1 else ()))
    return len(people), found


def named_answers(wave: Wave) -> QuerySet[NamedAnswer]:
    """Who answered what; of an anonymous survey there is none."""
    return (
        NamedAnswer.objects.filter(invitation__wave=wave)
        .select_related("invitation__to", "question")
        .order_by("invitation__to__name", "invitation", "question__place")
    )


@dataclass(frozen=True)
class Trend:
    """How one question went over the times that it was asked."""

    question: Question
    chart: charts.Line
    is_nps: bool
    rewordings: tuple[Rewording, ...] = ()


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
    words = wordings(survey)
    found = []
    for question in questions or survey.questions.all():
        by_wave = table.get(question.key, {})
        if not (question.is_figure and question.is_of_everybody) or len(by_wave) < 2:
            continue
        found.append(_trend(question, by_wave, days, words))
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
    question: Question,
    by_wave: dict[int, Counts],
    days: dict[int, date],
    words: Wordings,
) -> Trend:
    is_nps = question.kind == Question.Kind.NPS
    labels = {
        wave: date_format(day, "SHORT_DATE_FORMAT")
        for wave, day in days.items()
        if wave in by_wave
    }
    changes = rewordings(
        [(label, words[question.key, wave]) for wave, label in labels.items()]
    )
    values = []
    for wave, label in labels.items():
        numbers = _numbers(by_wave[wave])
        mean = nps_of(numbers) if is_nps else mean_of(numbers, least=1, most=5)
        assert mean
        values.append((label, mean.value, mean.low, mean.high, mean.number))
    if is_nps:
        title = _("NPS over time: %(question)s") % {"question": question.text}
        scale: dict[str, Any] = {"ticks": (-100, 0, 100), "places": 0}
    else:
        title = _("Mean over time: %(question)s") % {"question": question.text}
        scale = {"ticks": (1, 2, 3, 4, 5)}
    chart = charts.line(
        title,
        values,
        **scale,
        least=scale["ticks"][0],
        most=scale["ticks"][-1],
        days=[days[wave].toordinal() for wave in labels],
        breaks=[each.place for each in changes],
    )
    return Trend(question, chart, is_nps, changes)
