"""What was set up, answered and learned in the demo company's programmes."""

import random
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from dashboards.demo.company import Company
from people.actions import propose_topic
from people.models import User
from programs.actions import apply_to_program
from programs.models import (
    Completion,
    GoalReading,
    JoinAnswer,
    Module,
    Participant,
    Program,
    ProgramGoal,
    Role,
)

HOPES = (
    "Sinds een maand vervang ik onze teamleider. Ik wil leren rustig te blijven.",
    "Ik twijfel of leidinggeven bij me past en wil dat met iemand onderzoeken.",
    "Volgend jaar komt er een plek vrij. Daar wil ik klaar voor zijn.",
)
WORDS = (
    "Zelf een overleg leiden zonder alles voor te bereiden.",
    "Duidelijk nee zeggen en dan toch aardig blijven.",
    "Mijn plannen verkopen aan mensen die niet op mij wachten.",
    "Weten of ik leiding wil geven, en zo ja, hoe.",
)
MISSED = (("Beleidsstukken schrijven", "wish"), ("Imkeren", "offer"))
FIGURES = {
    "match_rate": (62, 96),
    "on_rhythm": (88, 74),
    "goals_reached": (5, 31),
}
FIGURES_AT_END = {
    "match_rate": (58, 87),
    "on_rhythm": (90, 81),
    "goals_reached": (0, 62),
}


def make_learning(program: Program, chance: random.Random) -> None:
    """Whoever takes part did what is required, and some of the rest; and answered."""
    people = list(program.participants.exclude(role=Role.COORDINATOR))
    modules = list(program.modules.training())
    Completion.objects.bulk_create(
        Completion(
            module=module,
            participant=participant,
            at=participant.joined_at + timedelta(hours=1),
        )
        for participant in people
        for module in modules
        if module.role in {"", participant.role}
        and (module.need == Module.Need.REQUIRED or chance.random() < 0.4)
    )
    JoinAnswer.objects.bulk_create(
        JoinAnswer(
            question=question,
            user_id=participant.user_id,
            value=str(chance.randrange(len(question.options)))
            if question.kind == "one"
            else chance.choice(WORDS),
        )
        for participant in people
        for question in program.join_questions.filter(kind__in=["one", "long"])
        if question.role in {"", participant.role}
    )


def make_course(
    program: Program, chance: random.Random, *, until: date, weeks: int
) -> None:
    """The goals week by week, from what they began with to what they came to."""
    figures = FIGURES if until >= timezone.localdate() else FIGURES_AT_END
    GoalReading.objects.bulk_create(
        _reading(
            goal,
            until - timedelta(weeks=weeks - week),
            _on_the_way(
                figures.get(goal.measure, (40, 60)), week / (weeks - 1), chance
            ),
        )
        for goal in program.goals.all()
        for week in range(weeks)
    )


def _on_the_way(
    figures: tuple[float, float], share: float, chance: random.Random
) -> float:
    first, last = figures
    value = first + (last - first) * share + chance.uniform(-3, 3)
    return max(0, min(100, value))


def _measure_by_hand(program: Program) -> None:
    """One goal that HR measures."""
    today = timezone.localdate()
    by_hand = ProgramGoal.objects.create(
        program=program,
        measure=ProgramGoal.Measure.BY_HAND,
        name_nl="vacatures voor leidinggevenden vervuld met eigen mensen (%)",
        name_en="leadership vacancies filled from within (%)",
        baseline=Decimal(35),
        target=Decimal(66),
        by_on=program.ends_on,
    )
    rows = []
    for weeks, value in ((12, 35), (6, 42), (1, 50)):
        reading = _reading(by_hand, today - timedelta(weeks=weeks), value)
        reading.source = "Werving en selectie, kwartaalcijfers"
        reading.by = program.created_by
        rows.append(reading)
    GoalReading.objects.bulk_create(rows)


def _reading(goal: ProgramGoal, on: date, value: float) -> GoalReading:
    return GoalReading(goal=goal, on=on, value=round(Decimal(value), 1))


def make_questions(program: Program, people: list[User]) -> None:
    """Some who ask to take part, and the words that people missed in the catalogue."""
    for user, hope in zip(people, HOPES, strict=False):
        apply_to_program(
            program, user, Role.MENTEE, motivation=hope, accepted_version=1
        )
    for user, (words, kind) in zip(people, MISSED, strict=False):
        propose_topic(words=words, kind=kind, by=user)


def make_setup(
    company: Company,
    *,
    running: Program,
    opened: Program,
    over: Program,
    draft: Program,
) -> None:
    """What was set up and learned in the programmes of the demo."""
    chance = company.random
    for program in (running, opened, over):
        make_learning(program, chance)
    today = timezone.localdate()
    make_course(running, chance, until=today, weeks=9)
    assert over.ends_on
    make_course(over, chance, until=over.ends_on, weeks=48)
    _measure_by_hand(running)
    outside = User.objects.working_here().exclude(
        pk__in=Participant.objects.values("user")
    )
    plain = outside.filter(org_role="", employment__level__lte=3).order_by("pk")
    make_questions(running, list(plain[: len(HOPES)]))
    draft.steps_done = ["purpose", "goals", "shape"]
    draft.save(update_fields=["steps_done"])
