"""Who is away while a mentorship would begin: never matched, and said everywhere."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from matching.actions import ask_mentor, check_pair, fix_pair
from matching.models import LeftOver, Manner, Request, Round
from matching.obstacles import problem_of
from matching.pool import away_at_the_start, load_pool
from matching.readiness import report_on
from matching.suggestions import suggested_in
from matching.tasks import move_requests
from people.models import Absence
from programs.models import Role

# A Tuesday.
TODAY = "2027-01-12 10:00+01:00"
WORDS = {"goals": "Chair a meeting", "rhythm_days": 14, "months": 6}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(TODAY, tick=False) as clock:
        yield clock


def away(participant, first, last):
    return Absence.objects.create(
        user=participant.user,
        starts_on=date.fromisoformat(first),
        ends_on=date.fromisoformat(last),
    )


def names(found):
    return {
        (each.mentee.participant.user.name, each.mentor.participant.user.name)
        for each in found.proposals.prefetch_related("members__participant__user")
    }


@pytest.mark.parametrize(
    ("first", "last", "is_out"),
    [
        # Fourteen days from today end on Monday the 25th.
        ("2027-01-01", "2027-01-25", True),
        ("2027-01-01", "2027-02-20", True),
        ("2027-01-01", "2027-01-22", False),
        ("2027-01-13", "2027-02-20", False),
        ("2027-01-01", "2027-01-11", False),
    ],
)
def test_who_is_here_on_no_working_day_of_the_first_fourteen_cannot_begin(
    program, two_pairs, first, last, is_out
):
    away(two_pairs["max"], first, last)

    found = away_at_the_start(program)

    assert (two_pairs["max"].user_id in found) is is_out


def test_two_absences_with_a_weekend_between_are_one(program, two_pairs):
    away(two_pairs["max"], "2027-01-04", "2027-01-15")
    away(two_pairs["max"], "2027-01-18", "2027-01-29")

    assert away_at_the_start(program) == {two_pairs["max"].user_id: date(2027, 1, 29)}


def test_a_programme_that_begins_later_looks_at_its_own_first_day(program, two_pairs):
    away(two_pairs["max"], "2027-01-01", "2027-02-10")
    program.starts_on = date(2027, 2, 8)
    program.save()

    assert away_at_the_start(program) == {}


def test_a_mentor_who_is_away_gets_nobody_and_the_reason_is_said(
    two_pairs, run, as_user, coordinator
):
    away(two_pairs["max"], "2027-01-01", "2027-02-20")
    away(two_pairs["nia"], "2027-01-01", "2027-01-20")

    found = run()

    assert {mentor for _mentee, mentor in names(found)} == {"Nia Mentor"}
    check = check_pair(found, two_pairs["ann"], two_pairs["max"])
    assert check.blocked == ["absence"]
    url = reverse("matching:pair_check", args=[found.pk])
    html = (
        as_user(coordinator)
        .get(f"{url}?mentee={two_pairs['ann'].pk}&mentor={two_pairs['max'].pk}")
        .content.decode()
    )
    assert "away while a mentorship would begin" in html


def test_a_mentee_who_is_away_is_left_over_with_what_a_later_start_would_bring(
    two_pairs, run, as_user, coordinator
):
    away(two_pairs["ann"], "2027-01-01", "2027-02-20")

    found = run()

    left = found.left_over.get()
    assert left.limit == LeftOver.Limit.AWAY
    assert left.facts["until"] == "2027-02-20"
    assert left.facts["lift"] == "absence"
    assert left.facts["lift_mentors"] == 2
    html = (
        as_user(coordinator)
        .get(reverse("matching:left_over_list", args=[found.pk]))
        .content.decode()
    )
    assert "Away until 20 February 2027" in html
    assert "once nobody is away, 2 mentors are possible" in html


def test_whom_only_the_absent_could_help_hears_that_a_later_start_helps(
    two_pairs, run, weigh, topic
):
    weigh(must="topics", topics=5)
    away(two_pairs["max"], "2027-01-01", "2027-02-20")

    found = run()

    left = found.left_over.get()
    assert left.participant == two_pairs["ann"]
    assert left.facts["blocked"] == {"topics": 1, "absence": 1}
    assert left.facts["lift"] in {"topics", "absence"}


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        (("max", "nia"), "All mentors with a free place are away from 12 January"),
        (("ann", "bob"), "Everybody who waits is away from 12 January to 25 January"),
    ],
)
def test_when_a_whole_side_is_away_the_round_says_so(two_pairs, run, who, sentence):
    for each in who:
        away(two_pairs[each], "2027-01-01", "2027-02-20")

    found = run()

    assert found.state == Round.State.FAILED
    assert sentence in problem_of(found)


def test_by_hand_it_is_a_limit_that_can_be_overruled(two_pairs, run, coordinator):
    away(two_pairs["max"], "2027-01-01", "2027-02-20")
    found = run()
    pair = (found, two_pairs["ann"], two_pairs["max"])

    with pytest.raises(ValidationError, match="A limit is broken"):
        fix_pair(*pair, overrule=False, by=coordinator)

    assert fix_pair(*pair, overrule=True, by=coordinator).overruled == ["absence"]


def test_the_report_before_a_round_names_who_is_away(
    program, two_pairs, as_user, coordinator
):
    away(two_pairs["max"], "2027-01-01", "2027-02-20")

    report = report_on(program)

    assert (report.mentors, report.places) == (1, 1)
    html = (
        as_user(coordinator)
        .get(reverse("matching:readiness", args=[program.slug]))
        .content.decode()
    )
    assert "Max Mentor (mentor), away until 20 February 2027" in html


def test_a_group_is_formed_without_who_is_away(program, joins, topic, run, weigh):
    program.model = "peer"
    program.save()
    weigh(topics=5)
    people = [joins(f"Peer {n}", Role.PEER, topic) for n in range(5)]
    away(people[0], "2027-01-01", "2027-02-20")

    found = run(least=2, most=2)

    assert found.left_over.get().limit == LeftOver.Limit.AWAY
    assert found.left_over.get().participant == people[0]


def test_the_sum_and_the_table_agree_about_absence(program, two_pairs):
    from matching.scoring import FORBIDDEN, Scorer

    away(two_pairs["max"], "2027-01-01", "2027-02-20")
    pool = load_pool(program)
    scorer = Scorer(pool)
    table = scorer.block(range(len(pool.mentees)))

    for row in range(len(pool.mentees)):
        for column, mentor in enumerate(pool.mentors):
            assert scorer.explain(row, column).score == table[row, column]
            assert (table[row, column] == FORBIDDEN) == mentor.is_away


# --- where mentees choose


@pytest.fixture
def chooses(program):
    return Manner.objects.create(program=program, mode=Manner.Mode.CHOOSE)


def test_who_is_away_today_is_suggested_to_nobody(program, chooses, two_pairs):
    away(two_pairs["max"], "2027-01-11", "2027-01-13")

    shown = {fit.mentor for fits in suggested_in(program).values() for fit in fits}

    assert shown == {two_pairs["nia"].pk}


def test_who_is_away_cannot_be_asked_and_the_sentence_says_until_when(
    chooses, two_pairs
):
    away(two_pairs["max"], "2027-01-11", "2027-01-13")
    ann = two_pairs["ann"]

    with pytest.raises(ValidationError, match="Max Mentor is away until 13 January"):
        ask_mentor(ann, two_pairs["max"], by=ann.user, **WORDS)


def test_a_question_does_not_expire_until_the_mentor_has_been_back_three_days(
    chooses, two_pairs, clock
):
    ann = two_pairs["ann"]
    found = ask_mentor(ann, two_pairs["max"], by=ann.user, **WORDS)
    away(two_pairs["max"], "2027-01-14", "2027-01-25")

    clock.shift(timedelta(days=8))
    assert move_requests() == 0
    found.refresh_from_db()
    assert f"{found.expires_at:%Y-%m-%d %H:%M}" == "2027-01-28 23:00"

    clock.shift(timedelta(days=8))
    assert move_requests() == 0
    clock.shift(timedelta(days=1))
    assert move_requests() == 1
    found.refresh_from_db()
    assert found.state == Request.State.EXPIRED
