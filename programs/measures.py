"""What a programme's goals are measured by.

Apps above add theirs when they start: a measure is a function from a programme to a
figure, or to ``None`` while it is too early to say.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from mentoring.statistics import down_to
from people.models import HrImport
from programs.models import GoalReading, Module, Program, Role

Measure = Callable[[Program], Decimal | None]

MEASURES: dict[str, Measure] = {}
# Where less is better.
FEWER = {"days_to_first_session", "access_gap"}
# After the end of a programme that is closing, this long the last sessions and surveys
# still come in; then what its goals came to stands.
STANDS_AFTER = timedelta(days=28)
# How many figures the line of a trend goes through.
SHOWN = 12
A_SEASON = timedelta(days=90)
# Those that one person, pair or session moves. Satisfaction, NPS and the access gap
# move only with whole groups; a median hardly tells of one.
MOVED_BY_ONE = {
    "match_rate",
    "on_rhythm",
    "sessions_held",
    "goals_reached",
    "response_rate",
    "training_completed",
    "stayed",
}


def measure(program: Program, key: str) -> Decimal | None:
    """The figure now; ``None`` when it is too early to say."""
    found = MEASURES.get(key)
    return found(program) if found else None


def stands(program: Program) -> bool:
    """Whether what the goals came to stands, and is measured no more."""
    if program.is_archived:
        return True
    ended = program.ends_on and program.ends_on + STANDS_AFTER < timezone.localdate()
    return bool(program.is_closing and ended)


def is_met(
    key: str, now: Decimal | None, target: Decimal, *, fewer: bool = False
) -> bool | None:
    """Whether a figure is as good as its target; ``None`` while it is not known."""
    if now is None:
        return None
    return now <= target if fewer or key in FEWER else now >= target


def percentage(part: int, whole: int) -> Decimal | None:
    """A share in per cent with one decimal; of nothing there is none."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"))


def match_rate(program: Program) -> Decimal | None:
    """The share of ready mentees who have a mentor. What it came to stands, once all
    have ended with the programme.
    """
    counts = (
        program.participants.ready()
        .filter(role__in=[Role.MENTEE, Role.PEER])
        .aggregate(all=Count("pk"), matched=Count("pk", Q(places_taken__gt=0)))
    )
    if (program.is_open or program.has_done_matching) and not counts["matched"]:
        return None
    return percentage(counts["matched"], counts["all"])


MEASURES["match_rate"] = match_rate


def training_completed(program: Program) -> Decimal | None:
    """Of all the required training that participants were given, the share done."""
    people = dict(
        program.participants.active()
        .exclude(role=Role.COORDINATOR)
        .order_by()
        .values_list("role")
        .annotate(number=Count("pk"))
    )
    given = done = 0
    required = program.modules.out().filter(need=Module.Need.REQUIRED)
    for module in required.annotate(
        done=Count("completions", Q(completions__participant__left_at=None))
    ):
        given += people.get(module.role, 0) if module.role else sum(people.values())
        done += module.done
    return percentage(done, given)


def stayed(program: Program) -> Decimal | None:
    """The share of who joined a season ago or more and still works here; too early to
    say where nobody's leaving would be known.
    """
    if not HrImport.objects.exists():
        return None
    counts = (
        program.participants.exclude(role=Role.COORDINATOR)
        .filter(joined_at__lt=timezone.now() - A_SEASON)
        .aggregate(
            all=Count("user", distinct=True),
            here=Count("user", Q(user__is_active=True), distinct=True),
        )
    )
    return percentage(counts["here"], counts["all"])


MEASURES.update(training_completed=training_completed, stayed=stayed)


@dataclass(frozen=True)
class Trend:
    """The figures of a goal in their order, as a line to draw."""

    readings: list[GoalReading]
    target: Decimal

    WIDTH, HEIGHT = 120, 32

    @property
    def points(self) -> str:
        """The line in a box of ``WIDTH`` by ``HEIGHT``, later days further right."""
        values = [reading.value for reading in self.readings]
        low, high = min([*values, self.target]), max([*values, self.target])
        span = high - low or Decimal(1)
        first = self.readings[0].on
        days = max(1, (self.readings[-1].on - first).days)
        return " ".join(
            f"{(reading.on - first).days * self.WIDTH / days:.1f},"
            f"{2 + float((high - reading.value) / span) * (self.HEIGHT - 4):.1f}"
            for reading in self.readings
        )

    @property
    def first(self) -> GoalReading:
        return self.readings[0]

    @property
    def last(self) -> GoalReading:
        return self.readings[-1]

    @property
    def direction(self) -> str:
        """``up``, ``down`` or ``same``, from the first figure shown to the last."""
        first, last = self.first.value, self.last.value
        return "same" if first == last else "up" if last > first else "down"


def trend_of(readings: list[GoalReading], target: Decimal) -> Trend | None:
    """The line through the figures; two are needed for one."""
    return Trend(readings, target) if len(readings) > 1 else None


def _coarse(readings: list[GoalReading], step: int) -> list[GoalReading]:
    if step == 1:
        return readings
    return [
        GoalReading(on=each.on, value=Decimal(down_to(each.value, step)))
        for each in readings
    ]


def goal_rows(
    program: Program,
    *,
    as_read: bool = False,
    step: int = 1,
    withheld: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Each goal with what it is now and its trend; ``None`` is too early to say.

    ``as_read`` is what the clock read last, with the day on which it did: a page that
    shows much else need not measure it all. With a ``step``, what one person could move
    is shown down to a whole step; whether the target is met is not. Measures that are
    ``withheld`` have no figure, for it would tell of a few. Once what a programme came
    to stands, it is what was read last.
    """
    rows = []
    as_read = as_read or stands(program)
    today = timezone.localdate()
    latest = Prefetch(
        "readings", GoalReading.objects.order_by("-on", "-pk")[:SHOWN], to_attr="latest"
    )
    for goal in program.goals.prefetch_related(latest):
        size = step if goal.measure in MOVED_BY_ONE else 1
        readings = goal.latest[::-1]
        if goal.is_by_hand or as_read:
            now = readings[-1].value if readings else None
        else:
            now = measure(program, goal.measure)
        is_withheld = goal.measure in withheld
        if is_withheld:
            now, readings = None, []
        met = is_met(goal.measure, now, goal.target, fewer=goal.fewer_is_better)
        rows.append(
            {
                "goal": goal,
                "now": now if now is None or size == 1 else down_to(now, size),
                "read_on": readings[-1].on if as_read and readings else None,
                "met": met,
                "is_withheld": is_withheld,
                "is_past": goal.by_on is not None and goal.by_on < today,
                "trend": trend_of(_coarse(readings, size), goal.target),
            }
        )
    return rows
