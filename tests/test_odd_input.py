"""Whatever is asked for, nothing breaks: no page answers with an error of ours."""

import random
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import reverse

from tests.cast import World
from tests.nonsense import (
    EVERYTHING,
    ODD_NUMBERS,
    ODD_WORDS,
    QUERIES,
    SEED,
    TRIES,
    answer,
    encodable,
    live_far_apart,
    shortened,
    wrong_with,
)
from tests.test_access import OUTSIDE, arguments_for
from tests.urls_of_the_site import URLS


@pytest.fixture(autouse=True)
def _far_apart(world: World) -> None:
    live_far_apart(world)


@pytest.mark.parametrize("role", ["mentee", "coordinator", "hr_admin", "anonymous"])
def test_no_page_breaks_on_an_odd_question(world: World, role: str):
    chance = random.Random(SEED)
    client = world.client(role)
    broken = []

    for name in URLS:
        if name in OUTSIDE and not name.startswith("account_log"):
            continue
        path = reverse(name, kwargs=arguments_for(name, world.arguments))
        if client.get(path).status_code not in {200, 302}:
            continue
        for _try in range(max(2, TRIES // 4)):
            asked = {
                each: encodable(chance.choice(EVERYTHING)[:2000]) for each in QUERIES
            }
            part = chance.choice(["", "found", "topics", "\x00", "é"])
            headers = {"HX-Request": "true", "HX-Target": part} if part else {}
            with transaction.atomic():
                response = answer(client, "get", path, asked, headers=headers)
                transaction.set_rollback(True)
            if problem := wrong_with(response):
                broken.append(f"{name} {shortened(asked)}: {problem}")

    assert broken == []


@pytest.mark.long
@pytest.mark.parametrize("role", ["mentee", "hr_admin"])
def test_no_page_breaks_on_an_odd_address(world: World, role: str):
    client = world.client(role)
    broken = []

    for path in odd_addresses(world):
        for method in ("get", "post"):
            with transaction.atomic():
                response = answer(client, method, path)
                transaction.set_rollback(True)
            if problem := wrong_with(response):
                broken.append(f"{method} {path[:200]}: {problem}")

    assert broken == []


def odd_addresses(world: World) -> Iterator[str]:
    """Each address with something else in the place of each of its arguments."""
    for name in URLS:
        sound = arguments_for(name, world.arguments)
        for each, value in sound.items():
            is_number = isinstance(value, int)
            mark = 1_234_567_890 if is_number else "put-it-here"
            path = reverse(name, kwargs={**sound, each: mark})
            for odd in ODD_NUMBERS if is_number else ODD_WORDS:
                yield path.replace(str(mark), odd)
