"""What people answered when they were asked."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dashboards.demo import texts
from dashboards.demo.company import Company
from feedback.actions import answer, open_wave, settle
from feedback.models import Question, Survey, Wave
from programs.models import Role

OPEN_FOR = timedelta(days=14)
STILL_OPEN = timedelta(days=9)
# How questions differ from each other, in points of five.
SHIFTS = (0.3, 0.5, 0, -0.4, 0.1)
WRITES = 0.3


class Asked(NamedTuple):
    """A moment of asking: the share that answers, and how good it is, of five."""

    occasion: str
    at: datetime
    answering: float
    good: float


def make_waves(
    company: Company, survey: Survey, asked: Iterable[Asked], *, wait: Collection[int]
) -> None:
    """Those ``wait`` have the last one still before them, when it is open."""
    questions = list(survey.questions.all())
    said = texts.CLOSING if survey.asks == Survey.Asks.AT_END else texts.COMMENTS
    for each in asked:
        wave = open_wave(survey, occasion=each.occasion, by=None, now=each.at)
        until = max(each.at + OPEN_FOR, company.now + STILL_OPEN)
        is_open = each.at + OPEN_FOR > company.now
        remarks = {
            question.pk: company.pick(said, len(said))
            for question in questions
            if question.kind == Question.Kind.TEXT
        }
        Wave.objects.filter(pk=wave.pk).update(closes_at=until)
        for invitation in wave.invitations.select_related(
            "wave__survey", "to"
        ).order_by("pk"):
            waits = is_open and invitation.to_id in wait
            if waits or company.random.random() > each.answering:
                continue
            found = _answers(company, questions, invitation.role, each.good)
            for question, left in remarks.items():
                if left and company.random.random() < WRITES:
                    found[question] = left.pop()
            answer(invitation, found)
        settle(wave)
        if not is_open:
            wave.closes_at = each.at + OPEN_FOR
            wave.save(update_fields=["closes_at"])
            settle(wave)


def _answers(
    company: Company, questions: Sequence[Question], role: str, good: float
) -> dict[int, Any]:
    """Mentors see it a little brighter than mentees."""
    chance, found = company.random, dict[int, Any]()
    if role == Role.MENTOR:
        good += 0.2
    for place, question in enumerate(questions):
        mean = good + SHIFTS[place % len(SHIFTS)]
        if not question.is_asked_after(found):
            continue
        if question.kind == Question.Kind.SCALE:
            value: Any = str(max(1, min(5, round(chance.gauss(mean, 0.8)))))
        elif question.kind == Question.Kind.NPS:
            value = str(max(0, min(10, round(chance.gauss(2 * good + 0.4, 1.5)))))
        elif question.kind == Question.Kind.TEXT:
            continue
        else:
            options = [str(each) for each in range(len(question.options))]
            number = chance.choice([1, 1, 2]) if question.kind == "many" else 1
            value = company.pick(options, number)
            if question.kind != "many":
                [value] = value
        found[question.pk] = value
    return found
