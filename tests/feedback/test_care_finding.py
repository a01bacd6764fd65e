"""Which pairs come into the care queue, and when they leave it by themselves."""

from datetime import timedelta

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.actions import (
    close_care,
    review_program,
    take_care,
)
from feedback.models import CareItem, CareSettings
from feedback.tasks import review_mentorships
from mentorships.models import Mentorship
from people.actions import leave
from tests import factories


def meet_again(mentorship):
    """They keep their rhythm."""
    for days in (1, 10, 20):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=timezone.now() - timedelta(days=days),
        )


def test_a_pair_that_never_met_comes_into_the_queue_with_its_facts(item):
    assert item.score <= 5
    assert item.reason_key == "never-met"
    facts = {fact["part"]: fact for fact in item.facts}
    assert facts["contact"]["never"]
    assert facts["rhythm"]["held"] == 0
    assert facts["rhythm"]["expected"] == 2


def test_the_clock_may_strike_twice(item):
    assert review_mentorships() == 0
    assert CareItem.objects.count() == 1


def test_a_new_mentorship_is_left_alone(mentorship, program):
    CareSettings.objects.create(program=program, grace_days=41)

    assert review_mentorships() == 0


def test_a_pair_that_goes_well_is_left_alone(mentorship):
    for days in (3, 17, 31):
        factories.MentoringSessionFactory(
            mentorship=mentorship,
            held=True,
            starts_at=timezone.now() - timedelta(days=days),
        )

    assert review_mentorships() == 0


def test_a_programme_that_does_not_run_is_left_alone(mentorship, program):
    type(program).objects.update(state="closing")

    assert review_mentorships() == 0


def test_in_a_programme_that_is_closing_the_queue_goes_on_with_whom_it_has(
    item, mentorship, program
):
    type(program).objects.update(state="closing")
    mentorship.end()

    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "ended"


def test_a_pair_back_on_track_leaves_by_itself(item, mentorship):
    meet_again(mentorship)

    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "back"


def test_a_pair_that_somebody_looks_after_stays_with_them(
    item, mentorship, coordinator
):
    take_care(item, by=coordinator)
    meet_again(mentorship)

    review_mentorships()

    item.refresh_from_db()
    assert item.is_open
    assert item.score > 50


def test_an_ended_mentorship_leaves_by_itself(item, mentorship):
    mentorship.end()

    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "ended"


def test_a_pair_has_three_weeks_after_it_was_looked_after(item, coordinator):
    close_care(item, "helped", reason="", by=coordinator)

    with time_machine.travel(timezone.now() + timedelta(days=20)):
        assert review_mentorships() == 0
    with time_machine.travel(timezone.now() + timedelta(days=22)):
        assert review_mentorships() == 1


def test_the_number_of_queries_does_not_grow_with_pairs(program, in_mentorships):
    def review():
        with CaptureQueriesContext(connection) as queries:
            review_program(program, timezone.now())
        return len(queries)

    in_mentorships(2)
    few = review()
    CareItem.objects.all().delete()
    in_mentorships(10)

    assert review() == few
    assert CareItem.objects.count() == 12


def test_a_pair_that_rests_is_left_alone(mentorship):
    Mentorship.objects.update(back_at=timezone.now() + timedelta(days=5))

    assert review_mentorships() == 0


def test_after_a_pause_they_begin_anew(mentorship):
    Mentorship.objects.update(back_at=timezone.now() - timedelta(days=5))

    assert review_mentorships() == 0


def test_what_somebody_took_who_left_goes_when_it_is_back_on_track(
    item, mentorship, coordinator
):
    take_care(item, by=coordinator)
    leave(coordinator, by=None)
    meet_again(mentorship)

    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "back"


def pause(days):
    Mentorship.objects.update(back_at=timezone.now() + timedelta(days=days))


def test_a_pair_that_pauses_leaves_as_one_that_takes_a_break(item):
    pause(10)

    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "paused"


def test_a_pair_that_pauses_stays_with_who_took_it(item, mentorship, coordinator):
    take_care(item, by=coordinator)
    pause(10)

    review_mentorships()

    item.refresh_from_db()
    assert item.is_open

    mentorship.end()
    review_mentorships()

    item.refresh_from_db()
    assert item.outcome == "ended"
