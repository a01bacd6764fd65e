"""How far the people of a programme got: one by one, and counted."""

from collections import Counter

import pytest
from django.utils import timezone

from mentorships.models import Member, Mentorship
from mentorships.reach import STAGES, reached, reached_by
from programs.models import Participant, Program, Role
from tests import factories


def together(program: Program, *people: Participant) -> Mentorship:
    mentorship = factories.MentorshipFactory(program=program)
    for each in people:
        Member.objects.create(mentorship=mentorship, participant=each, role=each.role)
    return mentorship


@pytest.fixture
def everybody(program: Program, coordinator: object, mentorship: Mentorship) -> None:
    """People at every stage; one in two roles, one who left a group, one who began
    anew after an ending.
    """
    joining, ready, both, again, gone = (
        factories.ParticipantFactory(program=program, role=Role.MENTEE)
        for _each in range(5)
    )
    Participant.objects.filter(pk=joining.pk).update(state="joining")
    mentor = factories.ParticipantFactory(
        program=program, role=Role.MENTOR, user=both.user
    )
    factories.ParticipantFactory(program=program, role=Role.COORDINATOR)
    assert ready.state == Participant.State.READY
    met = together(program, mentor, again)
    factories.MentoringSessionFactory(mentorship=met, held=True)
    factories.MentoringSessionFactory(mentorship=met, held=True)
    met.end()
    together(program, mentor, again, gone)
    Member.objects.filter(participant=gone).update(left_at=timezone.now())


@pytest.mark.usefixtures("everybody")
def test_counted_and_one_by_one_are_the_same(program):
    one_by_one = Counter(reached(program).values())

    assert reached_by(program) == [one_by_one[stage] for stage in range(len(STAGES))]
    assert reached_by(program) == [1, 2, 2, 0, 2]


def test_of_another_programme_nobody_counts(program, mentorship):
    factories.ParticipantFactory(program=factories.ProgramFactory())

    assert sum(reached_by(program)) == 2
