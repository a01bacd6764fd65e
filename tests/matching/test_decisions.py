"""What a coordinator makes of proposals, and publishing them."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from matching.actions import (
    UNDO_FOR,
    approve_rest,
    check_pair,
    close_round,
    decide,
    exclude,
    fix_pair,
    plan_swap,
    publish_round,
    swap,
    undo_publication,
    undo_until,
)
from matching.models import Exclusion, LeftOver, Proposal, Round
from matching.pool import left_out_before
from mentorships.models import Mentorship
from outbox.models import Message
from outbox.tasks import send_due
from people.models import Employment, Profile
from programs.models import Participant, Role
from tests.matching.conftest import page


def proposal_of(found, participant):
    return found.proposals.get(members__participant=participant)


def test_never_rejects_and_excludes(ready, two_pairs, program, coordinator):
    proposal = proposal_of(ready, two_pairs["ann"])

    assert decide(proposal, "never", by=coordinator)

    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.REJECTED
    exclusion = Exclusion.objects.get(program=program)
    assert {exclusion.a, exclusion.b} == {
        two_pairs["ann"].user,
        two_pairs["max"].user,
    }
    exclude(program, exclusion.b, exclusion.a, by=coordinator)
    assert Exclusion.objects.count() == 1


def test_approve_rest_leaves_what_is_held_and_what_fits_less(ready, two_pairs):
    weak = proposal_of(ready, two_pairs["ann"])
    Proposal.objects.filter(pk=weak.pk).update(score=400)

    assert approve_rest(ready, at_least=500) == 1
    weak.decide("held")
    assert approve_rest(ready) == 0

    assert approve_rest(ready) == 0
    assert ready.proposals.filter(state="approved").count() == 1


def test_a_swap_shows_its_cost_before_and_is_kept_by_a_rerun(
    ready, two_pairs, coordinator, run
):
    one = proposal_of(ready, two_pairs["ann"])
    other = proposal_of(ready, two_pairs["bob"])

    planned = plan_swap(one, other)
    swap(one, other, overrule=False, by=coordinator)

    assert (planned.before, planned.after) == (2000, 0)
    assert planned.cost == 2000
    ready.refresh_from_db()
    assert ready.total == 0
    assert ready.gap == 2000
    swapped = proposal_of(ready, two_pairs["ann"])
    assert swapped.mentor.participant == two_pairs["nia"]
    assert swapped.is_by_hand
    again = run(keep=ready)
    assert proposal_of(again, two_pairs["ann"]).mentor.participant == two_pairs["nia"]


def test_a_swap_against_a_must_wants_a_word(ready, two_pairs, coordinator):
    ready.settings["criteria"] = [
        {**each, "must": each["key"] == "topics"} for each in ready.settings["criteria"]
    ]
    ready.save()
    one = proposal_of(ready, two_pairs["ann"])
    other = proposal_of(ready, two_pairs["bob"])

    with pytest.raises(ValidationError, match="Confirm"):
        swap(one, other, overrule=False, by=coordinator)

    swap(one, other, overrule=True, by=coordinator)

    assert proposal_of(ready, two_pairs["ann"]).overruled == ["must:topics"]


def test_a_swap_cannot_put_a_manager_with_their_report(ready, two_pairs, coordinator):
    Employment.objects.filter(user=two_pairs["ann"].user).update(
        manager=two_pairs["nia"].user
    )
    one = proposal_of(ready, two_pairs["ann"])
    other = proposal_of(ready, two_pairs["bob"])

    assert not plan_swap(one, other).is_possible
    with pytest.raises(ValidationError, match="never be matched"):
        swap(one, other, overrule=True, by=coordinator)


def test_nothing_to_swap_with_the_same_mentor_or_another_round(
    joins, topic, weigh, run
):
    for name in ("Ann", "Bob"):
        joins(name, Role.MENTEE, topic)
    joins("Max", Role.MENTOR, topic, capacity=2)
    one, other = run().proposals.all()

    with pytest.raises(ValidationError, match="share their mentor"):
        plan_swap(one, other)
    with pytest.raises(ValidationError, match="same round"):
        plan_swap(one, run().proposals.first())


def test_why_not_gives_the_sum_and_the_cost_to_the_whole(ready, two_pairs):
    check = check_pair(ready, two_pairs["ann"], two_pairs["nia"])

    assert check.explanation.total == 0
    assert check.score_now == 1000
    assert check.full
    assert check.cost_points >= 0
    assert not check.is_together
    assert check_pair(ready, two_pairs["ann"], two_pairs["max"]).is_together


def test_by_hand_takes_the_place_of_what_the_mentee_had(
    two_pairs, joins, topic, run, coordinator
):
    olaf = joins("Olaf Mentor", Role.MENTOR)
    found = run()

    fix_pair(found, two_pairs["ann"], olaf, overrule=False, by=coordinator)

    assert proposal_of(found, two_pairs["ann"]).mentor.participant == olaf
    assert found.proposals.count() == 2
    assert found.gap == 500
    with pytest.raises(ValidationError, match="together already"):
        fix_pair(found, two_pairs["ann"], olaf, overrule=False, by=coordinator)


def test_by_hand_against_a_must_wants_a_word_and_says_so(
    two_pairs, joins, topic, weigh, run, coordinator
):
    weigh(topics=10, must="languages")
    cara = joins("Cara", Role.MENTEE, topic)
    Profile.objects.filter(user=cara.user).update(languages=["fr"])
    # Without a topic nobody else is proposed to him.
    olaf = joins("Olaf", Role.MENTOR)
    found = run()

    with pytest.raises(ValidationError, match="Confirm"):
        fix_pair(found, cara, olaf, overrule=False, by=coordinator)
    proposal = fix_pair(found, cara, olaf, overrule=True, by=coordinator)

    assert proposal.overruled == ["must:languages"]
    assert not found.left_over.filter(participant=cara).exists()


@pytest.mark.parametrize("reason", ["full", "left", "excluded"])
def test_by_hand_is_refused_where_it_cannot_be(
    reason, ready, two_pairs, joins, program, coordinator
):
    mentor = two_pairs["nia"] if reason == "full" else joins("Olaf", Role.MENTOR)
    if reason == "left":
        mentor.left_at = timezone.now()
    if reason == "excluded":
        exclude(program, two_pairs["ann"].user, mentor.user, by=coordinator)

    with pytest.raises(ValidationError):
        fix_pair(ready, two_pairs["ann"], mentor, overrule=True, by=coordinator)

    assert proposal_of(ready, two_pairs["ann"]).mentor.participant == two_pairs["max"]


def test_who_has_a_match_already_is_put_with_nobody(
    desk, ready, two_pairs, joins, topic, coordinator
):
    free = joins("Free Mentor", Role.MENTOR, topic)
    ann = two_pairs["ann"]
    by_hand = "Put them together by hand"
    two = {"mentee": ann.pk, "mentor": free.pk}
    assert by_hand in page(desk, "pair_check", ready.pk, **two)
    ann.claim_place()

    with pytest.raises(ValidationError, match="has a match already"):
        fix_pair(ready, ann, free, overrule=True, by=coordinator)

    text = page(desk, "pair_check", ready.pk, **two)
    assert "Ann Mentee has a match already" in text
    assert by_hand not in text
    assert proposal_of(ready, ann).mentor.participant == two_pairs["max"]


# --- publishing


def test_publishing_starts_what_is_approved_and_leaves_the_rest_open(
    ready, two_pairs, coordinator
):
    proposal_of(ready, two_pairs["ann"]).decide("approved")

    started, skipped = publish_round(ready, by=coordinator)

    assert (started, skipped) == (1, [])
    assert ready.state == Round.State.READY
    assert proposal_of(ready, two_pairs["ann"]).mentorship.is_active
    assert Mentorship.objects.count() == 1
    approve_rest(ready)
    publish_round(ready, by=coordinator)
    assert ready.state == Round.State.PUBLISHED
    assert Mentorship.objects.count() == 2


def test_publishing_only_some_of_what_is_approved(ready, two_pairs, coordinator):
    approve_rest(ready)

    publish_round(ready, only=[proposal_of(ready, two_pairs["bob"]).pk], by=coordinator)

    assert proposal_of(ready, two_pairs["ann"]).state == Proposal.State.APPROVED
    assert proposal_of(ready, two_pairs["bob"]).state == Proposal.State.PUBLISHED


def test_of_two_who_publish_the_second_hears_that_it_was_done(
    ready, coordinator, hr_admin
):
    approve_rest(ready)
    seen_by_second = Round.objects.get(pk=ready.pk)

    publish_round(ready, by=coordinator)

    with pytest.raises(ValidationError, match="somebody else did so"):
        publish_round(seen_by_second, by=hr_admin)
    assert Mentorship.objects.count() == 2


def test_somebody_who_left_since_is_named_and_the_proposal_held(
    ready, two_pairs, coordinator
):
    approve_rest(ready)
    Participant.objects.filter(pk=two_pairs["max"].pk).update(left_at=timezone.now())

    started, skipped = publish_round(ready, by=coordinator)

    assert started == 1
    assert "Max Mentor no longer takes part" in skipped[0]
    assert "Ann Mentee" in skipped[0]
    assert proposal_of(ready, two_pairs["ann"]).state == Proposal.State.HELD
    two_pairs["ann"].refresh_from_db()
    assert two_pairs["ann"].places_taken == 0


def test_a_place_that_was_taken_meanwhile_is_named(ready, two_pairs, coordinator):
    approve_rest(ready)
    Participant.objects.filter(pk=two_pairs["max"].pk).update(places_taken=1)

    _started, skipped = publish_round(ready, by=coordinator)

    assert "Max Mentor has no free place" in skipped[0]


def test_publishing_is_taken_back_before_the_first_mail(ready, two_pairs, coordinator):
    approve_rest(ready)
    publish_round(ready, by=coordinator)
    send_due()
    assert undo_until(ready) is not None

    assert undo_publication(ready, by=coordinator) == 2

    assert Mentorship.objects.count() == 0
    assert Message.objects.filter(kind="introduction").count() == 0
    assert set(ready.proposals.values_list("state", flat=True)) == {"approved"}
    assert ready.state == Round.State.READY
    two_pairs["ann"].refresh_from_db()
    assert two_pairs["ann"].places_taken == 0
    publish_round(ready, by=coordinator)
    assert Message.objects.filter(kind="introduction").count() == 4


def test_publishing_stands_once_a_mail_has_gone(
    ready, coordinator, django_capture_on_commit_callbacks
):
    approve_rest(ready)
    publish_round(ready, by=coordinator)

    with time_machine.travel(timezone.now() + UNDO_FOR + timedelta(minutes=1)):
        send_due()
        assert undo_until(ready) is None

        with pytest.raises(ValidationError, match="first mail has gone"):
            undo_publication(ready, by=coordinator)

    assert Mentorship.objects.count() == 2
    assert not Message.objects.filter(state=Message.State.DROPPED).exists()


def test_nothing_to_take_back(ready, coordinator):
    with pytest.raises(ValidationError, match="nothing to take back"):
        undo_publication(ready, by=coordinator)


def test_a_closed_round_is_not_changed_any_more(ready, two_pairs, joins, coordinator):
    assert close_round(ready, by=coordinator)
    assert not close_round(ready, by=coordinator)

    with pytest.raises(ValidationError, match="not open for changes"):
        fix_pair(
            ready,
            two_pairs["ann"],
            joins("Olaf", Role.MENTOR),
            overrule=True,
            by=coordinator,
        )


def test_whose_proposal_is_rejected_is_left_over_and_first_next_time(
    ready, two_pairs, coordinator
):
    proposal = proposal_of(ready, two_pairs["ann"])

    assert decide(proposal, "rejected", by=coordinator)
    assert decide(proposal, "rejected", by=coordinator)

    left = ready.left_over.get()
    assert left.participant == two_pairs["ann"]
    assert left.limit == LeftOver.Limit.TAKEN_OUT
    close_round(ready, by=coordinator)
    assert [each.participant for each in left_out_before(ready.program)] == [
        two_pairs["ann"]
    ]


def test_who_is_taken_back_is_left_over_no_more(ready, two_pairs, coordinator):
    proposal = proposal_of(ready, two_pairs["ann"])
    decide(proposal, "rejected", by=coordinator)
    proposal.refresh_from_db()

    assert decide(proposal, "proposed", by=coordinator)

    assert not ready.left_over.exists()


def test_a_rejected_pair_comes_back_only_while_the_mentee_has_no_other(
    ready, two_pairs, coordinator
):
    before = proposal_of(ready, two_pairs["ann"])
    for name in ("ann", "bob"):
        decide(proposal_of(ready, two_pairs[name]), "rejected", by=coordinator)
    fix_pair(ready, two_pairs["ann"], two_pairs["nia"], overrule=True, by=coordinator)
    before.refresh_from_db()

    with pytest.raises(ValidationError, match="Ann Mentee has another proposal"):
        decide(before, "approved", by=coordinator)

    assert [each.participant for each in ready.left_over.all()] == [two_pairs["bob"]]
