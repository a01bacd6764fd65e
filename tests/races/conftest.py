"""Many at once: what is scarce is given once, and nobody gets an error of ours.

Each thread has a connection of its own, on a database in a file: on SQLite and, when
``make test`` finds a server, on Postgres.
"""

import pytest
from django.core.cache import cache

from programs.models import Program
from tests import factories
from tests.cast import World, make_world


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> None:
    cache.clear()


@pytest.fixture
def program() -> Program:
    return factories.ProgramFactory(slug="race", name_en="Race", running=True)


@pytest.fixture
def world() -> World:
    return make_world()
