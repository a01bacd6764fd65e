"""Running a round: what it stores, what it keeps, and why it comes to nothing."""

import html
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from matching.actions import (
    begin_round,
    decide,
    exclude,
    fail_round,
    run_round,
    stop_round,
)
from matching.models import Criterion, LeftOver, Proposal, Round
from matching.obstacles import SENTENCES, problem_of
from matching.pool import criteria_of, load_pool
from matching.tasks import solve_round
from mentoring import branding
from mentorships.actions import end_mentorship, start_mentorship
from people.models import Offer, Organisation, Profile
from programs.models import Participant, Role
from tests import factories
from tests.conftest import person


def pairs(found):
    return {
        (each.mentee.participant.user.name, each.mentor.participant.user.name)
        for each in found.proposals.prefetch_related("members__participant__user")
    }


def test_a_round_stores_pairs_with_the_proof_that_nothing_is_better(two_pairs, run):
    found = run()

    assert found.state == Round.State.READY
    assert pairs(found) == {("Ann Mentee", "Max Mentor"), ("Bob Mentee", "Nia Mentor")}
    assert (found.total, found.gap, found.matched) == (2000, 0, 2)
    assert found.is_proven
    assert "there is no better way" in found.verdict
    assert found.seconds > 0
    assert found.memory_mb > 0
    assert found.progress == 100


def test_the_lines_of_a_proposal_add_up_to_its_score(two_pairs, run, weigh):
    weigh(topics=7, style=3, languages=2)

    found = run()

    for proposal in found.proposals.all():
        assert sum(line["points"] for line in proposal.lines) == proposal.score


def test_an_honest_gap_is_said_in_points():
    found = Round(total=900, upper_bound=930, matched=2, matched_bound=2)

    assert not found.is_proven
    assert "30 points" in found.verdict


def test_only_one_round_of_a_programme_runs_at_a_time(program, coordinator, weigh):
    begin_round(program, objective="best_total", protect_weakest=True, by=coordinator)

    with pytest.raises(ValidationError, match="running now"):
        begin_round(
            program, objective="best_total", protect_weakest=True, by=coordinator
        )


def test_a_stopped_round_leaves_nothing_and_makes_place(
    two_pairs, program, coordinator, run
):
    found = begin_round(
        program, objective="most_matched", protect_weakest=True, by=coordinator
    )

    assert stop_round(found, by=coordinator)
    run_round(found)

    assert found.state == Round.State.STOPPED
    assert not found.proposals.exists()
    assert not stop_round(found, by=coordinator)
    assert run().state == Round.State.READY


def test_left_over_says_what_one_more_place_brings(joins, topic, weigh, run):
    for name in ("Ann", "Bob"):
        joins(name, Role.MENTEE, topic)
    joins("Max", Role.MENTOR, topic)

    found = run()

    [left] = found.left_over.all()
    assert left.limit == LeftOver.Limit.CAPACITY
    assert left.facts["more_people"] == 1


def test_left_over_by_a_must_says_what_lifting_it_brings(
    two_pairs, joins, topic, weigh, run
):
    weigh(topics=10, must="languages")
    cara = joins("Cara Mentee", Role.MENTEE, topic)
    Profile.objects.filter(user=cara.user).update(languages=["fr"])
    joins("Olaf Mentor", Role.MENTOR, topic)

    found = run()

    left = found.left_over.get(participant=cara)
    assert left.limit == LeftOver.Limit.FORBIDDEN
    assert left.facts["lift"] == "languages"
    assert left.facts["lift_mentors"] == 3
    assert left.facts["blocked"] == {"languages": 3}


def test_a_rerun_keeps_what_is_approved_and_leaves_out_what_was_rejected(
    two_pairs, run, coordinator
):
    first = run()
    one, other = first.proposals.order_by("pk")
    decide(one, "approved", by=coordinator)
    decide(other, "rejected", by=coordinator)

    again = run(keep=first)

    kept = one.members.values_list("participant", flat=True)
    [proposal] = again.proposals.all()
    assert set(proposal.members.values_list("participant", flat=True)) == set(kept)
    assert proposal.state == Proposal.State.APPROVED
    assert again.left_over.count() == 1


