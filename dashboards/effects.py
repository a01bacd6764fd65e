"""What a programme brought, as far as the rows can say it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from statistics import fmean

from django.conf import settings
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.outcomes import Comparison, compare
from mentoring import charts
from mentoring.statistics import Mean, fewest_for, mean_of_values, share_of
from mentorships.models import Goal, SelfRating
from mentorships.models.goals import MAY_CORRECT
from people.models import Employment, LevelChange
from programs.models import Participant, Program, Role

# How long somebody worked here when the programme began, in years.
TENURE = (1, 3, 7)


def _took_part(program: Program) -> Exists:
    return Exists(
        Participant.objects.filter(program=program, user=OuterRef("user")).exclude(
            role=Role.COORDINATOR
        )
    )


def _level_at(start: date) -> Coalesce:
    """The level somebody had then: what the first change since took away, or now's."""
    first = LevelChange.objects.filter(user=OuterRef("user"), on__gt=start)
    return Coalesce(Subquery(first.order_by("on", "pk").values("before")[:1]), "level")


def _band(start: date) -> Case:
    """How many of the bounds of ``TENURE`` somebody had passed then."""
    passed = [(n, start - timedelta(days=ceil(365.25 * n))) for n in TENURE]
    return Case(
        *(When(started_on__lte=day, then=Value(n)) for n, day in reversed(passed)),
        default=Value(0),
    )


def retention(program: Program) -> Comparison | None:
    """Whether participants stay, beside similar colleagues; see ``outcomes``."""
    start = program.starts_on
    if start is None:
        return None
    here = Employment.objects.filter(
        Q(user__left_on=None) | Q(user__left_on__gt=start), started_on__lte=start
    )
    stayed = When(user__left_on=None, then=True)
    return _compared(program, start, here, stayed)


def promotion(program: Program) -> Comparison | None:
    """Whether participants rose a level, beside similar colleagues; of those who still
    work here. While HR has sent no other level of anybody, there is nothing to say.
    """
    start = program.starts_on
    if start is None or not LevelChange.objects.filter(on__gt=start).exists():
        return None
    here = Employment.objects.filter(
        started_on__lte=start, user__left_on=None, level__isnull=False
    )
    rose = When(level__gt=F("level_then"), then=True)
    return _compared(program, start, here, rose)


def joined(program: Program) -> int:
    """How many people ever took part."""
    people = program.participants.exclude(role=Role.COORDINATOR)
    return people.order_by().values("user").distinct().count()


def _compared(
    program: Program, start: date, here: QuerySet[Employment], is_so: When
) -> Comparison | None:
    """Of how many it is so, counted by the database in groups of similar people."""
    rows = (
        here.annotate(
            took_part=_took_part(program),
            level_then=_level_at(start),
            band=_band(start),
        )
        .annotate(is_so=Case(is_so, default=False))
        .order_by()
        .values_list("department", "level_then", "band", "took_part", "is_so")
        .annotate(Count("pk"))
    )
    return compare(
        ((department, level, band), is_in, it_is, number)
        for department, level, band, is_in, it_is, number in rows
    )


def fewest_goals(step: int) -> int:
    """Of how many goals a share can be said."""
    return max(settings.ANONYMITY_FLOOR, fewest_for(step))


def goals_reached(program: Program, step: int = 1) -> Mean | None:
    """The share of goals that were reached, of those not let go, with its interval.

    With a step it is what a sponsor reads; of fewer than ``fewest_goals`` it is not
    said.
    """
    found = (
        Goal.objects.filter(mentorship__program=program)
        .exclude(state=Goal.State.LET_GO)
        .aggregate(all=Count("pk"), reached=Count("pk", Q(state=Goal.State.REACHED)))
    )
    if found["all"] < fewest_goals(step):
        return None
    share = share_of(found["reached"], found["all"])
    return share.in_steps(step) if share and step > 1 else share


@dataclass(frozen=True)
class Growth:
    """How people rated themselves at first and later, and by how much that differs.

    In the decimals in which it is read, so that it adds up.
    """

    moment: str
    before: float
    after: float
    difference: Mean
    is_clear: bool
    chart: charts.Line


def self_ratings(program: Program) -> list[Growth]:
    """Each person's own topics, at the start against half-way and against the end.

    People count in whole groups of the floor, in the order in which they had rated
    both, and only once they cannot correct it: who looks twice sees nobody alone.
    """
    moments = (SelfRating.Moment.HALF_WAY, SelfRating.Moment.END)
    found = [_growth(program, each) for each in moments]
    return [each for each in found if each]


def _means(program: Program, moment: SelfRating.Moment) -> list[tuple[float, float]]:
    """Of each who counts, the means of the topics they rated both times."""
    means = list(
        SelfRating.objects.filter(
            member__mentorship__program=program,
            moment=SelfRating.Moment.START,
            member__self_ratings__moment=moment,
            member__self_ratings__topic=F("topic"),
        )
        .values("member")
        .annotate(rated_at=Greatest(Max("at"), Max("member__self_ratings__at")))
        .filter(rated_at__lte=timezone.now() - MAY_CORRECT)
        .order_by("rated_at", "member")
        .values_list(Avg("value"), Avg("member__self_ratings__value"))
    )
    floor = settings.ANONYMITY_FLOOR
    return means[: len(means) // floor * floor]


def _growth(program: Program, moment: SelfRating.Moment) -> Growth | None:
    means = _means(program, moment)
    difference = mean_of_values([after - before for before, after in means])
    if difference is None:
        return None
    before = round(fmean(each for each, _after in means), 1)
    after = round(fmean(each for _before, each in means), 1)
    chart = charts.line(
        _("Own rating, 1 to 5: %(moment)s") % {"moment": moment.label},
        [
            (_("at the start"), before, before, before, len(means)),
            (
                str(moment.label),
                after,
                max(1, before + difference.low),
                min(5, before + difference.high),
                len(means),
            ),
        ],
        least=1,
        most=5,
        ticks=(1, 2, 3, 4, 5),
    )
    is_clear = difference.low > 0 or difference.high < 0
    shown = replace(difference, value=round(after - before, 1))
    return Growth(str(moment.label), before, after, shown, is_clear, chart)
