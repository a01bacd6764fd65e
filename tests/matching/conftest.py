"""Pools to match: people who offer and want, ready and waiting."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from matching.actions import begin_round, run_round
from matching.models import Criterion, Round
from people.models import Offer, Profile, Topic, User, Wish
from programs.models import Participant, Program, Role
from tests import factories
from tests.conftest import person


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """Of suggestions that another test worked out."""
    cache.clear()


@pytest.fixture
def topic() -> Topic:
    return factories.TopicFactory(name_en="Giving feedback", name_nl="Feedback geven")


@pytest.fixture
def other_topic() -> Topic:
    return factories.TopicFactory(name_en="Negotiating", name_nl="Onderhandelen")


@pytest.fixture
def joins(program: Program) -> Callable[..., Participant]:
    """Somebody takes part: who wants or offers these topics, with this much room."""

    def join(
        name: str,
        role: str,
        *topics: Topic,
        capacity: int = 1,
        level: int = 2,
        user: User | None = None,
    ) -> Participant:
        user = user or person(name)
        profile, _new = Profile.objects.get_or_create(user=user)
        user.employment.level = level
        user.employment.save()
        for each in topics:
            if role == Role.MENTOR:
                Offer.objects.get_or_create(
                    profile=profile, topic=each, defaults={"level": 3}
                )
            else:
                Wish.objects.get_or_create(
                    profile=profile, topic=each, defaults={"priority": 3}
                )
        return factories.ParticipantFactory(
            program=program, user=user, role=role, capacity=capacity
        )

    return join


@pytest.fixture
def weigh(program: Program) -> Callable[..., None]:
    """Only these criteria count: ``weigh(topics=5)``, ``weigh(must="languages")``."""

    def set_weights(must: str = "", **weights: int) -> None:
        program.criteria.all().delete()
        Criterion.objects.bulk_create(
            Criterion(
                program=program,
                key=key,
                weight=weights.get(key, 0),
                must=key == must,
            )
            for key in Criterion.Key.values
        )

    set_weights(topics=10)
    return set_weights


@pytest.fixture
def run(program: Program, coordinator: User) -> Callable[..., Round]:
    """The coordinator runs a round."""

    def run_it(**fields: object) -> Round:
        found = begin_round(
            program,
            **{
                "objective": "most_matched",
                "protect_weakest": False,
                "by": coordinator,
                **fields,
            },
        )
        run_round(found)
        return found

    return run_it


@pytest.fixture
def two_pairs(joins, topic, other_topic, weigh):
    """Two mentees and two mentors who fit crosswise, one place each."""
    return {
        "ann": joins("Ann Mentee", Role.MENTEE, topic),
        "bob": joins("Bob Mentee", Role.MENTEE, other_topic),
        "max": joins("Max Mentor", Role.MENTOR, topic, level=5),
        "nia": joins("Nia Mentor", Role.MENTOR, other_topic, level=5),
    }


@pytest.fixture
def ready(two_pairs, run):
    """A round with two proposals to decide on."""
    return run()


@pytest.fixture
def desk(as_user, coordinator):
    """The coordinator's browser."""
    return as_user(coordinator)


def page(client: Client, name: str, *arguments: object, **query: object) -> str:
    """What a page of matching says."""
    answer = client.get(reverse(f"matching:{name}", args=arguments), query)
    assert answer.status_code == 200
    return answer.content.decode()
