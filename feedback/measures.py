"""What a programme's goals can be measured by, as far as surveys know."""

from decimal import Decimal

from django.db.models import Sum

from feedback.models import Invitation, Question, Tally, Wave
from programs.measures import MEASURES, percentage
from programs.models import Program


def satisfaction_by_program(programs: list[int]) -> dict[int, float]:
    """The mean of all answers from 1 to 5 in the last wave that may be shown."""
    last = dict(
        Wave.objects.filter(survey__program__in=programs, survey__is_named=False)
        .filter(batches__isnull=False)
        .order_by("opens_at", "pk")
        .values_list("survey__program", "pk")
    )
    sums: dict[int, list[int]] = {}
    for wave, value, number in (
        Tally.objects.filter(
            batch__wave__in=last.values(),
            question__kind=Question.Kind.SCALE,
            question__is_required=True,
            question__shown_if=None,
        )
        .exclude(value="")
        .values_list("batch__wave", "value")
        .annotate(number=Sum("count"))
    ):
        whole = sums.setdefault(wave, [0, 0])
        whole[0] += int(value) * number
        whole[1] += number
    return {
        program: sums[wave][0] / sums[wave][1]
        for program, wave in last.items()
        if wave in sums
    }


def satisfaction(program: Program) -> Decimal | None:
    """As above, of one programme, with one decimal."""
    found = satisfaction_by_program([program.pk]).get(program.pk)
    return None if found is None else Decimal(str(found)).quantize(Decimal("0.1"))


def response_rate(program: Program) -> Decimal | None:
    """The share of those asked who answered, over all waves."""
    asked = Invitation.objects.filter(wave__survey__program=program)
    return percentage(asked.filter(answered=True).count(), asked.count())


MEASURES.update(satisfaction=satisfaction, response_rate=response_rate)