def test_who_was_left_out_of_a_published_round_comes_first(
    joins, topic, weigh, run, program, coordinator
):
    first = joins("Ann", Role.MENTEE, topic)
    joins("Max", Role.MENTOR, topic)
    joins("Bob", Role.MENTEE, topic)
    Offer.objects.update(level=2)
    earlier = Round.objects.create(program=program, state=Round.State.PUBLISHED)
    LeftOver.objects.create(round=earlier, participant=first, limit="capacity")

    found = run()

    [proposal] = found.proposals.all()
    assert proposal.mentee.participant == first
    assert proposal.lines[-1]["key"] == "priority"
    assert proposal.lines[-1]["points"] == 50


# --- what cannot be matched ends in a sentence


def test_nobody_waits(program, weigh, joins, topic, run):
    joins("Max", Role.MENTOR, topic)

    assert "Ask mentees to complete" in problem_of(run())


def test_every_mentee_has_somebody(mentorship, weigh, run):
    assert "nobody to match" in problem_of(run())


def test_no_mentor(joins, topic, weigh, run):
    joins("Ann", Role.MENTEE, topic)

    assert "No mentor has a free place" in problem_of(run())


def test_all_mentors_full(joins, topic, weigh, run):
    joins("Ann", Role.MENTEE, topic)
    full = joins("Max", Role.MENTOR, topic)
    Participant.objects.filter(pk=full.pk).update(places_taken=1)

    assert "All mentors are full" in problem_of(run())


def test_capacity_of_zero(joins, topic, weigh, run):
    joins("Ann", Role.MENTEE, topic)
    joins("Max", Role.MENTOR, topic, capacity=0)

    assert "ask for more room" in problem_of(run())


def test_everybody_excluded(joins, topic, weigh, run, program, coordinator):
    one, other = joins("Ann", Role.MENTEE, topic), joins("Max", Role.MENTOR, topic)
    exclude(program, one.user, other.user, by=coordinator)

    found = run()

    assert found.state == Round.State.FAILED
    assert "exclusions" in problem_of(found)


def test_one_must_that_rules_out_everybody_is_named(two_pairs, weigh, run):
    weigh(topics=5, must="languages")
    Profile.objects.filter(user__name__endswith="Mentor").update(languages=["fr"])

    found = run()

    assert "languages" in problem_of(found)
    assert "instead of making it a must" in problem_of(found)


def test_no_criterion_counts(two_pairs, weigh, run):
    weigh()

    assert "weight above 0" in problem_of(run())


def test_a_person_in_two_roles_is_never_matched_with_themselves(
    joins, topic, weigh, run
):
    both = person("Both")
    joins("Both", Role.MENTEE, topic, user=both)
    joins("Both", Role.MENTOR, topic, user=both)

    assert run().state == Round.State.FAILED

    joins("Max", Role.MENTOR, topic)

    assert pairs(run()) == {("Both", "Max")}


def test_a_criterion_without_data_counts_the_same_for_everybody(two_pairs, weigh, run):
    weigh(topics=5, interests=5)

    found = run()

    assert {each.score for each in found.proposals.all()} == {750}


def test_a_crash_frees_the_place_and_says_so(
    two_pairs, program, coordinator, monkeypatch
):
    found = begin_round(
        program, objective="most_matched", protect_weakest=True, by=coordinator
    )
    monkeypatch.setattr("matching.tasks.run_round", lambda found: 1 / 0)

    solve_round(found.pk)

    found.refresh_from_db()
    assert found.state == Round.State.FAILED
    assert "Run again" in problem_of(found)
    fail_round(found, {"key": "not_proven"})
    assert found.problem == {"key": "crashed"}


