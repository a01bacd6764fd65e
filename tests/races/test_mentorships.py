"""Places, rounds and mentorships, when many want them at once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from matching.actions import (
    accept_request,
    approve_rest,
    decide,
    fix_pair,
    publish_round,
)
from matching.models import Proposal, ProposalMember, Request, Round
from mentorships.actions import (
    end_mentorship,
    start_mentorship,
    tap_session,
    vouch_for_session,
)
from mentorships.models import (
    MentoringSession,
    Mentorship,
)
from outbox.models import Message
from people.actions import leave
from programs.actions import leave_program
from programs.models import Participant, Program, Role
from tests import factories
from tests.cast import World
from tests.races.at_once import at_once, in_browser, people

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
MANY = 50
ROUNDS = 20


def test_the_last_place_goes_to_one_of_fifty(program: Program):
    for _round in range(ROUNDS):
        (mentor,) = people(program, Role.MENTOR, 1, capacity=1)
        mentees = people(program, Role.MENTEE, MANY)

        found = at_once(
            *(
                lambda mentor=mentor, mentee=mentee: start_mentorship(
                    program=program,
                    people=[(mentor, Role.MENTOR), (mentee, Role.MENTEE)],
                    by=None,
                )
                for mentee in mentees
            )
        )

        kinds = Counter(type(each).__name__ for each in found)
        assert kinds == {"Mentorship": 1, "ValidationError": MANY - 1}
        assert {each.code for each in found if isinstance(each, ValidationError)} == {
            "taken"
        }
        mentor.refresh_from_db()
        assert mentor.places_taken == 1
        # Who did not get the place keeps their own.
        assert (
            sum(
                each.places_taken
                for each in program.participants.filter(
                    pk__in=[mentee.pk for mentee in mentees]
                )
            )
            == 1
        )
        assert Mentorship.objects.filter(members__participant=mentor).count() == 1


def test_the_last_place_is_given_once_to_those_who_press_yes(world: World):
    """Fifty mentees asked one mentor, who says yes in fifty windows at once."""
    for _round in range(ROUNDS):
        program = factories.ProgramFactory(running=True)
        (mentor,) = people(program, Role.MENTOR, 1, capacity=1)
        asked = [
            Request.objects.create(
                mentee=mentee,
                mentor=mentor,
                goals="To begin well.",
                expires_at=timezone.now() + timedelta(days=7),
            )
            for mentee in people(program, Role.MENTEE, MANY)
        ]

        codes = at_once(
            *(
                in_browser(
                    None,
                    reverse("matching:request_answer", args=[each.token]),
                    {"answer": "yes"},
                )
                for each in asked
            )
        )

        # Who was too late reads so: not there any more, or no place left.
        assert Counter(codes)[302] == 1, Counter(codes)
        assert set(codes) <= {302, 409, 422}, Counter(codes)
        mentor.refresh_from_db()
        assert mentor.places_taken == 1
        assert Mentorship.objects.filter(members__participant=mentor).count() == 1


def proposals(program: Program, number: int) -> Round:
    found = Round.objects.create(program=program, state=Round.State.READY)
    for _each in range(number):
        proposal = Proposal.objects.create(
            round=found, score=1, state=Proposal.State.APPROVED
        )
        for role in (Role.MENTEE, Role.MENTOR):
            (participant,) = people(program, role, 1)
            ProposalMember.objects.create(
                proposal=proposal, participant=participant, role=role
            )
    return found


def test_a_round_is_published_once(program: Program):
    found = proposals(program, 5)
    coordinators = [factories.UserFactory() for _each in range(8)]

    outcome = at_once(
        *(lambda user=user: publish_round(found, by=user) for user in coordinators)
    )

    assert sum(isinstance(each, tuple) for each in outcome) == 1, outcome
    assert sum(isinstance(each, ValidationError) for each in outcome) == 7, outcome
    assert program.mentorships.count() == 5
    assert Message.objects.filter(kind="introduction").count() == 10


def test_deciding_and_changing_by_hand_wait_for_each_other(program: Program):
    user = factories.UserFactory()
    for _round in range(ROUNDS):
        found = proposals(program, 2)
        one, other = found.proposals.order_by("pk")
        free = people(program, Role.MENTOR, 2)
        users = [factories.UserFactory() for _each in range(2)]

        outcome = at_once(
            lambda: fix_pair(
                found,  # noqa: B023
                one.first.participant,  # noqa: B023
                free[0],  # noqa: B023
                overrule=True,
                by=user,
            ),
            lambda: decide(one, "rejected", by=users[0]),  # noqa: B023
            lambda: decide(other, "held", by=users[1]),  # noqa: B023
            lambda: approve_rest(found),  # noqa: B023
            lambda: publish_round(found, by=user),  # noqa: B023
        )

        assert all(
            isinstance(each, Proposal | bool | int | tuple | ValidationError)
            for each in outcome
        ), outcome
        # What is held or rejected in the end was not published.
        assert (
            found.proposals.filter(state=Proposal.State.PUBLISHED).count()
            == Mentorship.objects.filter(proposal__round=found).count()
        )


def test_a_mentor_says_yes_while_a_round_is_published(program: Program):
    user = factories.UserFactory()
    for _round in range(ROUNDS):
        found = proposals(program, 2)
        one, other = found.proposals.order_by("pk")
        # Whom the round gives to others, and in the other order.
        asked = Request.objects.create(
            mentee=one.first.participant,
            mentor=other.mentor.participant,
            goals="To begin well.",
            expires_at=timezone.now() + timedelta(days=7),
        )

        published, said_yes = at_once(
            lambda: publish_round(found, by=user),  # noqa: B023
            lambda: accept_request(asked, by=asked.mentor.user),  # noqa: B023
        )

        assert isinstance(published, tuple | ValidationError), published
        assert isinstance(said_yes, ValidationError | Mentorship), said_yes
        for each in Participant.objects.filter(program=program):
            assert each.places_taken == each.memberships.count() <= 1


def test_a_mentor_says_yes_while_the_mentee_leaves(program: Program):
    for _round in range(ROUNDS):
        (mentor,), (mentee,) = (
            people(program, role, 1) for role in (Role.MENTOR, Role.MENTEE)
        )
        asked = Request.objects.create(
            mentee=mentee,
            mentor=mentor,
            goals="To begin well.",
            expires_at=timezone.now() + timedelta(days=7),
        )

        left, said_yes = at_once(
            lambda: leave_program(mentee, by=mentee.user),  # noqa: B023
            lambda: accept_request(asked, by=mentor.user),  # noqa: B023
        )

        assert left is None
        assert isinstance(said_yes, ValidationError | Mentorship)
        assert not Mentorship.objects.active().filter(program=program).exists()
        assert not Request.objects.alive().exists()


def test_two_rounds_with_the_same_people_are_published_at_once(program: Program):
    mentors = people(program, Role.MENTOR, 6)
    mentees = people(program, Role.MENTEE, 6)
    rounds = []
    for mentors_of_round in (mentors, mentors[::-1]):
        found = Round.objects.create(program=program, state=Round.State.READY)
        rounds.append(found)
        for mentee, mentor in zip(mentees, mentors_of_round, strict=True):
            proposal = Proposal.objects.create(
                round=found, score=1, state=Proposal.State.APPROVED
            )
            for each, role in ((mentee, Role.MENTEE), (mentor, Role.MENTOR)):
                ProposalMember.objects.create(
                    proposal=proposal, participant=each, role=role
                )
    user = factories.UserFactory()

    outcome = at_once(
        *(lambda found=found: publish_round(found, by=user) for found in rounds)
    )

    assert all(isinstance(each, tuple) for each in outcome), outcome
    assert sum(each[0] for each in outcome) == program.mentorships.count()
    for each in Participant.objects.filter(program=program):
        assert each.places_taken == each.memberships.count()


def test_who_leaves_while_being_matched_is_in_no_mentorship(program: Program):
    for _round in range(ROUNDS):
        (mentor,), (mentee,) = (
            people(program, role, 1) for role in (Role.MENTOR, Role.MENTEE)
        )

        left, matched = at_once(
            lambda: leave_program(mentee, by=mentee.user),  # noqa: B023
            lambda: start_mentorship(
                program=program,
                people=[(mentor, Role.MENTOR), (mentee, Role.MENTEE)],  # noqa: B023
                by=None,
            ),
        )

        # Whichever came first: who leaves is in no mentorship, and gave back the place.
        assert left is None
        assert isinstance(matched, ValidationError | Mentorship)
        for each in (mentor, mentee):
            each.refresh_from_db()
        assert mentee.left_at is not None
        assert not Mentorship.objects.active().filter(program=program).exists()
        assert (mentor.places_taken, mentee.places_taken) == (0, 0)


def test_who_left_the_company_is_not_matched(program: Program):
    found = proposals(program, 2)
    gone = ProposalMember.objects.filter(role=Role.MENTEE).latest("pk").participant
    leave(gone.user, by=None)

    started, skipped = publish_round(found, by=factories.UserFactory())

    assert started == 1
    assert len(skipped) == 1
    assert gone.user.name in skipped[0]


def test_a_mentorship_ends_once(program: Program):
    mentors, mentees = (people(program, role, 1) for role in (Role.MENTOR, Role.MENTEE))
    mentorship = start_mentorship(
        program=program,
        people=[(mentors[0], Role.MENTOR), (mentees[0], Role.MENTEE)],
        by=None,
    )

    outcome = at_once(
        *(
            lambda: end_mentorship(
                Mentorship.objects.get(pk=mentorship.pk), by=mentees[0].user
            )
            for _each in range(8)
        )
    )

    assert sum(each is None for each in outcome) == 1, outcome
    assert {each.places_taken for each in program.participants.all()} == {0}


def test_that_they_met_is_written_down_once_and_their_own_words_stay(
    program: Program,
):
    (mentor,), (mentee,) = (
        people(program, role, 1) for role in (Role.MENTOR, Role.MENTEE)
    )
    pair = start_mentorship(
        program=program,
        people=[(mentor, Role.MENTOR), (mentee, Role.MENTEE)],
        by=None,
    )
    me = pair.members.get(participant=mentee)
    team = [factories.UserFactory() for _each in range(6)]

    for number in range(ROUNDS):
        planned = factories.MentoringSessionFactory(
            mentorship=pair, starts_at=timezone.now() - timedelta(days=number + 1)
        )
        # Each read it while it was planned.
        *read, mine = (
            MentoringSession.objects.get(pk=planned.pk) for _each in range(7)
        )

        *vouched, tapped = at_once(
            *(
                lambda session=session, user=user: vouch_for_session(session, by=user)
                for session, user in zip(read, team, strict=True)
            ),
            lambda: tap_session(mine, member=me, met=True, minutes=45, rating=4),  # noqa: B023
        )

        assert tapped is None
        assert {type(each) for each in vouched} <= {type(None), ValidationError}
        assert sum(each is None for each in vouched) <= 1
        planned.refresh_from_db()
        assert (planned.state, planned.minutes) == ("held", 45)
        assert planned.attendances.count() == 2
        assert planned.attendances.get(member=me).rating == 4
