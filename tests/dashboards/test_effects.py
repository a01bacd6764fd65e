"""What a programme brought, counted from rows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dashboards import effects
from mentoring.statistics import share_of
from mentorships.models import Goal, SelfRating
from people.models import Employment, LevelChange
from programs.models import Role
from tests import factories

START = timezone.localdate() - timedelta(days=200)


@pytest.fixture
def begun(program):
    program.starts_on = START
    program.save()
    return program


@pytest.fixture
def rate(program):
    """Somebody of the programme rates two topics at these moments."""
    topics = factories.TopicFactory.create_batch(2)

    def do(**values):
        member = factories.MemberFactory(
            mentorship=factories.MentorshipFactory(program=program),
            participant__program=program,
            participant__role=Role.MENTEE,
        )
        for moment, value in values.items():
            for topic in topics:
                SelfRating.objects.create(
                    member=member,
                    topic=topic,
                    moment=moment,
                    value=value,
                    at=timezone.now() - timedelta(days=2),
                )
        return member

    return do


def colleagues(program, number, *, raised, took_part):
    for place in range(number):
        user = factories.UserFactory()
        Employment.objects.create(
            user=user, department="Care", level=3, started_on=START - timedelta(400)
        )
        if place < raised:
            Employment.objects.filter(user=user).update(level=4)
            LevelChange.objects.create(user=user, before=3, after=4)
        if took_part:
            factories.ParticipantFactory(program=program, user=user, role=Role.MENTEE)


def test_own_ratings_of_fewer_than_five_say_nothing(program, rate):
    for _number in range(4):
        rate(start=2, end=4)

    assert effects.self_ratings(program) == []


def test_own_ratings_count_once_they_cannot_be_corrected(program, rate):
    for _number in range(4):
        rate(start=2, end=4)
    last = rate(start=2, end=4)
    SelfRating.objects.filter(member=last, moment="start").update(at=timezone.now())

    assert effects.self_ratings(program) == []


def test_who_rated_the_start_late_does_not_push_others_aside(program, rate):
    for value in (3, 3, 3, 3, 3, 5, 5):
        rate(start=2, end=value)
    early = rate(start=2, end=5)
    SelfRating.objects.filter(member=early, moment="end").update(
        at=timezone.now() - timedelta(days=30)
    )

    [growth] = effects.self_ratings(program)

    assert growth.after == 3


def test_own_ratings_before_and_after_have_a_difference_with_its_interval(
    program, rate
):
    for later in (3, 4, 4, 5, 3):
        rate(start=2, end=later)
    rate(start=3)

    [growth] = effects.self_ratings(program)

    assert growth.before == 2
    assert growth.after == pytest.approx(3.8)
    assert growth.difference.low < 1.8 < growth.difference.high
    assert growth.is_clear


def test_own_ratings_are_counted_five_at_a_time(program, rate):
    for _number in range(5):
        rate(start=2, half_way=3)
    before = effects.self_ratings(program)

    rate(start=1, half_way=5)

    assert effects.self_ratings(program) == before


def test_goals_that_were_let_go_do_not_count(program, mentorship):
    owner = mentorship.members.first()
    states = ("reached", "reached", "active", "active", "active", "let_go")
    for number, state in enumerate(states):
        Goal.objects.create(
            mentorship=mentorship,
            owner=owner,
            specific=f"{number}",
            measure="x",
            by_on=START,
            state=state,
            closed_at=None if state == "active" else timezone.now(),
        )

    found = effects.goals_reached(program)

    assert (found.value, found.number) == (40, 5)
    assert found.low < 40 < found.high


def test_promotion_holds_the_level_of_then_against_that_of_now(begun):
    colleagues(begun, 20, raised=10, took_part=True)
    colleagues(begun, 40, raised=4, took_part=False)

    found = effects.promotion(begun)

    assert found.stayed == 50
    assert found.stayed_colleagues == pytest.approx(10)
    assert found.is_clear


def test_promotion_is_not_known_while_hr_sent_no_other_level(begun):
    colleagues(begun, 20, raised=0, took_part=True)
    colleagues(begun, 40, raised=0, took_part=False)

    assert effects.promotion(begun) is None


def test_who_rose_stays_among_those_of_the_level_they_had(begun):
    colleagues(begun, 20, raised=20, took_part=True)
    colleagues(begun, 20, raised=0, took_part=False)

    assert effects.promotion(begun).participants == 20


def test_the_page_says_what_is_too_few(begun, as_user, coordinator):
    page = as_user(coordinator).get(reverse("dashboards:outcomes", args=[begun.slug]))

    assert page.content.decode().count("Too few to say") == 4


def test_the_page_says_how_it_is_worked_out(begun, rate, as_user, coordinator):
    colleagues(begun, 20, raised=10, took_part=True)
    colleagues(begun, 40, raised=4, took_part=False)
    for later in (3, 4, 4, 5, 3):
        rate(start=2, end=later)

    page = as_user(coordinator).get(reverse("dashboards:outcomes", args=[begun.slug]))

    body = page.content.decode()
    assert "50% are on a higher level" in body
    assert "How this is worked out" in body
    assert "a difference of 1.8," in body


def test_a_sponsor_reads_in_whole_steps_what_it_brought(
    begun, as_user, sponsor, mentorship
):
    colleagues(begun, 22, raised=11, took_part=True)
    colleagues(begun, 43, raised=4, took_part=False)
    owner = mentorship.members.first()
    for number in range(36):
        Goal.objects.create(
            mentorship=mentorship,
            owner=owner,
            specific=f"{number}",
            measure="x",
            by_on=START,
            state="active" if number > 5 else "reached",
            closed_at=timezone.now() if number <= 5 else None,
        )
    url = reverse("dashboards:outcomes", args=[begun.slug])
    before = as_user(sponsor).get(url).content.decode()

    Goal.objects.filter(specific="6").update(state="reached", closed_at=timezone.now())
    after = as_user(sponsor).get(url).content.decode()

    assert "15% of 35 goals are reached" in before
    assert "15% of 35 goals are reached" in after
    assert "20 participants are compared with 40 colleagues" in after
    assert "That is 45 points of difference, probably between 15 and 65." in after
    assert "in steps of 5, rounded down" in after


def test_a_share_for_a_sponsor_is_rounded_once():
    found = share_of(8, 36).in_steps(5)

    assert (found.number, found.value, found.low, found.high) == (35, 20, 10, 40)
