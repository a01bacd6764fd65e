"""Two who look at their own pages, and what stands there."""

import pytest

from tests import factories
from tests.mentorships.pages import tomorrow


@pytest.fixture
def as_mentee(as_user, mentorship, mentee):
    return as_user(mentee)


@pytest.fixture
def as_mentor(as_user, mentorship, mentor):
    return as_user(mentor)


@pytest.fixture
def past(mentorship):
    return factories.MentoringSessionFactory(mentorship=mentorship)


@pytest.fixture
def coming(mentorship):
    return factories.MentoringSessionFactory(
        mentorship=mentorship, starts_at=tomorrow()
    )


@pytest.fixture
def goal(mentorship, mentee):
    return factories.GoalFactory(
        mentorship=mentorship,
        owner=mentorship.members.get(participant__user=mentee),
        target=10,
    )
