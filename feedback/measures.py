"""What a programme's goals can be measured by, as far as surveys know."""

from decimal import Decimal
from statistics import mean

from feedback.models import Answer, Invitation, Question, Wave
from programs.measures import MEASURES, percentage
from programs.models import Program


def satisfaction(program: Program) -> Decimal | None:
    """The mean of all answers from 1 to 5 in the last wave that may be shown."""
    for wave in Wave.objects.filter(survey__program=program).select_related("survey"):
        if wave.sheets.count() < wave.survey.floor:
            continue
        values = Answer.objects.filter(
            sheet__wave=wave, question__kind=Question.Kind.SCALE
        ).values_list("value", flat=True)
        if values:
            found = mean(int(value) for value in values)
            return Decimal(str(found)).quantize(Decimal("0.1"))
    return None


def response_rate(program: Program) -> Decimal | None:
    """The share of those asked who answered, over all waves."""
    asked = Invitation.objects.filter(wave__survey__program=program)
    return percentage(asked.filter(answered=True).count(), asked.count())


MEASURES.update(satisfaction=satisfaction, response_rate=response_rate)
