"""The cast. A test says who does it: ``mentor``, not a name."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from mentoring import branding
from mentorships.models import Member, Mentorship
from people.models import Profile, User
from programs.models import Participant, Program, Role
from tests import factories
from tests.cast import World, make_world


class TwoSites(LoadScopeScheduling):
    """Walks go on where earlier ones left off, so they stay together, on one site. The
    look at every page needs no walk before it: it has a site of its own.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "looks" if "/test_looks.py::" in nodeid else "walks"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TwoSites | None:
    """For ``--dist loadgroup``: xdist's own reads marks, which this pytest hides."""
    return TwoSites(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: the rest then fills both processes to the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def _every_test_may_use_the_database(db: None) -> None:
    """Nearly every test does."""


@pytest.fixture(autouse=True)
def _every_test_begins_alike() -> Iterator[None]:
    """Nothing was worked out yet, nobody gave a name or a colour, and nobody left
    another language behind.
    """
    cache.clear()
    cache.set(branding.KEY, branding.Brand(), None)
    yield
    translation.deactivate()


def person(name: str, **fields: str) -> User:
    user = factories.UserFactory(
        name=name, email=f"{name.lower().replace(' ', '.')}@example.org", **fields
    )
    factories.ProfileFactory(user=user)
    factories.EmploymentFactory(user=user)
    return user


@pytest.fixture(scope="module")
def world_of_the_file(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once, in a transaction around those of the tests. All tests of the file then
    find its rows: it is for files of which every test takes place in a ``world``.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        world.sign_in()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(world_of_the_file: World) -> World:
    """The world of the file, of which no test before this one changed anything."""
    branding.forget()
    return deepcopy(world_of_the_file)


@pytest.fixture
def hr_admin() -> User:
    return person("Hanna Hradmin", org_role=User.OrgRole.HR_ADMIN)


@pytest.fixture
def it_admin() -> User:
    return person("Ivo Itadmin", org_role=User.OrgRole.IT_ADMIN)


@pytest.fixture
def sponsor() -> User:
    return person("Sia Sponsor", org_role=User.OrgRole.SPONSOR)


@pytest.fixture
def program() -> Program:
    """A programme for pairs, half-way."""
    program = factories.ProgramFactory(
        slug="leaders", name_nl="Leiders", name_en="Leaders", running=True
    )
    for role in (Role.MENTOR, Role.MENTEE):
        factories.GuidelineFactory(program=program, role=role)
    factories.ProgramGoalFactory(program=program)
    return program


@pytest.fixture
def coordinator(program: Program) -> User:
    user = person("Cora Coordinator")
    factories.ParticipantFactory(program=program, user=user, role=Role.COORDINATOR)
    return user


@pytest.fixture
def mentor(program: Program) -> User:
    user = person("Mentor Mo")
    factories.ParticipantFactory(
        program=program, user=user, role=Role.MENTOR, capacity=2
    )
    return user


@pytest.fixture
def mentee(program: Program) -> User:
    user = person("Mentee Mia")
    factories.ParticipantFactory(program=program, user=user, role=Role.MENTEE)
    return user


@pytest.fixture
def outsider() -> User:
    return person("Otto Outsider")


@pytest.fixture
def leaver() -> User:
    """Somebody who no longer works here."""
    user = person("Lea Leaver")
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    return user


@pytest.fixture
def mentorship(program: Program, mentor: User, mentee: User) -> Mentorship:
    """The mentor and the mentee, forty days on their way."""
    mentorship = factories.MentorshipFactory(program=program)
    for user in (mentor, mentee):
        participant = Participant.objects.get(program=program, user=user)
        participant.claim_place()
        Member.objects.create(
            mentorship=mentorship, participant=participant, role=participant.role
        )
    return mentorship


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser in which somebody has signed in."""

    def client(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client


@pytest.fixture
def profile(mentee: User) -> Profile:
    return mentee.profile


@pytest.fixture
def office_hours(settings: Any) -> None:
    """A reminder waits for office hours, as it does everywhere but in tests."""
    settings.REMINDERS_WAIT = True
    settings.PUBLIC_HOLIDAYS_OFF = True
