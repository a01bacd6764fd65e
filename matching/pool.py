"""From rows to the arithmetic: who takes part in a round, and what counts."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.utils import timezone

from matching.models import (
    Criterion,
    Exclusion,
    LeftOver,
    Manner,
    Request,
    Round,
    WishFor,
    mode_of,
)
from matching.scoring import Criterion as Weight
from matching.scoring import Person, Pool
from mentorships.models import Member
from outbox.workhours import is_working_day
from people.models import STYLES, Absence, Employment, Offer, Profile, Wish
from programs.blueprints import blueprints
from programs.models import JoinAnswer, JoinQuestion, Participant, Program, Role


def counting(program: Program) -> list[Criterion]:
    """What counts in this programme: as stored, with its template's for the rest;
    nothing is written.

    Of a question that is gone, or may not count any more, nothing counts.
    """
    questions = counting_questions(program)
    keys = {*Criterion.Key.values, *map(key_of, questions)}
    stored = list(program.criteria.all())
    return [
        *(each for each in stored if each.key in keys),
        *_to_come(program, stored, questions),
    ]


def _to_come(
    program: Program,
    criteria: Collection[Criterion],
    questions: Collection[JoinQuestion],
) -> list[Criterion]:
    """What its template and these questions would add to what is stored."""
    found = {each.key for each in criteria}
    blueprint = blueprints().get(program.template_key) or blueprints()["blank"]
    shipped = {each["key"]: each for each in blueprint.criteria}
    if Criterion.Key.WISHES not in found and mode_of(program) == Manner.Mode.RANK:
        # What people are asked for counts, unless the coordinator says otherwise.
        shipped.setdefault(Criterion.Key.WISHES, {"weight": 5})
    return [
        Criterion(
            program=program,
            key=key,
            weight=shipped.get(key, {}).get("weight", 0),
            must=shipped.get(key, {}).get("must", False),
            settings={"reversed": True}
            if key == "level" and program.model == Program.Model.REVERSE
            else {},
        )
        for key in Criterion.Key.values
        if key not in found
    ] + [
        Criterion(
            program=program,
            key=key,
            weight=0,
            settings={"nl": question.text_nl, "en": question.text_en},
        )
        for question in questions
        if (key := key_of(question)) not in found
    ]


def counting_questions(program: Program) -> list[JoinQuestion]:
    """Those of the application whose answers may count."""
    return list(
        program.join_questions.filter(feeds_matching=True).exclude(
            kind__in=[JoinQuestion.Kind.SHORT, JoinQuestion.Kind.LONG]
        )
    )


def key_of(question: JoinQuestion) -> str:
    """The key of its criterion: one answer is the same or not, several are shared."""
    many = question.kind == JoinQuestion.Kind.MANY
    return f"{'answers' if many else 'answer'}:{question.pk}"


def criteria_of(program: Program) -> list[Criterion]:
    """What counts in this programme, all of it stored from now on."""
    Criterion.objects.bulk_create(
        (each for each in counting(program) if each.pk is None), ignore_conflicts=True
    )
    return counting(program)


def managers_above(users: Collection[int]) -> dict[int, frozenset[int]]:
    """For each of these everybody above them, at any depth. A loop ends by itself."""
    direct = dict(
        Employment.objects.exclude(manager=None).values_list("user_id", "manager_id")
    )
    above: dict[int, frozenset[int]] = {}
    for user in users:
        chain: list[int] = []
        manager = direct.get(user)
        while manager is not None and manager not in chain and manager != user:
            chain.append(manager)
            manager = direct.get(manager)
        above[user] = frozenset(chain)
    return above


# Whoever is away on every working day of so many, from the first on which a mentorship
# can begin, is matched later.
BEGIN_WITHIN = timedelta(days=14)


def begins_on(program: Program) -> date:
    """The first day on which a mentorship of this programme can begin."""
    return max(timezone.localdate(), program.starts_on or date.min)


def away_at_the_start(program: Program, users: Any = None) -> dict[int, date]:
    """Until when they are away who cannot begin: their last day of absence, by user;
    of these users, else of all who take part.
    """
    first = begins_on(program)
    days = [first + timedelta(days=n) for n in range(BEGIN_WITHIN.days)]
    absences = Absence.objects.between(first, days[-1]).select_related("user")
    if users is None:
        users = program.participants.order_by().values("user")
    found: dict[int, date] = {}
    for user, theirs in absences.filter(user__in=users).by_user().items():
        zone = theirs[0].user.time_zone
        here = [
            day
            for day in days
            if is_working_day(day, zone)
            and not any(each.starts_on <= day <= each.ends_on for each in theirs)
        ]
        if not here:
            found[user] = max(each.ends_on for each in theirs)
    return found


LEFT_OUT_POINTS = 50  # for each round that left somebody out
BEGIN_ANEW_POINTS = 100  # for whose mentorship ended, and who has nobody now


def load_pool(
    program: Program,
    *,
    only: Collection[int] | QuerySet | None = None,
    criteria: list[dict[str, Any]] | None = None,
    not_this_time: frozenset[tuple[int, int]] = frozenset(),
) -> Pool:
    """The ready people with a free place, in the order of their ids.

    ``only`` asks for these participants instead, whether they have a place or not.
    ``criteria`` are those of a round's snapshot, if not today's. ``not_this_time`` are
    pairs of users that a coordinator put aside. Reading takes the same number of
    queries for ten people as for ten thousand.
    """
    all_here = program.participants.exclude(role=Role.COORDINATOR)
    wanted = (
        all_here.ready().with_room() if only is None else all_here.filter(pk__in=only)
    )
    # Rows as they come: a model for each of them would take longer than the matching.
    found = list(
        wanted.order_by("pk").values_list(
            "pk",
            "user",
            "role",
            F("capacity") - F("places_taken"),
            "user__time_zone",
            "user__employment__location",
            "user__employment__department",
            "user__employment__level",
            "user__profile__languages",
            *[f"user__profile__style_{name}" for name in STYLES],
        )
    )
    users = {user for _pk, user, *_rest in found}
    # The database finds them again by itself: a list of thousands would be sent to it
    # for each of the tables.
    users_of = wanted.order_by().values("user")
    if criteria is None:
        criteria = snapshot(program)
    above = managers_above(users)
    chosen, families = _what_they_chose(users_of, criteria)
    answers = _what_they_answered(users_of, criteria)
    wishes, priority = _what_comes_first(program)
    away = away_at_the_start(program, users_of)
    people: dict[str, list[Person]] = {}
    for row in found:
        pk, user, role, room, time_zone, location, department, level, *said = row
        languages, *style = said
        person = Person(
            id=pk,
            user_id=user,
            time_zone=time_zone,
            location=location or "",
            department=department or "",
            level=level,
            languages=frozenset(languages or ()),
            style=() if None in style else tuple(style),
            manager_chain=above[user],
            capacity=room,
            wishes=wishes.get(pk, ()),
            answers=answers.get(user, {}),
            priority=priority.get(pk, 0),
            away_until=away.get(user),
            **chosen.get(user, {}),
        )
        people.setdefault(role, []).append(person)

    excluded, declined = _kept_apart(program, users_of)
    declined |= not_this_time
    peers = people.get(Role.PEER, [])
    return Pool(
        mentees=peers or people.get(Role.MENTEE, []),
        mentors=peers or people.get(Role.MENTOR, []),
        criteria=[
            Weight(each["key"], each["weight"], each["must"], each["settings"])
            for each in criteria
        ],
        families=families,
        excluded=frozenset(pair for pair in excluded if set(pair) <= users),
        declined=frozenset(pair for pair in declined if set(pair) <= users),
    )


def _what_they_chose(
    users: Any, criteria: list[dict[str, Any]]
) -> tuple[dict[int, dict[str, Any]], dict[int, int]]:
    """Of each of these users the topics, and the interests and directions where they
    count; and the family of each of those topics.
    """
    counting = {each["key"] for each in criteria if each["weight"] or each["must"]}
    theirs = Q(profile__user__in=users)
    nothing = Value(None, output_field=IntegerField())
    topics = [
        rows.filter(theirs)
        .order_by()
        .values_list(Value(name), "profile__user", "topic", much, "topic__family")
        for name, rows, much in (
            ("topics_offered", Offer.objects.all(), "level"),
            ("topics_wanted", Wish.objects.all(), "priority"),
        )
    ]
    sets = [
        field.through.objects.filter(theirs)
        .order_by()
        .values_list(Value(name), "profile__user", of, nothing, nothing)
        for key, name, field, of in (
            ("interests", "interests", Profile.interests, "interest"),
            (
                "direction",
                "directions_from",
                Profile.directions_been,
                "careerdirection",
            ),
            (
                "direction",
                "directions_to",
                Profile.directions_going,
                "careerdirection",
            ),
        )
        if key in counting
    ]
    found: dict[int, dict[str, Any]] = {}
    families: dict[int, int] = {}
    rows = topics[0].union(topics[1], *sets, all=True)
    for name, user, what, much, family in rows.order_by("topic"):
        mine = found.setdefault(user, {})
        if much is None:
            mine[name] = mine.get(name, frozenset()) | {what}
        else:
            mine.setdefault(name, {})[what] = much
            families[what] = family
    return found, families


def _what_they_answered(
    users: Any, criteria: list[dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    """Of each of these users the answers that criteria are about, by question."""
    keys = [each["key"].partition(":") for each in criteria]
    questions = [int(question) for _kind, colon, question in keys if colon]
    answers: dict[int, dict[str, Any]] = {}
    for question, user, value in JoinAnswer.objects.filter(
        question__in=questions, question__feeds_matching=True, user__in=users
    ).values_list("question", "user", "value"):
        if value not in (None, "", []):
            answers.setdefault(user, {})[str(question)] = (
                tuple(value) if isinstance(value, list) else str(value)
            )
    return answers


def _what_comes_first(
    program: Program,
) -> tuple[dict[int, tuple[int, ...]], dict[int, int]]:
    """By participant whom they wish for, the dearest first, and the points for having
    waited.
    """
    wishes: dict[int, tuple[int, ...]] = {}
    priority: dict[int, int] = {}
    anew = set()
    rows = (
        WishFor.objects.filter(participant__program=program)
        .order_by()
        .values_list(Value("wish"), "participant", "wanted", "rank")
        .union(
            left_out_before(program)
            .order_by()
            .values_list(Value("left out"), "participant", "round", Value(0)),
            begin_anew(program)
            .order_by()
            .values_list(Value("anew"), "pk", "program", Value(0)),
            all=True,
        )
    )
    for kind, participant, other, _rank in rows.order_by("rank"):
        if kind == "wish":
            wishes[participant] = (*wishes.get(participant, ()), other)
        elif kind == "left out":
            priority[participant] = priority.get(participant, 0) + LEFT_OUT_POINTS
        else:
            anew.add(participant)
    for participant in anew:
        priority[participant] = priority.get(participant, 0) + BEGIN_ANEW_POINTS
    return wishes, priority


Pairs = set[tuple[int, int]]


def _kept_apart(program: Program, users: Any) -> tuple[Pairs, Pairs]:
    """Pairs of users who are never matched: by hand, or as they were together in this
    programme, which may have ended; and pairs of which one said no to the other.
    """
    rows = (
        Exclusion.objects.filter(program=program)
        .order_by()
        .values_list(Value("never"), "a", "b")
        .union(
            Member.ever.filter(mentorship__program=program, participant__user__in=users)
            .order_by()
            .values_list(
                Value("together"),
                "participant__user",
                "mentorship__members__participant__user",
            ),
            Request.objects.filter(
                mentee__program=program, state=Request.State.DECLINED
            )
            .order_by()
            .values_list(Value("no"), "mentee__user", "mentor__user"),
            all=True,
        )
    )
    excluded, declined = set(), set()
    for kind, one, other in rows:
        if kind == "no":
            declined.add((one, other))
        elif one != other:
            excluded.add((one, other))
    return excluded, declined


def snapshot(program: Program) -> list[dict[str, Any]]:
    """The criteria as they are now, as a round keeps them."""
    return [
        {
            "key": each.key,
            "weight": each.weight,
            "must": each.must,
            "settings": each.settings,
        }
        for each in counting(program)
    ]


def left_out_before(program: Program) -> QuerySet[LeftOver]:
    """That a published round left somebody out who still has nobody."""
    return LeftOver.objects.filter(
        round__program=program,
        round__state=Round.State.PUBLISHED,
        participant__places_taken=0,
    )


def begin_anew(program: Program) -> QuerySet[Participant]:
    """Who learns, had a mentorship that ended or left a group, and has nobody now: they
    are first in line.
    """
    return program.participants.filter(
        Q(memberships__mentorship__ended_at__isnull=False)
        | Q(memberships__left_at__isnull=False),
        role__in=[Role.MENTEE, Role.PEER],
        places_taken=0,
    )
