"""Whether a pool is ready to be matched, and what would make it readier."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, Q

from matching.pool import load_pool, snapshot
from matching.scoring import Person, Pool, Scorer, rule_of
from people.models import Topic, User
from programs.models import Participant, Program, Role

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
class Report:
    """What a coordinator wants to know before a round."""

    mentees: int
    mentors: int
    places: int
    shortages: list[Shortage]
    risks: list[Risk]
    silent: list[str]  # criteria of which nobody, on one side, has said anything
    both_roles: list[str]
    is_scored: bool

    @property
    def lacking(self) -> int:
        """Places that are missing for everybody to have one."""
        return max(0, self.mentees - self.places)

    @property
    def is_ready(self) -> bool:
        return bool(self.mentees and self.mentors) and not (
            self.lacking or self.risks or self.silent
        )


def report_on(program: Program) -> Report:
    """The pool as it is now, in as many queries for ten people as for ten thousand."""
    pool = load_pool(program, criteria=snapshot(program))
    risks, is_scored = _risks(pool)
    by_user = Counter(
        [p.user_id for p in pool.mentees]
        + ([] if program.is_for_peers else [p.user_id for p in pool.mentors])
    )
    return Report(
        mentees=len(pool.mentees),
        mentors=len(pool.mentors),
        places=sum(person.capacity for person in pool.mentors),
        shortages=_shortages(pool),
        risks=risks,
        silent=_silent(pool),
        both_roles=list(
            User.objects.filter(
                pk__in=[user for user, count in by_user.items() if count > 1]
            ).values_list("name", flat=True)
        ),
        is_scored=is_scored,
    )


def _shortages(pool: Pool) -> list[Shortage]:
    wanted = Counter(topic for person in pool.mentees for topic in person.topics_wanted)
    places: Counter[int] = Counter()
    for person in pool.mentors:
        for topic in person.topics_offered:
            places[topic] += person.capacity
    short = sorted(
        (topic for topic, count in wanted.items() if count > places[topic]),
        key=lambda topic: (places[topic] - wanted[topic], topic),
    )[:SHOWN]
    topics = Topic.objects.in_bulk(short)
    return [
        Shortage(topics[topic], wanted[topic], places[topic])
        for topic in short
        if topic in topics
    ]


def _risks(pool: Pool) -> tuple[list[Risk], bool]:
    if not pool.mentees or not pool.mentors or pool.mentees is pool.mentors:
        return [], True
    if len(pool.mentees) * len(pool.mentors) > SCORED_UP_TO:
        return [], False
    possible = np.concatenate([(block >= 0).sum(axis=1) for block in _blocks(pool)])
    few = np.flatnonzero(possible < FEW)
    order = few[np.argsort(possible[few], kind="stable")][:SHOWN]
    people = Participant.objects.select_related("user").in_bulk(
        [pool.mentees[row].id for row in order]
    )
    return [
        Risk(people[pool.mentees[row].id], int(possible[row])) for row in order
    ], True


def _blocks(pool: Pool) -> Iterator[np.ndarray]:
    scorer = Scorer(pool)
    for start in range(0, len(pool.mentees), 500):
        yield scorer.block(np.arange(start, min(start + 500, len(pool.mentees))))


def _silent(pool: Pool) -> list[str]:
    """Criteria that count, and of which one side has said nothing at all."""

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


def likely_mentors(program: Program, shortages: list[Shortage]) -> list[Likely]:
    """People who do not take part yet, and offer most of what is short in supply.

    A step above most mentees, when levels are known.
    """
    topics = {each.topic.pk: each.topic.name for each in shortages}
    if not topics:
        return []
    known = (
        program.participants.ready()
        .filter(role=Role.MENTEE, user__employment__level__isnull=False)
        .values_list("user__employment__level", flat=True)
    )
    levels = sorted(level for level in known if level is not None)
    middle = levels[len(levels) // 2] if levels else None
    people = (
        User.objects.working_here()
        .filter(is_active=True)
        .exclude(participations__program=program, participations__left_at=None)
        .exclude(org_role__in=[User.OrgRole.IT_ADMIN])
        .annotate(
            offers_short=Count(
                "profile__offers",
                Q(profile__offers__in=topics),
                distinct=True,
            )
        )
        .filter(offers_short__gt=0)
        .select_related("employment")
    )
    if middle is not None and program.model != Program.Model.REVERSE:
        people = people.filter(employment__level__gt=middle)
    found = list(people.order_by("-offers_short", "name", "pk")[:SHOWN])
    offered: dict[int, list[str]] = {}
    for user, topic in User.objects.filter(
        pk__in=[each.pk for each in found], profile__offers__in=topics
    ).values_list("pk", "profile__offers"):
        offered.setdefault(user, []).append(topics[topic])
    return [Likely(each, sorted(offered.get(each.pk, []))) for each in found]
