"""The cast. A test says who does it: ``mentor``, not a name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mentorships.models import Member, Mentorship
from people.models import Profile, User
from programs.models import Participant, Program, Role
from tests import factories


@pytest.fixture(autouse=True)
def _every_test_may_use_the_database(db: None) -> None:
    """Nearly every test does."""


def person(name: str, **fields: str) -> User:
    user = factories.UserFactory(
        name=name, email=f"{name.lower().replace(' ', '.')}@example.org", **fields
    )
    factories.ProfileFactory(user=user)
    factories.EmploymentFactory(user=user)
    return user


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
