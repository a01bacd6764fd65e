"""The figures of a programme that its dashboard shows, in few queries."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dashboards.outcomes import Comparison, compare
from feedback.measures import satisfaction_by_program
from feedback.models import CareItem
from mentoring import charts
from mentoring.words import pick
from mentorships.models import Goal, Member, MentoringSession, Mentorship
from people.models import Employment, Offer, Wish
from programs.models import Participant, Program, Role
from programs.models.programs import ProgramQuerySet

WEEKS = 12
TOPICS = 8
LEARNING = (Role.MENTEE, Role.PEER)
# How long somebody worked here when the programme began, in years.
TENURE = (1, 3, 7)


def funnel_counts(program: Program) -> list[tuple[str, int]]:
    """How many got how far: joined, ready, matched, met, finished."""
    mine = Member.objects.filter(participant=OuterRef("pk"))
    met = mine.filter(mentorship__sessions__state=MentoringSession.State.HELD)
    found = (
        program.participants.exclude(role=Role.COORDINATOR)
        .annotate(
            was_matched=Exists(mine),
            has_met=Exists(met),
            has_finished=Exists(met.exclude(mentorship__ended_at=None)),
        )
        .aggregate(
            joined=Count("pk"),
            ready=Count("pk", Q(state=Participant.State.READY) | Q(was_matched=True)),
            matched=Count("pk", Q(was_matched=True)),
            met=Count("pk", Q(has_met=True)),
            finished=Count("pk", Q(has_finished=True)),
        )
    )
    return [
        (_("joined"), found["joined"]),
        (_("ready to be matched"), found["ready"]),
        (_("matched"), found["matched"]),
        (_("have met"), found["met"]),
        (_("finished"), found["finished"]),
    ]


def funnel(program: Program) -> charts.Bars:
    """The funnel as a chart."""
    counts = funnel_counts(program)
    return charts.bars(_("How far people got"), counts, whole=counts[0][1])


def weeks(program: Program, today: date) -> charts.Bars:
    """Sessions held in each of the last weeks."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    found: Counter[date] = Counter()
    for week, number in (
        MentoringSession.objects.held()
        .filter(mentorship__program=program, starts_at__date__gte=first)
        .annotate(week=TruncWeek("starts_at"))
        .order_by()
        .values_list("week")
        .annotate(number=Count("pk"))
    ):
        found[week.date()] += number
    days = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return charts.bars(
        _("Sessions held, by week"),
        [(date_format(day, "MONTH_DAY_FORMAT"), found[day]) for day in days],
        whole=max(1, *found.values()) if found else 1,
    )


@dataclass(frozen=True)
class TopicRow:
    """A topic, how many want to learn it and how many offer it."""

    name: str
    wanted: int
    offered: int

    @property
    def is_short(self) -> bool:
        return self.wanted > self.offered


