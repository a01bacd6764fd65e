"""What a programme's goals can be measured by, as far as surveys know."""

from decimal import Decimal

from django.db.models import Sum

from feedback.models import Invitation, Question, Tally, Wave
from programs.measures import MEASURES, percentage
from programs.models import Program


def satisfaction(program: Program) -> Decimal | None:
    """The mean of all answers from 1 to 5 in the last wave that may be shown."""
    last = Wave.objects.filter(
        survey__program=program, batches__isnull=False, survey__is_named=False
    ).first()
    if last is None:
        return None
    counts = (
        Tally.objects.filter(
            batch__wave=last,
            question__kind=Question.Kind.SCALE,
            question__is_required=True,
            question__shown_if=None,
        )
        .exclude(value="")
        .values_list("value")
        .annotate(number=Sum("count"))
    )
    whole = sum(number for _value, number in counts)
    if not whole:
        return None
    found = sum(int(value) * number for value, number in counts) / whole
    return Decimal(str(found)).quantize(Decimal("0.1"))


def response_rate(program: Program) -> Decimal | None:
    """The share of those asked who answered, over all waves."""
    asked = Invitation.objects.filter(wave__survey__program=program)
    return percentage(asked.filter(answered=True).count(), asked.count())


MEASURES.update(satisfaction=satisfaction, response_rate=response_rate)
