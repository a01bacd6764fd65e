"""What a programme's goals stood at, day by day."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from people.models import User
from programs.measures import measure, stands
from programs.models import GoalReading, Program, ProgramGoal

EVERY = timedelta(days=7)


@transaction.atomic
def remove_goal(program: Program, goal: ProgramGoal, *, by: User) -> None:
    """Take a goal away. Once people can join, one stays to be measured."""
    if not program.is_draft and program.goals.count() == 1:
        raise ValidationError(
            _(
                "A programme that people can join keeps at least one goal. Add another"
                " one first."
            )
        )
    goal.delete()
    record(program, "goal removed", by=by)


def take_readings(program: Program) -> int:
    """Note what each goal stands at, once a week; how many were noted. Of a programme
    whose figures stand, only what was never noted.

    Twice at once is once a day: the day is unique.
    """
    today = timezone.localdate()
    due = program.goals.exclude(measure=ProgramGoal.Measure.BY_HAND).exclude(
        readings__on__gt=today - EVERY
    )
    if stands(program):
        due = due.filter(readings=None)
    found = []
    for goal in due:
        value = measure(program, goal.measure)
        if value is not None:
            found.append(GoalReading(goal=goal, on=today, value=value))
    GoalReading.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)