def test_why_it_comes_to_nothing_is_said_in_the_words_of_the_organisation(
    joins, topic, weigh, program, coordinator
):
    Organisation.objects.create(pk=1, words={"mentor": {"en": ["coach", "coaches"]}})
    branding.forget()
    joins("Ann", Role.MENTEE, topic)
    found = begin_round(
        program, objective="most_matched", protect_weakest=True, by=coordinator
    )

    solve_round(found.pk)

    found.refresh_from_db()
    with branding.kept():
        assert problem_of(found).startswith("No coach has a free place.")


@pytest.mark.parametrize("key", SENTENCES)
def test_why_it_came_to_nothing_is_said_in_the_language_of_each_reader(
    key, desk, program, coordinator
):
    facts = {"count": 2, "least": 3, "first": "2027-03-01", "last": "2027-03-14"}
    found = Round.objects.create(
        program=program,
        state=Round.State.FAILED,
        problem={"key": key, "criteria": ["topics"], **facts},
    )
    said = []

    for language in ("en", "nl"):
        coordinator.language = language
        coordinator.save()
        with translation.override(language):
            said.append(html.escape(problem_of(found)))
        assert said[-1] in desk.get(found.get_absolute_url()).content.decode()

    assert said[0] != said[1]


def test_solving_twice_changes_nothing(two_pairs, run):
    found = run()

    solve_round(found.pk)

    assert found.proposals.count() == 2


# --- the command line


def test_match_prints_everything_as_json(two_pairs, program, capsys):
    call_command("match", program.slug, "--json")

    told = json.loads(capsys.readouterr().out)
    assert told["gap"] == 0
    assert told["proven"] is True
    assert told["total"] == told["upper_bound"] == 2000
    assert len(told["proposals"]) == 2
    for proposal in told["proposals"]:
        points = sum(line["points"] for line in proposal["explanation"])
        assert points == proposal["score"]
        assert {each["role"] for each in proposal["people"]} == {"mentee", "mentor"}


def test_match_says_what_came_of_it_in_a_line(two_pairs, program, capsys):
    call_command("match", program.slug)

    assert "2 matched, 2000 points" in capsys.readouterr().out


def test_match_says_what_is_wrong(program, weigh):
    with pytest.raises(CommandError, match="There are: leaders"):
        call_command("match", "nothing")
    with pytest.raises(CommandError, match="Nobody waits"):
        call_command("match", program.slug)
    with pytest.raises(CommandError, match="--least"):
        call_command("match", program.slug, "--least", "1")


def test_the_pool_is_read_in_as_many_queries_for_many_as_for_few(
    two_pairs, joins, topic, program
):
    with CaptureQueriesContext(connection) as few:
        load_pool(program)
    for number in range(20):
        joins(f"More {number}", Role.MENTEE, topic)

    with CaptureQueriesContext(connection) as many:
        load_pool(program)

    assert len(many) == len(few)


def test_criteria_of_a_template_come_once(program):
    criteria_of(program)
    criteria_of(program)

    assert program.criteria.count() == len(Criterion.Key.values)
    assert factories.ProgramFactory().criteria.count() == 0


def test_whose_mentorship_ended_without_fault_is_first_in_line(
    joins, topic, weigh, run, program, coordinator
):
    first = joins("Ann", Role.MENTEE, topic)
    left = joins("Old", Role.MENTOR, topic)
    before = start_mentorship(
        program=program,
        people=[(first, Role.MENTEE), (left, Role.MENTOR)],
        by=coordinator,
    )
    end_mentorship(before, by=first.user)
    Participant.objects.filter(pk=left.pk).update(left_at=timezone.now())
    joins("Bob", Role.MENTEE, topic)
    joins("Max", Role.MENTOR, topic)
    Offer.objects.update(level=2)

    [proposal] = run().proposals.all()

    assert proposal.mentee.participant == first
    assert proposal.lines[-1]["key"] == "priority"
    assert proposal.lines[-1]["points"] == 100
