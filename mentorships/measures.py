"""What a programme's goals can be measured by, as far as mentorships know."""

from decimal import Decimal
from statistics import median

from django.db.models import Min, Q
from django.utils import timezone

from mentorships.models import Goal, MentoringSession, Mentorship
from programs.measures import MEASURES, percentage
from programs.models import Program


def on_rhythm(program: Program) -> Decimal | None:
    """The share of mentorships under way that are not quiet."""
    now = timezone.now()
    ours = Mentorship.objects.filter(program=program)
    whole = ours.under_way_at(now).count()
    quiet = ours.off_rhythm_at(now).count()
    return percentage(max(0, whole - quiet), whole)


def sessions_held(program: Program) -> Decimal | None:
    """How many sessions were held."""
    if not Mentorship.objects.filter(program=program).exists():
        return None
    held = MentoringSession.objects.held().filter(mentorship__program=program)
    return Decimal(held.count())


def goals_reached(program: Program) -> Decimal | None:
    """The share of goals that were reached, of those not let go."""
    goals = Goal.objects.filter(mentorship__program=program).exclude(
        state=Goal.State.LET_GO
    )
    return percentage(goals.filter(state=Goal.State.REACHED).count(), goals.count())


def days_to_first_session(program: Program) -> Decimal | None:
    """The median number of days from the match to the first session held."""
    rows = (
        Mentorship.objects.filter(program=program)
        .annotate(
            first=Min(
                "sessions__starts_at",
                filter=Q(sessions__state=MentoringSession.State.HELD),
            )
        )
        .exclude(first=None)
        .values_list("started_at", "first")
    )
    days = [max(0, (first - started).days) for started, first in rows]
    return Decimal(str(median(days))) if days else None


MEASURES.update(
    on_rhythm=on_rhythm,
    sessions_held=sessions_held,
    goals_reached=goals_reached,
    days_to_first_session=days_to_first_session,
)