def topics(program: Program) -> list[TopicRow]:
    """What mentees want to learn most, beside what mentors offer."""

    def of(*roles: str) -> Exists:
        return Exists(
            Participant.objects.active().filter(
                program=program, user=OuterRef("profile__user"), role__in=roles
            )
        )

    wanted = (
        Wish.objects.filter(of(*LEARNING))
        .order_by()
        .values("topic", "topic__name_nl", "topic__name_en")
        .annotate(number=Count("pk"))
        .order_by("-number", "topic")[:TOPICS]
    )
    rows = list(wanted)
    offered = dict(
        Offer.objects.filter(
            of(Role.MENTOR, Role.PEER), topic__in=[row["topic"] for row in rows]
        )
        .order_by()
        .values_list("topic")
        .annotate(number=Count("pk"))
    )
    return [
        TopicRow(
            pick(row["topic__name_nl"], row["topic__name_en"]),
            row["number"],
            offered.get(row["topic"], 0),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Waiting:
    """Those who are ready and have no match."""

    number: int
    longest: int
    middle: int


def waiting(program: Program, today: date) -> Waiting:
    """How many wait for a match, and for how many days."""
    moments = (
        program.participants.ready()
        .filter(role__in=LEARNING, places_taken=0)
        .values_list("ready_at", "joined_at")
    )
    days = [
        (today - timezone.localdate(ready or joined)).days for ready, joined in moments
    ]
    if not days:
        return Waiting(0, 0, 0)
    return Waiting(len(days), max(days), round(median(days)))


@dataclass(frozen=True)
class Care:
    """How much care there is to give, and was given lately."""

    to_do: int
    owned: int
    done: int


def care(program: Program) -> Care:
    """The care queue of a programme, as three numbers."""
    items = CareItem.objects.filter(mentorship__program=program)
    month = timezone.now() - timedelta(days=30)
    found = items.aggregate(
        to_do=Count("pk", Q(closed_at=None)),
        owned=Count("pk", Q(closed_at=None, owner__isnull=False)),
        done=Count("pk", Q(closed_at__gt=month)),
    )
    return Care(**found)


def retention(program: Program) -> Comparison | None:
    """Whether participants stay, beside similar colleagues; see ``outcomes``."""
    start = program.starts_on
    if start is None:
        return None
    return compare(_people(program, start))


def _people(
    program: Program, start: date
) -> Iterator[tuple[tuple[str, int | None, int], bool, bool]]:
    took_part = Participant.objects.filter(
        program=program, user=OuterRef("user")
    ).exclude(role=Role.COORDINATOR)
    for department, level, since, left_on, is_in in (
        Employment.objects.filter(started_on__lte=start)
        .filter(Q(user__left_on=None) | Q(user__left_on__gt=start))
        .annotate(took_part=Exists(took_part))
        .values_list("department", "level", "started_on", "user__left_on", "took_part")
        .iterator(chunk_size=2000)
    ):
        assert since
        years = (start - since).days / 365.25
        band = sum(years >= limit for limit in TENURE)
        yield (department, level, band), is_in, left_on is None


@dataclass(frozen=True)
class Row:
    """One programme among the others."""

    program: Program
    people: int
    pairs: int
    active: int
    quiet: int
    care: int
    satisfaction: float | None
    goals: int
    goals_reached: int

    @property
    def matched_share(self) -> int | None:
        """Of those who want to learn, in per cent."""
        learning = self.program.mentees  # type: ignore[attr-defined]
        matched = self.program.matched  # type: ignore[attr-defined]
        return round(100 * matched / learning) if learning else None

    @property
    def on_rhythm(self) -> int | None:
        """Of the active pairs, in per cent."""
        if not self.active:
            return None
        return round(100 * max(0, self.active - self.quiet) / self.active)

    @property
    def reached_share(self) -> int | None:
        """Of the goals that were not let go, in per cent."""
        return round(100 * self.goals_reached / self.goals) if self.goals else None


def rows(programs: ProgramQuerySet) -> list[Row]:
    """Programmes side by side, in a number of queries that does not grow with them."""
    found = list(programs.with_counts())
    ours = [program.pk for program in found]
    pairs = Mentorship.objects.filter(program__in=ours).order_by()
    started = Counter(pairs.values_list("program", flat=True))
    active = Counter(pairs.active().values_list("program", flat=True))
    quiet = Counter(
        Mentorship.objects.off_rhythm_at(timezone.now())
        .filter(program__in=ours)
        .order_by()
        .values_list("program", flat=True)
    )
    to_do = Counter(
        CareItem.objects.to_do()
        .filter(mentorship__program__in=ours)
        .values_list("mentorship__program", flat=True)
    )
    goals = {
        program: (number, reached)
        for program, number, reached in Goal.objects.filter(
            mentorship__program__in=ours
        )
        .exclude(state=Goal.State.LET_GO)
        .order_by()
        .values_list("mentorship__program")
        .annotate(number=Count("pk"), reached=Count("pk", Q(state=Goal.State.REACHED)))
    }
    satisfied = satisfaction_by_program(ours)
    return [
        Row(
            program,
            people=program.mentors + program.mentees,  # type: ignore[attr-defined]
            pairs=started[program.pk],
            active=active[program.pk],
            quiet=quiet[program.pk],
            care=to_do[program.pk],
            satisfaction=satisfied.get(program.pk),
            goals=goals.get(program.pk, (0, 0))[0],
            goals_reached=goals.get(program.pk, (0, 0))[1],
        )
        for program in found
    ]
