"""The figures of a programme that its dashboard shows, in few queries."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Lower, TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.cells import REST
from feedback.measures import satisfaction_by_program
from feedback.models import CareItem
from feedback.models.care import NOBODYS, due
from mentoring import charts
from mentoring.statistics import down_to, fewest_for
from mentoring.words import pick
from mentorships.models import Goal, Member, MentoringSession, Mentorship
from mentorships.reach import STAGES, reached_by
from people.models import Offer, Wish
from programs.models import Participant, Program, Role
from programs.models.programs import ProgramQuerySet

WEEKS = 12
TOPICS = 8
LEARNING = (Role.MENTEE, Role.PEER)


def funnel_counts(program: Program) -> list[tuple[str, int]]:
    """How many got how far: joined, ready, matched, met, finished."""
    numbers = reached_by(program)
    return [(str(label), sum(numbers[place:])) for place, label in enumerate(STAGES)]


def funnel(program: Program) -> charts.Bars:
    """The funnel as a chart, from who was invited where somebody was."""
    counts = funnel_counts(program)
    joined = program.participants.exclude(role=Role.COORDINATOR).values(
        address=Lower("user__email")
    )
    silent = (
        program.invites.exclude(email__in=joined).values("email").distinct().count()
    )
    if silent:
        counts.insert(0, (_("invited"), counts[0][1] + silent))
    return charts.bars(
        _("How far people got"), counts, whole=counts[0][1], of=_("Stage")
    )


def weeks(program: Program, today: date) -> charts.Bars:
    """Sessions held in each of the last weeks."""
    monday = today - timedelta(days=today.weekday())
    days = [monday - timedelta(weeks=ago) for ago in reversed(range(-1, WEEKS))]
    begins = [timezone.make_aware(datetime.combine(day, time.min)) for day in days]
    # Each week between its two moments: asking of each session in which week it falls
    # takes SQLite half a second.
    found = (
        MentoringSession.objects.held()
        .filter(mentorship__program=program, starts_at__gte=begins[0])
        .aggregate(
            **{
                str(place): Count("pk", Q(starts_at__gte=begin, starts_at__lt=end))
                for place, (begin, end) in enumerate(pairwise(begins))
            }
        )
    )
    return charts.bars(
        _("Sessions held, by week"),
        [
            (
                _("this week so far")
                if timezone.localdate() < day + timedelta(weeks=1)
                else date_format(day, "MONTH_DAY_FORMAT"),
                found[str(place)],
            )
            for place, day in enumerate(days[:-1])
        ],
        whole=max(1, *found.values()),
        of=_("Week from"),
        says=charts.Says.COUNTS,
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

    # Counted apart, one after the other: joined, each offer would meet each wish.
    wanted, offered = (
        of_topic.order_by()
        .values_list("topic", "topic__name_nl", "topic__name_en")
        .annotate(number=Count("pk"), is_wish=Value(of_topic.model is Wish))
        for of_topic in (
            Wish.objects.filter(of(*LEARNING)),
            Offer.objects.filter(of(Role.MENTOR, Role.PEER)),
        )
    )
    wishes, offers = [], Counter[int]()
    for topic, name_nl, name_en, number, is_wish in wanted.union(offered, all=True):
        if is_wish:
            wishes.append((-number, topic, pick(name_nl, name_en)))
        else:
            offers[topic] = number
    return [
        TopicRow(name, -less, offers[topic])
        for less, topic, name in sorted(wishes)[:TOPICS]
    ]


@dataclass(frozen=True)
class Waiting:
    """Those who are ready and have no match."""

    number: int
    longest: int
    middle: int


def waiting(program: Program, today: date) -> Waiting:
    """How many wait for a match, and for how many days."""
    if program.has_done_matching:
        return Waiting(0, 0, 0)
    # Many wait since the same day: it takes no thousand moments to count them.
    since = (
        program.participants.ready()
        .filter(role__in=LEARNING, places_taken=0)
        .order_by()
        .values_list(TruncDate(Coalesce("ready_at", "joined_at")))
        .annotate(Count("pk"))
    )
    days = [(today - day).days for day, number in since for _each in range(number)]
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
        to_do=Count("pk", due() & NOBODYS),
        owned=Count("pk", Q(closed_at=None) & ~NOBODYS),
        done=Count("pk", Q(closed_at__gt=month)),
    )
    return Care(**found)


def _on_rhythm(under_way: int, quiet: int) -> int | None:
    return round(100 * max(0, under_way - quiet) / under_way) if under_way else None


@dataclass(frozen=True)
class Pairs:
    """How many mentorships there were, are under way, and are off their rhythm."""

    started: int
    under_way: int
    quiet: int

    @property
    def on_rhythm(self) -> int | None:
        """Of those under way, in per cent."""
        return _on_rhythm(self.under_way, self.quiet)


def rhythm(program: Program) -> Pairs:
    """The mentorships of a programme, as three numbers."""
    now = timezone.now()
    ours = Mentorship.objects.filter(program=program)
    under_way = Q(pk__in=ours.under_way_at(now).order_by().values("pk"))
    found = ours.aggregate(started=Count("pk"), under_way=Count("pk", under_way))
    return Pairs(**found, quiet=ours.off_rhythm_at(now).count())


@dataclass(frozen=True)
class AccessOf:
    """How far the groups of one question came, and what of those who joined was
    matched.
    """

    question: str
    at: datetime
    rows: list[tuple[str, list[tuple[int | None, int | None]]]]
    chart: charts.Bars
    # Between the group that did best and the one that did worst, in points.
    gap: int | None

    @property
    def hides(self) -> bool:
        """Whether some stage is left out."""
        return any(number is None for _name, row in self.rows for number, _share in row)


def widest(found: list[AccessOf]) -> AccessOf | None:
    """The question between whose groups the gap is widest."""
    known = [each for each in found if each.gap is not None]
    return max(known, key=lambda each: each.gap or 0, default=None)


def access(program: Program, step: int = 1) -> list[AccessOf]:
    """One table for each background question that can be seen; counts and shares down
    to a whole step.
    """
    found = []
    for table in program.access_tables.select_related("question").prefetch_related(
        "question__choices"
    ):
        names = {str(each.pk): str(each) for each in table.question.choices.all()}
        names[REST] = _("did not say, or too few to show")
        # In the order in which one chooses; a database keeps a table in its own.
        rows = [
            (name, table.counts[key])
            for key, name in names.items()
            if key in table.counts
        ]
        matched = [
            (name, share)
            for name, row in rows
            if (share := _share(row[2], row[1], step)) is not None
        ]
        apart = [share for name, share in matched if name != names[REST]]
        found.append(
            AccessOf(
                str(table.question),
                table.at,
                [
                    (
                        name,
                        [
                            (
                                each if each is None else down_to(each, step),
                                _share(each, row[0], step),
                            )
                            for each in row
                        ],
                    )
                    for name, row in rows
                ],
                charts.bars(
                    _("Matched, of each hundred who joined"),
                    matched,
                    whole=100,
                    of=_("Group"),
                    says=charts.Says.SHARES,
                ),
                max(apart) - min(apart) if len(apart) > 1 else None,
            )
        )
    return found


def _share(part: int | None, whole: int | None, step: int) -> int | None:
    if not whole or part is None:
        return None
    return down_to(100 * part // whole, step) if step > 1 else round(100 * part / whole)


@dataclass(frozen=True)
class Row:
    """One programme among the others."""

    program: Program
    people: int
    # Those who want to learn and were matched, as in the funnel: also once it ended.
    matched: int
    pairs: int
    active: int
    under_way: int
    quiet: int
    care: int
    satisfaction: float | None
    goals: int
    goals_reached: int

    @property
    def matched_share(self) -> int | None:
        """Of those who want to learn, in per cent."""
        learning = self.program.mentees  # type: ignore[attr-defined]
        if self.program.has_done_matching and not self.matched:
            return None
        return round(100 * self.matched / learning) if learning else None

    @property
    def on_rhythm(self) -> int | None:
        """Of the pairs under way, in per cent."""
        return _on_rhythm(self.under_way, self.quiet)

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
    now = timezone.now()
    under_way = Counter(pairs.under_way_at(now).values_list("program", flat=True))
    quiet = Counter(pairs.off_rhythm_at(now).values_list("program", flat=True))
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
    matched = Counter(
        Participant.objects.filter(
            Exists(Member.objects.filter(participant=OuterRef("pk"), left_at=None)),
            program__in=ours,
            role__in=LEARNING,
            left_at=None,
        )
        .order_by()
        .values_list("program", flat=True)
    )
    satisfied = satisfaction_by_program(ours)
    return [
        Row(
            program,
            people=program.mentors + program.mentees,  # type: ignore[attr-defined]
            matched=matched[program.pk],
            pairs=started[program.pk],
            active=active[program.pk],
            under_way=under_way[program.pk],
            quiet=quiet[program.pk],
            care=to_do[program.pk],
            satisfaction=satisfied.get(program.pk),
            goals=goals.get(program.pk, (0, 0))[0],
            goals_reached=goals.get(program.pk, (0, 0))[1],
        )
        for program in found
    ]


def total(number: int, step: int) -> str:
    """A count as a sponsor reads it: down to a whole step, so that who looks today and
    tomorrow does not see one person come or go. Without a step it is the count itself.
    """
    if number < step:
        return _("fewer than %(floor)s") % {"floor": step}
    return str(down_to(number, step or 1))


def rhythm_in_steps(pairs: Pairs | Row, step: int) -> int | None:
    """The share on rhythm as a sponsor reads it, and without a step the share itself;
    ``None`` when of too few it can be said.
    """
    if pairs.on_rhythm is None or pairs.under_way < fewest_for(step):
        return None
    return down_to(pairs.on_rhythm, step or 1)


def totals(programs: ProgramQuerySet, step: int) -> list[dict[str, Any]]:
    """Programmes side by side for a sponsor."""
    return [
        {
            "program": row.program,
            "people": total(row.people, step),
            "pairs": total(row.pairs, step),
            "on_rhythm": rhythm_in_steps(row, step),
            "satisfaction": row.satisfaction,
        }
        for row in rows(programs)
    ]
