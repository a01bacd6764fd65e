"""Rounds of groups with a mentor, and of peers."""

import pytest
from django.utils import timezone

from matching.actions import (
    decide,
)
from matching.models import Proposal, Round
from matching.obstacles import problem_of
from programs.models import Participant, Program, Role


@pytest.fixture
def group_program(program):
    Program.objects.filter(pk=program.pk).update(model=Program.Model.GROUP)
    program.refresh_from_db()
    return program


def test_a_group_has_one_mentor_and_as_many_as_were_asked_for(
    group_program, joins, topic, weigh, run
):
    for number in range(7):
        joins(f"Mentee {number}", Role.MENTEE, topic)
    for number in range(2):
        joins(f"Mentor {number}", Role.MENTOR, topic)

    found = run(least=3, most=4)

    assert found.state == Round.State.READY
    assert found.matched == 7
    assert sorted(len(each.learners) for each in found.proposals.all()) == [3, 4]
    assert all(each.mentor for each in found.proposals.all())
    assert all(len(each.parts) == len(each.learners) for each in found.proposals.all())


def test_too_few_for_a_group_says_so(group_program, joins, topic, weigh, run):
    joins("Ann", Role.MENTEE, topic)
    joins("Max", Role.MENTOR, topic)

    assert "a group needs 3" in problem_of(run())


@pytest.fixture
def peers(program, joins, topic, weigh):
    Program.objects.filter(pk=program.pk).update(model=Program.Model.PEER)
    program.refresh_from_db()
    weigh(style=10)
    return [joins(f"Peer {number}", Role.PEER) for number in range(6)]


def test_peers_are_paired_from_one_pool(peers, run):
    found = run(least=2, most=2)

    members = [m.participant_id for p in found.proposals.all() for m in p.members.all()]
    assert sorted(members) == sorted(each.pk for each in peers)
    assert all(len(each.parts) == 2 for each in found.proposals.all())
    assert found.is_proven


def test_peers_in_circles(peers, run):
    found = run(least=3, most=3)

    assert [each.members.count() for each in found.proposals.all()] == [3, 3]
    assert found.gap >= 0


def test_too_few_peers_says_so(peers, run):
    assert "a circle needs 7" in problem_of(run(least=7, most=8))


def people_in(found, **states):
    return {
        frozenset(member.participant_id for member in each.members.all())
        for each in found.proposals.filter(**states)
    }


@pytest.mark.parametrize("all_of_them", [True, False])
def test_a_rerun_keeps_the_groups_that_are_approved(
    group_program, joins, topic, weigh, run, coordinator, all_of_them
):
    for number in range(8):
        joins(f"Mentee {number}", Role.MENTEE, topic)
    for number in range(2):
        joins(f"Mentor {number}", Role.MENTOR, topic)
    first = run(least=3, most=4)
    wanted = first.proposals.all() if all_of_them else first.proposals.all()[:1]
    for each in wanted:
        decide(each, "approved", by=coordinator)

    again = run(least=3, most=4, keep=first)

    assert people_in(again, state="approved") == people_in(first, state="approved")
    assert (again.matched, again.total, again.gap) == (8, first.total, 0)


def test_a_group_of_which_somebody_left_is_formed_anew(
    group_program, joins, topic, weigh, run, coordinator
):
    people = [joins(f"Mentee {number}", Role.MENTEE, topic) for number in range(4)]
    joins("Mentor", Role.MENTOR, topic)
    first = run(least=3, most=4)
    decide(first.proposals.get(), "approved", by=coordinator)
    Participant.objects.filter(pk=people[0].pk).update(left_at=timezone.now())

    again = run(least=3, most=4, keep=first)

    assert again.proposals.get().state == Proposal.State.PROPOSED
    assert again.matched == 3


def test_a_rerun_keeps_the_circles_that_are_approved(peers, run, coordinator):
    first = run(least=3, most=3)
    decide(first.proposals.first(), "approved", by=coordinator)

    again = run(least=3, most=3, keep=first)

    assert people_in(again, state="approved") == people_in(first, state="approved")
    assert (again.matched, again.total) == (6, first.total)
