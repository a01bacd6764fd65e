"""From rows to the arithmetic: who takes part in a round, and what counts."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from matching.models import Criterion, Exclusion, LeftOver, Request, Round, WishFor
from matching.scoring import Criterion as Weight
from matching.scoring import Person, Pool
from people.models import Employment, Offer, Profile, Topic, Wish
from programs.blueprints import blueprints
from programs.models import JoinAnswer, JoinQuestion, Participant, Program, Role


def criteria_to_come(program: Program) -> list[Criterion]:
    """What its template would add to what counts already; nothing is written."""
    found = set(program.criteria.values_list("key", flat=True))
    blueprint = blueprints().get(program.template_key) or blueprints()["blank"]
    shipped = {each["key"]: each for each in blueprint.criteria}
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
        for question in counting_questions(program)
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
    """What counts in this programme; its template's criteria the first time.

    Of a question that is gone, or may not count any more, nothing counts.
    """
    if missing := criteria_to_come(program):
        Criterion.objects.bulk_create(missing, ignore_conflicts=True)
    keys = {*Criterion.Key.values, *map(key_of, counting_questions(program))}
    return [each for each in program.criteria.all() if each.key in keys]


def managers_above(
    users: Collection[int] | None = None,
) -> dict[int, frozenset[int]]:
    """For each person everybody above them, at any depth. A loop ends by itself."""
    direct = dict(
        Employment.objects.exclude(manager=None).values_list("user_id", "manager_id")
    )
    above: dict[int, frozenset[int]] = {}
    for user in direct if users is None else users:
        chain: list[int] = []
        manager = direct.get(user)
        while manager is not None and manager not in chain and manager != user:
            chain.append(manager)
            manager = direct.get(manager)
        above[user] = frozenset(chain)
    return above


LEFT_OUT_POINTS = 50  # for each round that left somebody out
BEGIN_ANEW_POINTS = 100  # for whose mentorship ended, and who has nobody now


def load_pool(
    program: Program,
    *,
    only: Collection[int] | None = None,
    criteria: list[dict[str, Any]] | None = None,
    not_this_time: frozenset[tuple[int, int]] = frozenset(),
) -> Pool:
    """The ready people with a free place, in the order of their ids.

    ``only`` asks for these participants instead, whether they have a place or not.
    ``criteria`` are those of a round's snapshot, if not today's. ``not_this_time`` are
    pairs of users that a coordinator put aside. Reading takes the same number of
    queries for ten people as for ten thousand.
    """
    wanted = program.participants.exclude(role=Role.COORDINATOR)
    if only is None:
        wanted = wanted.ready().with_room().filter(user__is_active=True)
    else:
        wanted = wanted.filter(pk__in=only)
    found = list(wanted.select_related("user").order_by("pk"))
    users = {each.user_id for each in found}
    # A few are named; for a whole pool the database knows them by the programme.
    if only is None:
        users_of: Any = program.participants.values("user")
        above = managers_above()
    else:
        users_of = users
        above = managers_above(users)
    of_user, of_profile = Q(user__in=users_of), Q(profile__user__in=users_of)
    profiles = {
        each.user_id: each
        for each in Profile.objects.filter(of_user).prefetch_related(
            "interests", "directions_been", "directions_going"
        )
    }
    jobs = {each.user_id: each for each in Employment.objects.filter(of_user)}
    offers: dict[int, dict[int, int]] = {}
    wishes: dict[int, dict[int, int]] = {}
    for user, topic, level in (
        Offer.objects.filter(of_profile)
        .values_list("profile__user", "topic", "level")
        .order_by("topic")
    ):
        offers.setdefault(user, {})[topic] = level
    for user, topic, priority in (
        Wish.objects.filter(of_profile)
        .values_list("profile__user", "topic", "priority")
        .order_by("topic")
    ):
        wishes.setdefault(user, {})[topic] = priority
    choices: dict[int, tuple[int, ...]] = {}
    for participant, other in WishFor.objects.filter(
        participant__program=program
    ).values_list("participant", "wanted"):
        choices[participant] = (*choices.get(participant, ()), other)
    waited = left_out_before(program)
    anew = begin_anew(program)
    answers: dict[int, dict[str, Any]] = {}
    for question, user, value in JoinAnswer.objects.filter(
        question__program=program, question__feeds_matching=True, user__in=users_of
    ).values_list("question", "user", "value"):
        if value not in (None, "", []):
            answers.setdefault(user, {})[str(question)] = (
                tuple(value) if isinstance(value, list) else str(value)
            )

    def person(participant: Participant) -> Person:
        user = participant.user_id
        profile, job = profiles.get(user), jobs.get(user)
        return Person(
            id=participant.pk,
            user_id=user,
            topics_offered=offers.get(user, {}),
            topics_wanted=wishes.get(user, {}),
            interests=_keys(profile.interests.all()) if profile else frozenset(),
            directions_from=_keys(profile.directions_been.all())
            if profile
            else frozenset(),
            directions_to=_keys(profile.directions_going.all())
            if profile
            else frozenset(),
            style=profile.style if profile else (),
            languages=frozenset(profile.languages) if profile else frozenset(),
            location=job.location if job else "",
            time_zone=participant.user.time_zone,
            department=job.department if job else "",
            level=job.level if job else None,
            manager_chain=above.get(user, frozenset()),
            capacity=participant.room,
            wishes=choices.get(participant.pk, ()),
            answers=answers.get(user, {}),
            priority=LEFT_OUT_POINTS * waited.get(participant.pk, 0)
            + (BEGIN_ANEW_POINTS if participant.pk in anew else 0),
        )

    excluded = set(
        Exclusion.objects.filter(program=program).values_list("a_id", "b_id")
    ) | _worked_together(program, None if only is None else users)
    declined = not_this_time | set(
        Request.objects.filter(
            mentee__program=program, state=Request.State.DECLINED
        ).values_list("mentee__user", "mentor__user")
    )
    peers = [person(each) for each in found if each.role == Role.PEER]
    return Pool(
        mentees=peers or [person(each) for each in found if each.role == Role.MENTEE],
        mentors=peers or [person(each) for each in found if each.role == Role.MENTOR],
        criteria=[
            Weight(each["key"], each["weight"], each["must"], each["settings"])
            for each in (criteria if criteria is not None else snapshot(program))
        ],
        families=dict(Topic.objects.values_list("pk", "family_id")),
        excluded=frozenset(pair for pair in excluded if set(pair) <= users),
        declined=frozenset(pair for pair in declined if set(pair) <= users),
    )


def snapshot(program: Program) -> list[dict[str, Any]]:
    """The criteria as they are now, as a round keeps them."""
    return [
        {
            "key": each.key,
            "weight": each.weight,
            "must": each.must,
            "settings": each.settings,
        }
        for each in [*program.criteria.all(), *criteria_to_come(program)]
    ]


def left_out_before(program: Program) -> dict[int, int]:
    """How many published rounds left each one out who still has nobody."""
    counts: dict[int, int] = {}
    for participant in LeftOver.objects.filter(
        round__program=program,
        round__state=Round.State.PUBLISHED,
        participant__places_taken=0,
    ).values_list("participant", flat=True):
        counts[participant] = counts.get(participant, 0) + 1
    return counts


def begin_anew(program: Program) -> set[int]:
    """Who learns, had a mentorship that ended, and has nobody now: first in line."""
    return set(
        program.participants.filter(
            role__in=[Role.MENTEE, Role.PEER],
            places_taken=0,
            memberships__mentorship__ended_at__isnull=False,
        ).values_list("pk", flat=True)
    )


def _keys(rows: object) -> frozenset[int]:
    return frozenset(row.pk for row in rows)  # type: ignore[attr-defined]


def _worked_together(
    program: Program, users: Collection[int] | None
) -> set[tuple[int, int]]:
    """Pairs of this programme, ended or not: never the same pair again."""
    together: dict[int, list[int]] = {}
    found = program.mentorships.all()
    if users is not None:
        found = found.filter(members__participant__user__in=users).distinct()
    for mentorship, user in found.values_list("pk", "members__participant__user"):
        together.setdefault(mentorship, []).append(user)
    return {(a, b) for both in together.values() for a in both for b in both if a != b}
