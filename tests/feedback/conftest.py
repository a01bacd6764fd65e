"""Surveys that were asked, and people who answer them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from feedback.actions import answer, name_confidant, open_wave, pulse_of, send_report
from feedback.models import CareItem, CareSettings, Invitation, Report, Survey, Wave
from feedback.tasks import review_mentorships
from mentorships.models import Mentorship
from people.actions import leave
from people.models import User
from programs.models import Program, Role
from tests import factories

SECRET = "He waits for me at my car."


@pytest.fixture
def in_mentorships(program: Program) -> Callable[[int], list[Mentorship]]:
    """Makes pairs of colleagues in the programme, two people each."""

    def make(number: int) -> list[Mentorship]:
        pairs = []
        for _number in range(number):
            mentorship = factories.MentorshipFactory(program=program)
            for role in (Role.MENTOR, Role.MENTEE):
                member = factories.MemberFactory(
                    mentorship=mentorship,
                    participant__role=role,
                    participant__program=program,
                )
                factories.EmploymentFactory(user=member.participant.user)
            pairs.append(mentorship)
        return pairs

    return make


@pytest.fixture
def item(mentorship: Mentorship) -> CareItem:
    """The pair has not met in forty days, and the clock has seen it."""
    review_mentorships()
    return CareItem.objects.get()


@pytest.fixture
def as_coordinator(as_user: Callable[[User], Client], coordinator: User) -> Client:
    return as_user(coordinator)


@pytest.fixture
def confidant(program: Program) -> User:
    user = factories.UserFactory(name="Vera Trouw", email="vera@example.org")
    name_confidant(None, user, by=user)
    return user


@pytest.fixture
def sent(mentorship: Mentorship, mentee: User, confidant: User) -> Report:
    return send_report(mentorship, SECRET, by=mentee)


@pytest.fixture
def gone(sent: Report, confidant: User) -> User:
    """The named person left the company while a report waits."""
    leave(confidant, by=None)
    confidant.refresh_from_db()
    return confidant


@pytest.fixture
def successor(gone: User) -> User:
    user = factories.UserFactory(name="Nora Nieuw", email="nora@example.org")
    name_confidant(None, user, by=user)
    return user


@pytest.fixture
def pulse(program: Program) -> Survey:
    return pulse_of(program)


@pytest.fixture
def asked(pulse: Survey, in_mentorships: Callable[[int], list[Mentorship]]) -> Survey:
    """The pulse, after it was asked."""
    in_mentorships(3)
    open_wave(pulse, occasion="day-30", by=None)
    return pulse


@pytest.fixture
def without_rest(program: Program) -> None:
    """Whoever was asked something today may be asked again."""
    CareSettings.objects.create(program=program, rest_days=0)


@pytest.fixture
def wave(pulse: Survey, in_mentorships: Callable[[int], list[Mentorship]]) -> Wave:
    """Twenty people were asked the pulse today; none answered."""
    in_mentorships(10)
    return open_wave(pulse, occasion="day-30", by=None)


@pytest.fixture
def invitation(wave: Wave) -> Invitation:
    found = wave.invitations.select_related("wave__survey", "to").order_by("pk").first()
    assert found
    return found


@pytest.fixture
def fill_in() -> Callable[..., None]:
    """Somebody answers: scales with ``scale``, the recommendation with ``nps``."""

    def do(
        invitation: Invitation, *, scale: int = 4, nps: int = 9, text: str = ""
    ) -> None:
        given: dict[int, Any] = {}
        for question in invitation.wave.survey.questions.all():
            if question.kind == "scale":
                given[question.pk] = str(scale)
            elif question.kind == "nps":
                given[question.pk] = str(nps)
            elif question.kind == "text" and text:
                given[question.pk] = text
        answer(invitation, given)

    return do


@pytest.fixture
def answered_by(wave: Wave, fill_in: Callable[..., None]) -> Callable[..., Wave]:
    """So many of a role answer the wave, each in the same way."""

    def do(number: int, role: str = "mentee", **how: Any) -> Wave:
        waiting = wave.invitations.unanswered().filter(role=role).order_by("pk")
        found = list(waiting.select_related("wave", "to")[:number])
        assert len(found) == number
        for invitation in found:
            fill_in(invitation, **how)
        return wave

    return do
