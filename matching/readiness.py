"""Whether a pool is ready to be matched, and what would make it readier."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from matching.models import Manner, mode_of, most_together
from matching.pool import load_pool
from matching.scoring import Person, Pool, Scorer, rule_of
from people.models import Topic, User
from programs.models import Invite, Participant, Program, Role

# Pairs up to which it is worked out before a round who risks to be left out.
SCORED_UP_TO = 2_000_000
SHOWN = 12
FEW = 2  # so few possible mentors are a risk


@dataclass(frozen=True)
class Shortage:
    """A topic that more people want than there are places to learn it."""

    topic: Topic
    wanted: int
    places: int


@dataclass(frozen=True)
class Risk:
    """A mentee for whom hardly anybody comes into question."""

    participant: Participant
    possible: int


@dataclass(frozen=True)
class Likely:
    """Somebody who does not take part and could be a mentor."""

    user: User
    topics: list[str]


@dataclass(frozen=True)
class Away:
    """Somebody who is away while a mentorship would begin."""

    participant: Participant
    until: date


@dataclass(frozen=True)
class Report:
    """What a coordinator wants to know before a round."""

    mentees: int
    mentors: int
    places: int
    shortages: list[Shortage]
    wanted: list[Topic]  # what most people want to learn
    level: int | None  # of most who want to learn, where it is known
    risks: list[Risk]
    silent: list[str]  # criteria of which nobody, on one side, has said anything
    both_roles: list[str]
    away: list[Away]  # who is left out because of it
    is_scored: bool
    is_weighed: bool  # some criterion counts
    nobody_fits: bool  # limits rule out every pair
    is_in_vain: bool  # people rank each other, and it counts for nothing

    @property
    def lacking(self) -> int:
        """Places that are missing for everybody to have one."""
        return max(0, self.mentees - self.places)

    @property
    def is_ready(self) -> bool:
        return (
            bool(self.mentees and self.mentors)
            and not (self.lacking or self.risks or self.silent or self.is_in_vain)
            and self.is_weighed
        )


def report_on(program: Program) -> Report:
    """The pool as it is now, in as many queries for ten people as for ten thousand."""
    pool = load_pool(program)
    everybody = [*pool.mentees, *([] if program.is_for_peers else pool.mentors)]
    mentors = [person for person in pool.mentors if not person.is_away]
    each = most_together(program)
    counts = Counter(person.user_id for person in everybody)
    until = {person.id: person.away_until for person in everybody if person.away_until}
    both = {person.id for person in everybody if counts[person.user_id] > 1}
    possible, is_scored, nobody_fits = _possible(pool)
    # All who are named, in one query.
    named = {
        participant.pk: participant
        for participant in Participant.objects.filter(pk__in={*until, *both, *possible})
        .select_related("user")
        .order_by("role", "user__name_folded")
    }
    wanted = Counter(topic for person in pool.mentees for topic in person.topics_wanted)
    short = _short(wanted, pool, each)
    most = sorted(wanted, key=lambda topic: (-wanted[topic], topic))[:SHOWN]
    topics = Topic.objects.in_bulk({*short, *most})
    levels = sorted(person.level for person in pool.mentees if person.level is not None)
    return Report(
        mentees=sum(not person.is_away for person in pool.mentees),
        mentors=len(mentors),
        places=each * sum(person.capacity for person in mentors),
        shortages=[
            Shortage(topics[topic], wanted[topic], places)
            for topic, places in short.items()
        ],
        wanted=[topics[topic] for topic in most],
        level=levels[len(levels) // 2] if levels else None,
        risks=[Risk(named[pk], count) for pk, count in possible.items()],
        silent=_silent(pool),
        both_roles=sorted({named[pk].user.name for pk in both}),
        away=[Away(one, until[pk]) for pk, one in named.items() if pk in until],
        is_scored=is_scored,
        is_weighed=any(each.weight for each in pool.criteria),
        nobody_fits=nobody_fits,
        is_in_vain=not any(
            each.key == "wishes" and (each.weight or each.must)
            for each in pool.criteria
        )
        and mode_of(program) == Manner.Mode.RANK,
    )


def _short(wanted: Counter[int], pool: Pool, each_place: int) -> dict[int, int]:
    """Topics that more people want than there are places, the scarcest first; and how
    many places.
    """
    places: Counter[int] = Counter()
    for person in pool.mentors:
        for topic in person.topics_offered:
            places[topic] += 0 if person.is_away else each_place * person.capacity
    short = sorted(
        (topic for topic, count in wanted.items() if count > places[topic]),
        key=lambda topic: (places[topic] - wanted[topic], topic),
    )
    return {topic: places[topic] for topic in short[:SHOWN]}


def _possible(pool: Pool) -> tuple[dict[int, int], bool, bool]:
    """Mentees for whom few mentors come into question, and how many do; whether it was
    worked out; and whether for all of them nobody does.
    """
    if not pool.mentees or not pool.mentors or pool.mentees is pool.mentors:
        return {}, True, False
    if len(pool.mentees) * len(pool.mentors) > SCORED_UP_TO:
        return {}, False, False
    possible = np.concatenate([(block >= 0).sum(axis=1) for block in _blocks(pool)])
    # Who is away themselves stands with those who are away.
    here = np.array([not person.is_away for person in pool.mentees])
    few = np.flatnonzero((possible < FEW) & here)
    order = few[np.argsort(possible[few], kind="stable")][:SHOWN]
    risks = {pool.mentees[row].id: int(possible[row]) for row in order}
    return risks, True, bool(here.any()) and not possible[here].any()


def _blocks(pool: Pool) -> Iterator[np.ndarray]:
    scorer = Scorer(pool)
    for start in range(0, len(pool.mentees), 500):
        yield scorer.block(np.arange(start, min(start + 500, len(pool.mentees))))


def _silent(pool: Pool) -> list[str]:
    """Criteria that count, and of which one side has said nothing at all.

    Where a side has nobody yet there is nobody to ask.
    """
    if not pool.mentees or not pool.mentors:
        return []

    def nobody(people: list[Person], says: object) -> bool:
        return not any(_is_said(says(person)) for person in people)  # type: ignore[operator]

    found = []
    for each in pool.criteria:
        rule = rule_of(each.key)
        if not (each.weight or each.must) or each.key == "wishes":
            continue
        if nobody(list(pool.mentees), rule.mentee_says) or nobody(
            list(pool.mentors), rule.mentor_says
        ):
            found.append(each.key)
    return found


def _is_said(value: object) -> bool:
    if isinstance(value, tuple):
        return any(part for part in value)
    return value is not None and value != ""


def likely_mentors(program: Program, report: Report) -> list[Likely]:
    """People who do not take part yet, were not asked, and offer most of what is short;
    when only places are short, most of what people want to learn.

    A step above most of them, when levels are known.
    """
    short = [each.topic for each in report.shortages]
    if not (short or report.lacking) or program.is_for_peers:
        return []
    topics = {each.pk: each.name for each in short or report.wanted}
    asked = program.invites.unused().values("email")
    people = (
        User.objects.working_here()
        .annotate(address=Lower("email"))
        .exclude(pk__in=program.participants.active().values("user"))
        .exclude(address__in=asked)
        .exclude(org_role__in=[User.OrgRole.IT_ADMIN])
        .annotate(
            offers_short=Count(
                "profile__offers",
                Q(profile__offers__in=topics),
                distinct=True,
            )
        )
        .select_related("employment")
    )
    if short:
        people = people.filter(offers_short__gt=0)
    if report.level is not None and program.model != Program.Model.REVERSE:
        people = people.filter(employment__level__gt=report.level)
    found = list(people.order_by("-offers_short", "name_folded", "pk")[:SHOWN])
    offered: dict[int, list[str]] = {}
    for user, topic in User.objects.filter(
        pk__in=[each.pk for each in found], profile__offers__in=topics
    ).values_list("pk", "profile__offers"):
        offered.setdefault(user, []).append(topics[topic])
    return [Likely(each, sorted(offered.get(each.pk, []))) for each in found]


def asked_mentors(program: Program) -> QuerySet[Invite]:
    """Who was asked to be a mentor and has not joined, the last ones first; with the
    ``name`` of whom we know.
    """
    known = User.objects.annotate(address=Lower("email")).filter(
        address=OuterRef("email")
    )
    return (
        program.invites.unanswered()
        .filter(role=Role.MENTOR)
        .annotate(name=Subquery(known.values("name")[:1]))[:SHOWN]
    )
