"""Many at once: what is scarce is given once, and nobody gets an error of ours.

Each thread has a connection of its own, on a database in a file: on SQLite and, when
``make test`` finds a server, on Postgres.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.actions import answer, save_draft
from feedback.models import Draft, FreshSheet, Invitation, Question
from history.models import Event
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
    Action,
    Agreement,
    Concern,
    FitCheck,
    Goal,
    GoalComment,
    MentoringSession,
    Mentorship,
    OfferedTime,
    PeerFeedback,
    Preparation,
    Reflection,
    SessionOffer,
    SharedNote,
    ThankYou,
)
from outbox.models import Message
from people.actions import grant_role, leave
from people.models import Topic, User
from programs.actions import invite, join_program, leave_program
from programs.models import Invite, Participant, Program, Role
from tests import factories
from tests.cast import OURS, World, make_world, person
from tests.test_access import arguments_for

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
MANY = 50
ROUNDS = 20


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> None:
    cache.clear()


@pytest.fixture
def program() -> Program:
    return factories.ProgramFactory(slug="race", name_en="Race", running=True)


@pytest.fixture
def world() -> World:
    return make_world()


def at_once(*wanted: Callable[[], Any]) -> list[Any]:
    """Do all of these at the same moment; what each gave, or the error it raised."""
    together = threading.Barrier(len(wanted))
    found: list[Any] = [None] * len(wanted)

    def run(place: int, one: Callable[[], Any]) -> None:
        try:
            together.wait(timeout=60)
            found[place] = one()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            found[place] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=each, daemon=True)
        for each in enumerate(wanted)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return found


def people(
    program: Program, role: str, number: int, **fields: Any
) -> list[Participant]:
    return [
        factories.ParticipantFactory(program=program, role=role, **fields)
        for _each in range(number)
    ]


def in_browser(
    user: User | None, path: str, data: dict[str, Any] | None = None
) -> Callable[[], int]:
    """Somebody who will press a button; the status that they get."""
    client = Client()
    if user is not None:
        client.force_login(user)
        client.get(reverse("people:settings"))
    return lambda: client.post(path, data or {}).status_code


def test_no_more_join_than_there_is_room_for():
    for number in range(3):
        program = factories.ProgramFactory(
            slug=f"small-{number}", open=True, most_people=3
        )
        users = [factories.UserFactory() for _each in range(20)]

        found = at_once(
            *(
                lambda program=program, user=user: join_program(
                    Program.objects.get(pk=program.pk), user, Role.MENTEE
                )
                for user in users
            )
        )

        assert Counter(type(each) for each in found) == {
            Participant: 3,
            ValidationError: 17,
        }
        program.refresh_from_db()
        assert program.places_taken == program.participants.active().count() == 3


def test_a_programme_is_made_once_by_two_presses_at_once(hr_admin: User):
    path = reverse("programs:program_create", args=["flash"])
    data = {"name_en": "Flash", "once": "6f1e3b1e-0000-4000-8000-000000000001"}

    found = at_once(*(in_browser(hr_admin, path, data) for _each in range(4)))

    assert found == [302] * 4
    assert Program.objects.filter(name_en="Flash").count() == 1


def test_of_programmes_of_one_name_at_once_one_is_made():
    path = reverse("programs:program_create", args=["flash"])
    role = User.OrgRole.HR_ADMIN
    admins = [factories.UserFactory(org_role=role) for _each in range(4)]

    # The English name alone is the same, so each would have a slug of its own.
    found = at_once(
        *(
            in_browser(each, path, {"name_nl": f"Flits {number}", "name_en": "Flash"})
            for number, each in enumerate(admins)
        )
    )

    assert sorted(found) == [302, 422, 422, 422]
    assert Program.objects.filter(name_en="Flash").count() == 1


def test_of_programmes_that_get_one_name_at_once_one_does():
    programs = [factories.ProgramFactory() for _each in range(4)]
    role = User.OrgRole.HR_ADMIN
    admins = [factories.UserFactory(org_role=role) for _each in programs]

    found = at_once(
        *(
            in_browser(
                admin,
                reverse("programs:setup_step", args=[each.slug, "purpose"]),
                {"name_nl": each.name_nl, "name_en": "Flash"},
            )
            for admin, each in zip(admins, programs, strict=True)
        )
    )

    assert sorted(found) == [302, 422, 422, 422]
    assert Program.objects.filter(name_en="Flash").count() == 1


def test_programmes_of_like_names_at_once_each_get_an_address():
    path = reverse("programs:program_create", args=["flash"])
    role = User.OrgRole.HR_ADMIN
    admins = [factories.UserFactory(org_role=role) for _each in range(4)]

    # Not the same name, for that is refused; the same address.
    names = ["Flash", "Flash!", "Flash?", "Flash."]
    found = at_once(
        *(
            in_browser(each, path, {"name_en": name})
            for each, name in zip(admins, names, strict=True)
        )
    )

    assert found == [302] * 4
    slugs = Program.objects.values_list("slug", flat=True)
    assert set(slugs) == {"flash-2", "flash-3", "flash-4", "flash"}


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


@pytest.mark.parametrize("other_way", ["role", "leave"])
def test_two_hr_admins_do_not_take_each_other_away(other_way: str):
    for number in range(ROUNDS):
        User.objects.hr_admins().update(org_role="")
        admins = [
            factories.UserFactory(
                email=f"hr{number}{which}@example.org", org_role=User.OrgRole.HR_ADMIN
            )
            for which in "ab"
        ]

        def take_role(user: User, by: User) -> None:
            grant_role(User.objects.get(pk=user.pk), "", by=by)

        def let_go(user: User, by: User) -> None:
            leave(User.objects.get(pk=user.pk), by=by)

        one, two = admins
        found = at_once(
            partial(take_role, one, by=two),
            partial(take_role if other_way == "role" else let_go, two, by=one),
        )

        assert [type(each) for each in found if each] == [ValidationError]
        assert User.objects.hr_admins().count() == 1


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


def test_nobody_joins_twice(program: Program):
    for _round in range(5):
        user = factories.UserFactory()

        outcome = at_once(
            *(
                lambda role=role: join_program(program, user, role)  # noqa: B023
                for role in [Role.MENTOR, Role.MENTEE] * 4
            )
        )

        assert sum(isinstance(each, Participant) for each in outcome) == 1, outcome
        assert sum(isinstance(each, ValidationError) for each in outcome) == 7, outcome
        assert program.participants.active().filter(user=user).count() == 1


def test_two_who_invite_the_same_people_ask_them_once(program: Program):
    known = factories.UserFactory()
    emails = [known.email, "somebody.new@example.org", "another.new@example.org"]
    users = [factories.UserFactory() for _each in range(6)]

    outcome = at_once(
        *(
            lambda user=user: invite(program, emails, Role.MENTEE, by=user)
            for user in users
        )
    )

    assert not [each for each in outcome if isinstance(each, Exception)], outcome
    assert Invite.objects.count() == 3
    assert User.objects.filter(email__in=emails).count() == 3
    assert Message.objects.filter(kind="invitation").count() == 3


def test_two_who_add_the_same_person_make_one():
    admins = [person(f"Admin {number}", org_role="hr_admin") for number in range(6)]
    data = {"name": "New", "email": "new@example.org"}

    codes = at_once(
        *(in_browser(user, reverse("people:person_create"), data) for user in admins)
    )

    assert sorted(codes) == [302] + [422] * 5
    assert User.objects.filter(email="new@example.org").count() == 1


def mentorship_of(world: World) -> Mentorship:
    return Mentorship.objects.get(pk=world.arguments["mentorship_id"])


def other(world: World) -> int:
    """The mentor of the pair, as a member."""
    return mentorship_of(world).members.get(role=Role.MENTOR).pk


def offer_of(world: World) -> int:
    return int(world.arguments["offer_id"])


# What one person presses twenty times, and of what there is one afterwards.
PRESSED = {
    "mentorships:session_plan": (
        "mentee",
        {"minutes": 60, "mode": "video", "at": "10:00"},
        lambda: MentoringSession.objects.filter(subject="once").count(),
    ),
    "mentorships:goal_add": (
        "mentee",
        {"specific": "once", "measure": "talks", "start": 0, "target": 3},
        lambda: Goal.objects.filter(specific="once").count(),
    ),
    "mentorships:milestone_add": (
        "mentee",
        {"text": "once"},
        lambda: Goal.objects.filter(milestones__text="once").count(),
    ),
    "mentorships:session_offer": (
        "mentee",
        {"minutes": 60, "mode": "video", "at1": "10:00"},
        lambda: SessionOffer.objects.filter(subject="once").count(),
    ),
    "mentorships:session_log_new": (
        "mentee",
        {"on": timezone.localdate(), "minutes": 60, "came": other, "shared": "once"},
        lambda: SharedNote.objects.filter(body="once").count(),
    ),
    "mentorships:session_log": (
        "mentee",
        {
            "on": timezone.localdate(),
            "minutes": 60,
            "came": other,
            "action": "once",
            "owner": other,
        },
        lambda: Action.objects.filter(text="once").count(),
    ),
    "mentorships:session_tap": (
        None,
        {"outcome": "met"},
        lambda: Event.objects.filter(verb="logged").count(),
    ),
    "mentorships:offer_pick": (
        "mentee",
        {"time": lambda world: OfferedTime.objects.get(offer=offer_of(world)).pk},
        lambda: MentoringSession.objects.filter(subject=f"{OURS} moments").count(),
    ),
    "mentorships:action_add": (
        "mentee",
        {"text": "once", "owner": other},
        lambda: Action.objects.filter(text="once").count(),
    ),
    "mentorships:agreement": (
        "mentee",
        {"minutes": 60, "expectations": "once", "seen": 1},
        lambda: Agreement.objects.filter(expectations="once", version=2).count(),
    ),
    "mentorships:goal_comment": (
        "mentor",
        {"body": "once"},
        lambda: GoalComment.objects.filter(body="once").count(),
    ),
    "mentorships:feedback_give": (
        "mentee",
        {"to": other, "situation": "once", "behavior": "b", "impact": "i"},
        lambda: PeerFeedback.objects.filter(situation="once").count(),
    ),
    "mentorships:thank_you": (
        "mentee",
        {"to": other, "body": "once"},
        lambda: ThankYou.objects.filter(body="once").count(),
    ),
    "mentorships:journal": (
        "mentee",
        {"text": "once"},
        lambda: Reflection.objects.filter(author__name=f"Mia {OURS}").count(),
    ),
    "mentorships:something_off": (
        "mentee",
        {"matter": "time", "ask": "on"},
        lambda: Concern.objects.filter(author__name=f"Mia {OURS}").count(),
    ),
    "mentorships:fit_check": (
        "mentee",
        {"answer": "yes"},
        lambda: FitCheck.objects.filter(author__name=f"Mia {OURS}").count(),
    ),
    "mentorships:session_prepare": (
        "mentee",
        {"body": "once"},
        lambda: Preparation.objects.filter(body="once").count(),
    ),
    "people:topic_create": (
        "hr_admin",
        {
            "name_nl": "once",
            "name_en": "once",
            "family": lambda world: world.arguments["family_id"],
        },
        lambda: Topic.objects.filter(name_en="once").count(),
    ),
    "programs:invite_create": (
        "coordinator",
        {"role": "mentee", "emails": "once@example.org"},
        lambda: Invite.objects.filter(email="once@example.org").count(),
    ),
    "feedback:survey_send": (
        "coordinator",
        {},
        lambda: (
            Message.objects.filter(kind="pulse").values("to").distinct().count() and 1
        ),
    ),
}


@pytest.mark.parametrize("name", PRESSED)
def test_a_button_pressed_twenty_times_does_it_once(name: str, world: World):
    role, data, count = PRESSED[name]
    if name in {"mentorships:session_log", "mentorships:session_tap"}:
        MentoringSession.objects.filter(pk=world.arguments["session_id"]).update(
            starts_at=timezone.now() - timedelta(hours=3)
        )
    day = timezone.localdate() + timedelta(days=20)
    day += timedelta(days=(7 - day.weekday()) % 7)
    kwargs = arguments_for(name, world.arguments)
    path = reverse(name, kwargs=kwargs)
    sent = {
        "on": day,
        "on1": day,
        "by_on": day,
        "subject": "once",
        "steps": "",
        "once": str(uuid4()),
        **{key: each(world) if callable(each) else each for key, each in data.items()},
    }
    who = world.people[role] if role else None

    codes = at_once(*(in_browser(who, path, sent) for _each in range(20)))

    assert set(codes) <= {302, 409, 422}, codes
    assert count() == 1


def test_a_token_of_an_invitation_lets_one_in(world: World):
    path = reverse("programs:invite_accept", args=[world.arguments["invite_token"]])

    browsers = [Client() for _each in range(8)]

    codes = at_once(*(partial(one.post, path) for one in browsers))

    assert {each.status_code for each in codes} <= {302, 410}
    assert sum(SESSION_KEY in one.session for one in browsers) == 1


def test_a_survey_is_answered_once(world: World):
    path = reverse("feedback:survey_answer", args=[world.arguments["survey_token"]])
    data = {
        f"q{each.pk}": "1"
        for each in Question.objects.filter(survey__waves__isnull=False)
    }
    before = FreshSheet.objects.count()

    codes = at_once(*(in_browser(None, path, data) for _each in range(8)))

    assert set(codes) <= {200, 302, 409, 422}, codes
    assert FreshSheet.objects.count() == before + 1


def test_no_draft_is_left_beside_what_was_sent(world: World):
    def fetched() -> Invitation:
        found = Invitation.from_token(world.arguments["survey_token"])
        assert found
        return found

    for number in range(ROUNDS):
        Invitation.objects.filter(pk=fetched().pk).update(answered=False)
        keep = partial(save_draft, fetched(), {1: "4"})

        found = at_once(keep, partial(answer, fetched(), {1: "4"}), keep)

        assert found == [None] * 3
        assert FreshSheet.objects.count() == number + 1
        assert not Draft.objects.exists()


def test_this_ran_with_connections_of_its_own():
    assert at_once(lambda: connection.vendor) == [connection.vendor]
