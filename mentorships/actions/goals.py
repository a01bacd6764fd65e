"""Setting a goal, saying it better, closing it; what others say of it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.models import record
from mentorships.actions.saving import save_once
from mentorships.models import Goal, GoalComment, Member, Milestone, SelfRating
from mentorships.models.goals import MAY_CORRECT
from outbox.actions import plan
from people.models import Topic, User


@transaction.atomic
def set_goal(goal: Goal, *, steps: Iterable[str], by: User) -> None:
    """Write a goal down, with its first steps."""
    save_once(goal)
    Milestone.objects.bulk_create(Milestone(goal=goal, text=text) for text in steps)
    record(goal, "set", by=by)


@transaction.atomic
def add_milestone(goal: Goal, text: str) -> None:
    """One more step; the same step that is still to do stands there once."""
    # One at a time for each goal.
    Goal.objects.select_for_update().get(pk=goal.pk)
    if not Milestone.objects.filter(goal=goal, text=text, done_at=None).exists():
        Milestone.objects.create(goal=goal, text=text)


@transaction.atomic
def change_goal(goal: Goal, *, by: User) -> None:
    """Say it in other words; where it stands stays as it was."""
    save_once(goal)
    record(goal, "changed", by=by)


@transaction.atomic
def close_goal(goal: Goal, state: str, *, reflection: str, by: User) -> None:
    """Reached, or let go: with a date and a look back."""
    assert state in {Goal.State.REACHED, Goal.State.LET_GO}
    changed = (
        Goal.objects.active()
        .filter(pk=goal.pk)
        .update(state=state, reflection=reflection, closed_at=timezone.now())
    )
    if not changed:
        raise ValidationError(_("This goal has been closed."))
    record(goal, state, by=by)


@transaction.atomic
def comment_on_goal(comment: GoalComment, *, by: User) -> None:
    """Say something of a goal; its owner hears that somebody did."""
    comment.full_clean()
    comment.save()
    goal = comment.goal
    record(goal, "commented on", by=by)
    owner = goal.owner.participant.user
    if owner != by:
        plan(
            "goal_comment",
            owner,
            about=comment,
            program_id=goal.mentorship.program_id,
        )


@transaction.atomic
def rate_self(member: Member, moment: str, values: dict[Topic, int]) -> None:
    """Write down how well one masters each topic now; again is a correction.

    After a day that is no longer possible: what has been counted in a figure stays, or
    whoever looks at the figure before and after could tell what one person changed.
    """
    Member.ever.select_for_update().get(pk=member.pk)
    rated = SelfRating.objects.filter(member=member, moment=moment)
    if rated.filter(at__lte=timezone.now() - MAY_CORRECT).exists():
        raise ValidationError(
            _("You rated this moment more than a day ago. It stays as it is.")
        )
    for topic, value in values.items():
        SelfRating.objects.update_or_create(
            member=member, topic=topic, moment=moment, defaults={"value": value}
        )
