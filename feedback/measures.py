"""What a programme's goals can be measured by, as far as surveys know."""

from decimal import Decimal

from django.db.models import Sum

from feedback.access import access_gap
from feedback.models import Invitation, Question, Tally, Wave
from mentoring.statistics import nps_of
from programs.measures import MEASURES, percentage
from programs.models import Program

Counts = dict[int, int]


def _last_counts(programs: list[int], kind: Question.Kind) -> dict[int, Counts]:
    """How often each answer was given to the questions of a kind that everybody gets,
    in the last wave of each programme that may be shown.
    """
    last = dict(
        Wave.objects.filter(survey__program__in=programs, survey__is_named=False)
        .filter(
            batches__isnull=False,
            survey__questions__kind=kind,
            survey__questions__is_required=True,
            survey__questions__shown_if=None,
        )
        .order_by("opens_at", "pk")
        .values_list("survey__program", "pk")
    )
    counts: dict[int, Counts] = {}
    for wave, value, number in (
        Tally.objects.filter(
            batch__wave__in=last.values(),
            question__kind=kind,
            question__is_required=True,
            question__shown_if=None,
        )
        .exclude(value="")
        .values_list("batch__wave", "value")
        .annotate(number=Sum("count"))
    ):
        found = counts.setdefault(wave, {})
        found[int(value)] = found.get(int(value), 0) + number
    return {program: counts[wave] for program, wave in last.items() if wave in counts}


def satisfaction_by_program(programs: list[int]) -> dict[int, float]:
    """The mean of all answers from 1 to 5 in the last wave that may be shown."""
    return {
        program: sum(value * number for value, number in counts.items())
        / sum(counts.values())
        for program, counts in _last_counts(programs, Question.Kind.SCALE).items()
    }


def satisfaction(program: Program) -> Decimal | None:
    """As above, of one programme, with one decimal."""
    found = satisfaction_by_program([program.pk]).get(program.pk)
    return None if found is None else Decimal(str(found)).quantize(Decimal("0.1"))


def satisfied(program: Program) -> Decimal | None:
    """Of the same answers the share that is a 4 or a 5."""
    counts = _last_counts([program.pk], Question.Kind.SCALE).get(program.pk, {})
    good = sum(number for value, number in counts.items() if value >= 4)
    return percentage(good, sum(counts.values()))


def nps(program: Program) -> Decimal | None:
    """Who recommends it (9, 10) less who does not (0 to 6), in the last such wave."""
    found = nps_of(_last_counts([program.pk], Question.Kind.NPS).get(program.pk, {}))
    return None if found is None else Decimal(str(found.value)).quantize(Decimal("0.1"))


def response_rate(program: Program) -> Decimal | None:
    """The share of those asked who answered, over all waves."""
    asked = Invitation.objects.filter(wave__survey__program=program)
    return percentage(asked.filter(answered=True).count(), asked.count())


MEASURES.update(
    satisfaction=satisfaction,
    satisfied=satisfied,
    nps=nps,
    response_rate=response_rate,
    access_gap=access_gap,
)
